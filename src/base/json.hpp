// The only door to nlohmann/json: values as a tree, for the programs that make and test the module.
// The module itself reads texts (json_check.hpp, json_text.hpp): one use of the tree would put the
// library's parser and printer into it, 23 kB of compressed WebAssembly.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace codeforge::base {

using Json = nlohmann::json;

/// What check_json() accepts, and the same errors.
Result<Json> parse_json(std::string_view text, std::string_view what);

/// Compact text; invalid UTF-8 in strings is replaced, never thrown.
std::string dump_json(const Json& value);

}  // namespace codeforge::base
