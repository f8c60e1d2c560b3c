#include "base/json.hpp"

#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

namespace codeforge::base {

namespace {

Result<void> check_depth(std::string_view text, std::string_view what) {
    const std::size_t depth = json_depth(text);
    if (depth <= kMaxDepth) return {};
    return Error{Code::limit, concat({what, " is nested ", number(depth), " levels deep; the limit is ", number(kMaxDepth)})};
}

Error not_json(std::string_view what) { return {Code::malformed_payload, concat({what, " is not valid JSON"})}; }

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view what) {
    if (auto depth = check_depth(text, what); !depth) return depth.error();
    Json value = Json::parse(text.begin(), text.end(), nullptr, false);
    if (value.is_discarded()) return not_json(what);
    return value;
}

Result<void> check_json(std::string_view text, std::string_view what) {
    if (auto depth = check_depth(text, what); !depth) return depth.error();
    if (!Json::accept(text.begin(), text.end())) return not_json(what);
    return {};
}

std::string dump_json(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

bool same_json(std::string_view left, std::string_view right) {
    if (left == right) return true;
    if (json_depth(left) > kMaxDepth || json_depth(right) > kMaxDepth) return false;
    const Json a = Json::parse(left.begin(), left.end(), nullptr, false);
    if (a.is_discarded()) return false;
    const Json b = Json::parse(right.begin(), right.end(), nullptr, false);
    return !b.is_discarded() && a == b;
}

std::string string_member(const Json& object, const char* name, std::string_view fallback) {
    if (object.is_object())
        if (const auto it = object.find(name); it != object.end() && it->is_string()) return it->get<std::string>();
    return std::string(fallback);
}

double number_member(const Json& object, const char* name, double fallback) {
    if (object.is_object())
        if (const auto it = object.find(name); it != object.end() && it->is_number()) return it->get<double>();
    return fallback;
}

bool bool_member(const Json& object, const char* name, bool fallback) {
    if (object.is_object())
        if (const auto it = object.find(name); it != object.end() && it->is_boolean()) return it->get<bool>();
    return fallback;
}

}  // namespace codeforge::base
