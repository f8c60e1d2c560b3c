// The state: for every slice its own fields and its collection of items, all as Values.
// apply() is the only way in; it is the same function for a dispatch, for recovery from the log and
// for what comes from the server.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/change.hpp"

namespace codeforge::model {

struct Item {
    Value value;
    std::uint64_t order = 0;  // position among the items of its slice; grows with every insertion
};

struct IdHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>{}(id); }
};
using Items = std::unordered_map<std::string, Item, IdHash, std::equal_to<>>;

class State {
public:
    State();

    /// nullptr when absent.
    const Item* find(SliceId slice, std::string_view id) const;
    const Value* field(SliceId slice, std::string_view name) const;
    const Items& items(SliceId slice) const { return at(slice).items; }
    /// Id and item in order.
    std::vector<std::pair<std::string_view, const Item*>> ordered(SliceId slice) const;
    /// {"items":[...],"fields":{...}}
    std::string slice_text(SliceId slice) const;
    std::string fields_text(SliceId slice) const { return at(slice).fields.text(); }

    /// false, and nothing changed, when the change leads nowhere (a path into an absent item).
    /// Erasing what is absent is no error.
    bool apply(const Change& change) { return apply_json(change, change.json); }
    bool apply(Change&& change) { return apply_json(change, std::move(change.json)); }

    /// For recovery: as apply() of a whole item, with the position it had.
    void restore(SliceId slice, std::string_view id, std::string json, std::uint64_t order);

private:
    struct Slice {
        Value fields;
        Items items;
        std::uint64_t next_order = 1;
    };
    bool apply_json(const Change& change, std::string json);
    Slice& at(SliceId slice) { return slices_[static_cast<std::size_t>(slice)]; }
    const Slice& at(SliceId slice) const { return slices_[static_cast<std::size_t>(slice)]; }

    std::array<Slice, kSliceCount> slices_;
};

}  // namespace codeforge::model
