// What takes a change back. Values are copied out of the state as it is before the change, so an
// inverse is made first and applied later.
#pragma once

#include "model/change.hpp"
#include "model/state.hpp"

namespace codeforge::model {

/// The change that gives the place of `change` the value (and an item its place) that it has in `state`.
Change inverse_of(const State& state, const Change& change);

/// The same without the value, which stays where `value` points, in the state; nullptr when there is none.
Change inverse_place_of(const State& state, const Change& change, const Value*& value);

/// The changes that lead from the state after `changes` back to `state`, in the order to apply them.
Changes inverse_of(const State& state, const Changes& changes);

}  // namespace codeforge::model
