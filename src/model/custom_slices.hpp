// The slices of one client: the built-in ones and those that the application defines when it opens
// the store. A custom slice is data like the built-in ones, so reducer, log, sync and mirror treat
// both alike. Its number on disk is given at its first use and kept in the hidden slice `registry`;
// a slice that is no longer defined keeps its number and its data, is not shown, and is there again
// when it is defined again.
// The table belongs to a State and not to the program: the simulator runs many clients side by side.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/slice_table.hpp"

namespace codeforge::model {

/// Numbers of slices that are registered on disk: 64 to 191, so 128 names in the life of a store.
inline constexpr std::size_t kFirstCustomSlice = 64;
/// Numbers of slices that are not persistent: never on disk, so they are given anew at every start.
inline constexpr std::size_t kFirstPassingSlice = 192;
/// Custom slices at one time.
inline constexpr std::size_t kMaxCustomSlices = 64;
inline constexpr std::size_t kMaxSliceName = 64;
/// Fields of one custom slice.
inline constexpr std::size_t kMaxSliceFields = 64;

class SliceTable {
public:
    SliceTable();
    SliceTable(SliceTable&&) noexcept;
    SliceTable& operator=(SliceTable&&) noexcept;
    SliceTable(const SliceTable& other);
    SliceTable& operator=(const SliceTable& other) { return *this = SliceTable(other); }
    ~SliceTable();

    /// nullptr: nobody here knows a slice of that number. It is kept as it is.
    const SliceDef* find(SliceId id) const { return by_number_[static_cast<std::size_t>(id)]; }
    /// Requires: find(id).
    const SliceDef& at(SliceId id) const { return *find(id); }
    /// Hidden slices are not found by name.
    const SliceDef* find_slice(std::string_view name) const;
    const SliceDef* find_wire(std::string_view wire) const;
    /// As model::find_action, custom slices included.
    ActionRef find_action(std::string_view type) const;

    /// Takes definitions, which have no numbers before number() was called:
    ///     [{"name": "notes", "collection": "items", "wire": "notes" or null, "persist": bool,
    ///       "undo": bool, "fields": {name: initial value}}]
    /// Requires: `json` is well-formed. Errors: malformed-payload, limit; each names the slice.
    base::Result<void> define(std::string_view json);
    std::size_t custom_count() const { return custom_.size(); }
    const SliceDef& custom(std::size_t index) const;
    /// Gives a definition its number, or another one than before.
    void set_number(std::size_t index, SliceId id);

private:
    struct Custom;
    std::string source_;  // what define() took
    std::vector<std::unique_ptr<Custom>> custom_;  // addresses of definitions do not move
    std::array<const SliceDef*, kSliceNumbers> by_number_{};
};

}  // namespace codeforge::model
