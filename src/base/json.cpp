#include "base/json.hpp"

#include "base/json_check.hpp"
#include "base/text.hpp"

namespace codeforge::base {

Result<Json> parse_json(std::string_view text, std::string_view what) {
    if (auto checked = check_json(text, what); !checked) return checked.error();
    Json value = Json::parse(text.begin(), text.end(), nullptr, false);
    if (value.is_discarded()) return Error{Code::internal, concat({what, " passed the check and does not parse"})};
    return value;
}

std::string dump_json(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace codeforge::base
