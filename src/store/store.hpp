// The store: the state and the one way to change it.
#pragma once

#include <cstdint>

#include "model/change.hpp"
#include "model/state.hpp"
#include "store/reduce.hpp"
#include "store/tree_nodes.hpp"

namespace codeforge::store {

class Store {
public:
    const model::State& state() const { return state_; }
    /// After recovery.
    void restore(model::State state) {
        state_ = std::move(state);
        nodes_.clear();
    }
    /// See model::State::take_registrations. They are applied already.
    model::Changes register_slices() { return commit(state_.take_registrations()); }

    base::Result<Reduction> reduce(const model::Action& action, std::uint64_t now_ms) {
        return store::reduce(state_, nodes_, action, now_ms);
    }

    /// Applies the changes and returns those that led somewhere: what is logged is what happened.
    /// The first `given` of them need not keep their texts: the state takes those instead of copies.
    model::Changes commit(model::Changes changes, std::size_t given = 0) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < changes.size(); ++i) {
            model::Change& change = changes[i];
            if (!(i < given ? state_.apply(std::move(change)) : state_.apply(change))) continue;
            nodes_.note(change);
            if (kept != i) changes[kept] = std::move(change);
            ++kept;
        }
        changes.erase(changes.begin() + static_cast<std::ptrdiff_t>(kept), changes.end());
        return changes;
    }

    /// An item as it was, in the place that it had.
    void put_back(model::SliceId slice, std::string_view id, const std::string& json, std::uint64_t order) {
        state_.restore(slice, id, json, order);
        nodes_.note(model::Change::put(slice, id, {}));
    }

    /// The next new item gets this place again: what had it was taken back.
    void next_order_back(model::SliceId slice, std::uint64_t order) { state_.set_next_order(slice, order); }

private:
    model::State state_;
    TreeNodes nodes_;
};

}  // namespace codeforge::store
