// What somebody else's change means for a step that wants to put something back.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/change.hpp"
#include "model/state.hpp"

namespace codeforge::store {

/// The changes of a commit, found by the item they touch.
class TouchedItems {
public:
    explicit TouchedItems(const model::Changes& changes);
    bool empty() const { return keys_.empty(); }
    bool contains(std::uint32_t item) const { return first_of(item) < keys_.size() && item_of(keys_[first_of(item)]) == item; }

    /// Why putting back what `entry` says would undo one of these changes, which are about to be applied
    /// to `state`: "gone" when the item is removed, "overwritten" when the value becomes another; "" else.
    std::string_view withdraws(const model::State& state, const model::Change& entry) const;

    /// Items of that kind and id have this number; others seldom do.
    static std::uint32_t item_number(model::SliceId slice, std::string_view id);

private:
    static std::uint32_t item_of(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 32); }
    std::size_t first_of(std::uint32_t item) const;

    const model::Changes& changes_;
    std::vector<std::uint64_t> keys_;  // item number and index, ascending
};

/// Whether `path` leads to what `below` leads to, or to something around it.
bool is_prefix(const model::Path& path, const model::Path& below);

}  // namespace codeforge::store
