// JSON text from outside (server, import, configuration): nothing trusts it before it passed here.
// A strict reader of RFC 8259 that builds no tree: one pass says whether the text is valid, and on
// request writes it again in one spelling. The library's parser does the same with 23 kB more of
// compressed WebAssembly; the tests hold the two against each other.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace codeforge::base {

/// The whole text is one value: valid UTF-8, no lone surrogates, no number beyond a double, at most
/// kMaxDepth levels. `what` begins the error message. Errors: malformed-payload, limit.
Result<void> check_json(std::string_view text, std::string_view what);

/// Checks as check_json() and gives the value in one spelling: no spaces, members in the order of
/// their names and the last of equal names only, the fewest escapes, numbers as JavaScript writes them.
Result<std::string> canonical_json(std::string_view text, std::string_view what);

/// The same value whatever the order of members and the spelling; numbers are compared as decimals.
/// Texts that are not valid are equal only if they are the same bytes.
bool same_json(std::string_view left, std::string_view right);

/// Text of an object's member, the last one of that name; nullopt when absent or no object.
/// Requires: the text passed check_json().
std::optional<std::string_view> json_member(std::string_view object, std::string_view name);
/// Member of an object or the fallback when absent or of another type. Requires as above.
std::string string_member(std::string_view object, std::string_view name, std::string_view fallback = "");
/// Good to twelve digits.
double number_member(std::string_view object, std::string_view name, double fallback);
bool bool_member(std::string_view object, std::string_view name, bool fallback);

}  // namespace codeforge::base
