// One undo step as it is kept in the hidden slice `history`:
//   {"n":12,"t":"files/updateItem","s":1700000000000,"l":1700000000400,"g":"…","r":true,"x":{"0":"gone"},"c":[…]}
// n its number, t the action that made it, s and l the Unix times of its first and last edit, g the
// group that it was asked to belong to, r present when it was undone and can be redone, x which of its
// changes are withdrawn and why, c what takes it back, to be applied from the last to the first:
//   [slice number, id, path, old value, place]   old value missing: erase; place only of whole items
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/change.hpp"
#include "model/value.hpp"

namespace codeforge::store {

struct HistoryStep {
    std::uint64_t number = 0;
    std::string type;
    std::uint64_t first_ms = 0;
    std::uint64_t last_ms = 0;
    std::string group;
    bool undone = false;
    model::Changes changes;
    std::vector<std::string> withdrawn;  // by index of changes: "" or why; may be shorter
    /// By index of changes where their values are, in place of their texts: a new step is written without copying them twice.
    std::vector<const model::Value*> values;

    bool is_withdrawn(std::size_t index) const { return index < withdrawn.size() && !withdrawn[index].empty(); }
    std::string json() const;
};

/// `value`: where the old value is, if not in the change.
void append_history_change(std::string& out, const model::Change& change, const model::Value* value = nullptr);
/// {"0":"gone"}
std::string withdrawn_json(const std::vector<std::string>& withdrawn);
/// What cannot be read is left out: a step of a damaged store must not stop the others.
HistoryStep read_history_step(const model::Value& value);

/// A change that does not count when it is asked what a step is about: a time stamp, or which item is
/// chosen. It is taken back with the others, but keeps no step alive.
bool is_incidental(const model::Change& change);

}  // namespace codeforge::store
