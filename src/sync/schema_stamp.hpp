// The schema number of an item on its way to and from the server. A plain server keeps objects and
// nothing about them, so the number travels as a member of the item and is taken out on arrival; the
// first number is not written, and a store without migrations sends what it always did.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/schema.hpp"
#include "sync/key.hpp"

namespace codeforge::sync {

/// Requires: `json` is an object. `always`: the first number, too.
std::string stamped(std::string_view json, std::uint64_t schema, bool always = false);
/// Takes the number out of an object's text; kFirstSchema without one.
std::uint64_t take_stamp(std::string& json);
/// What the state must know about an item that was replaced by one of that number.
model::Changes arrived(const model::State& state, const Key& key, std::uint64_t schema);

}  // namespace codeforge::sync
