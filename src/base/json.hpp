// The only door to nlohmann/json. With exceptions off a careless at() or dump() of that library
// stops the whole module, so the rest of the core sees these few functions, none of which can.
// Texts from outside (server, import, configuration) pass through here before anything trusts them.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace codeforge::base {

using Json = nlohmann::json;

/// Strict RFC 8259: whole text, valid UTF-8, no lone surrogates, no NaN, at most kMaxDepth levels.
/// `what` begins the error message.
Result<Json> parse_json(std::string_view text, std::string_view what);

/// As parse_json, but builds nothing: for texts that stay text.
Result<void> check_json(std::string_view text, std::string_view what);

/// Compact text; invalid UTF-8 in strings is replaced, never thrown.
std::string dump_json(const Json& value);

/// The same value whatever the order of members and the spelling of numbers (1 and 1.0).
/// Texts that do not parse are equal only if they are the same bytes.
bool same_json(std::string_view left, std::string_view right);

/// Member of an object or the fallback when absent or of another type.
std::string string_member(const Json& object, const char* name, std::string_view fallback = "");
double number_member(const Json& object, const char* name, double fallback);
bool bool_member(const Json& object, const char* name, bool fallback);

}  // namespace codeforge::base
