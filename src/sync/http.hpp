// What the sync engine asks of the network and what comes back. Header names are not needed: of a
// response's headers only Retry-After matters at the plain level.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace codeforge::sync {

struct HttpRequest {
    std::uint64_t id = 0;
    std::string method;  // GET, PUT, POST, DELETE
    std::string url;
    std::string body;    // JSON, sent as application/json; "" without a body
    std::uint32_t timeout_ms = 0;
};

struct HttpResponse {
    enum class Outcome { answered, failed, timed_out };
    std::uint64_t id = 0;
    Outcome outcome = Outcome::failed;
    int status = 0;  // when answered
    std::string body;
    std::string retry_after;  // the header's value, "" without one
};

}  // namespace codeforge::sync
