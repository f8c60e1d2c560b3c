// The dispatch frame: how an action crosses from JavaScript. One UTF-8 text whose parts are
// separated by U+0000, a character that JSON text never contains:
//     type NUL kind (NUL part)*
// kind n: no payload; j: one part, the payload's JSON; o: pairs of member name and JSON text;
// a: pairs of item id and item's JSON text. In o an empty text says "the value you already have",
// and a text that begins with an apostrophe is a string as it is, without quotes and escapes.
// Splitting copies nothing but such strings, which become JSON texts.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "model/change.hpp"

namespace codeforge::store {

/// Requires: `frame` outlives the action.
base::Result<model::Action> parse_frame(std::string_view frame);

}  // namespace codeforge::store
