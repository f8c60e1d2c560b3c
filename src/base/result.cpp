#include "base/result.hpp"

namespace codeforge::base {

void DropError::operator()(Error* error) const { delete error; }
KeptError keep(Error&& error) { return KeptError(new Error(std::move(error))); }

std::string_view code_name(Code code) {
    switch (code) {
        case Code::unknown_slice: return "unknown-slice";
        case Code::unknown_action: return "unknown-action";
        case Code::malformed_payload: return "malformed-payload";
        case Code::limit: return "limit";
        case Code::not_ready: return "not-ready";
        case Code::closed: return "closed";
        case Code::damaged: return "damaged";
        case Code::read_only: return "read-only";
        case Code::unsupported: return "unsupported";
        case Code::storage: return "storage";
        case Code::offline: return "offline";
        case Code::timeout: return "timeout";
        case Code::server: return "server";
        case Code::rejected: return "rejected";
        case Code::no_server: return "no-server";
        case Code::internal: return "internal";
    }
    return "internal";
}

}  // namespace codeforge::base
