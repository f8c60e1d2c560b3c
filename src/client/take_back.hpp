// What takes one applied change back exactly, order of items and members included. A follower keeps
// these while the writer has not placed an edit, so they are made before the change is applied.
#pragma once

#include <cstdint>
#include <string>

#include "model/change.hpp"
#include "model/state.hpp"
#include "store/store.hpp"

namespace codeforge::client {

struct Before {
    model::SliceId slice = model::SliceId::project;
    std::string id;
    model::Path path;         // {}: the whole item
    bool absent = false;
    std::string json;         // what was there
    std::uint64_t order = 0;  // of a whole item
    std::uint64_t next_order = 0;  // of the slice
};

/// What `state` has where `change` is about to go. Requires: the change was not applied yet.
Before before(const model::State& state, const model::Change& change);

void take_back(store::Store& store, const Before& before);

/// Whether a change made an item or took one away: such changes move what the others see of the order.
inline bool is_structural(const Before& before, const model::Change& change) {
    return !change.id.empty() && change.path.empty() && before.absent != change.erased;
}

}  // namespace codeforge::client
