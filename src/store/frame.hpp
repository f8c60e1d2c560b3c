// The dispatch frame: how an action crosses from JavaScript. One UTF-8 text whose parts are
// separated by U+0000, a character that JSON text never contains:
//     type NUL kind (NUL part)*
// kind n: no payload; j: one part, the payload's JSON; o: pairs of member name and JSON text;
// a: pairs of item id and item's JSON text. In o an empty text says "the value you already have",
// and a text that begins with an apostrophe is a string as it is, without quotes and escapes.
// Splitting copies nothing but such strings, which become JSON texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/change.hpp"

namespace codeforge::store {

/// Items of a list that is longer than a frame should be: they arrive in pieces before it, each into the text that the state keeps.
class StagedItems {
public:
    /// `piece`: ids and texts in turn, separated by U+0000. Errors: malformed-payload, limit; all is dropped then.
    base::Result<void> add(std::string_view piece);

private:
    friend base::Result<model::Action> parse_frame(std::string_view frame, StagedItems* staged);
    std::vector<std::string> texts_;
    std::size_t bytes_ = 0;
};

/// Requires: `frame` and `staged` outlive the action. Items of kind s are in `staged`.
base::Result<model::Action> parse_frame(std::string_view frame, StagedItems* staged = nullptr);

}  // namespace codeforge::store
