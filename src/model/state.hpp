// The state: for every slice its own fields and its collection of items, all as Values.
// apply() is the only way in; it is the same function for a dispatch, for recovery from the log and
// for what comes from the server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/change.hpp"
#include "model/custom_slices.hpp"

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

    /// The slices that this state knows.
    const SliceTable& table() const { return table_; }
    /// Shows the custom slices of `table`: each gets the number that the registry has for its name, or
    /// a new one, and the initial values of the fields that it does not have yet. After recovery, once.
    /// Errors: limit when the numbers are used up.
    base::Result<void> adopt(SliceTable table);
    /// Changes that register the custom slices which are on no disk yet. They belong to the next
    /// commit that is logged. Empty when there are none.
    Changes take_registrations();
    /// Slices by number, whether they are known or not: 0 to slice_count() - 1.
    std::size_t slice_count() const { return slices_.size(); }

    /// nullptr when absent.
    const Item* find(SliceId slice, std::string_view id) const;
    const Value* field(SliceId slice, std::string_view name) const;
    /// What is at `path` inside the item, or inside the slice's fields when `id` is "". nullptr when absent.
    const Value* at(SliceId slice, std::string_view id, const Path& path) const;
    const Value* fields(SliceId slice) const { return &at(slice).fields; }
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
    /// The place that the next new item gets.
    std::uint64_t next_order(SliceId slice) const { return at(slice).next_order; }
    void set_next_order(SliceId slice, std::uint64_t order) { at(slice).next_order = order; }

private:
    struct Slice {
        Value fields{"{}"};
        Items items;
        std::uint64_t next_order = 1;
    };
    bool apply_json(const Change& change, std::string json);
    Slice& at(SliceId slice);
    const Slice& at(SliceId slice) const;
    void set_initial_fields(const SliceDef& def);
    void follow_registry(const Change& change, std::string_view json);

    SliceTable table_;
    std::vector<Slice> slices_;  // by number; grows to the largest that was used
    std::vector<std::size_t> unregistered_;  // custom slices by index in the table
};

}  // namespace codeforge::model
