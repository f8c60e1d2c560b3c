// What History remembers of the slice, so that an edit need not read it. Part of store/history.cpp.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "store/history.hpp"
#include "store/history_overlap.hpp"

namespace codeforge::store {

/// Whether nothing but the incidental is left of it.
bool is_dead(const HistoryStep& step);
/// Whether a change leads somewhere in `state`, or behind the changes `before` it.
bool reachable(const model::State& state, const model::Change& change, const model::Changes& before);
/// As JSON; "" for a custom slice that is not defined now.
std::string slice_name(const model::State& state, model::SliceId slice);
std::string withdrawn_entry(const model::State& state, const model::Change& change, std::string_view why);

struct History::Known {
    std::uint64_t number = 0;  // 0: no step
    std::size_t bytes = 0;
    std::uint32_t item = 0;
    std::vector<std::uint32_t> more_items;  // ascending
    bool undone = false;
    bool marked = false;  // something of it is withdrawn
    bool dead = false;    // all of it

    void set(const HistoryStep& step, std::size_t json_bytes);
    void add_item(std::uint32_t number);
    bool touches(const TouchedItems& touched) const {
        return touched.contains(item) || std::any_of(more_items.begin(), more_items.end(), [&](std::uint32_t other) { return touched.contains(other); });
    }
};

/// Step n is the item "<key>:<n mod kHistorySteps>" of the slice, so that a new step takes the place of
/// the oldest; the item "@<key>" says whose they are.
struct History::Timeline {
    std::uint64_t key = 0;
    std::string session;
    std::string user;
    std::uint64_t used_ms = 0;
    std::uint64_t top = 0;   // the newest step that is not undone has at most this number
    std::uint64_t last = 0;  // and the newest of all
    std::array<Known, kHistorySteps> slots;

    std::string item_id(std::uint64_t number) const { return base::concat({base::number(key), ":", base::number(number % kHistorySteps)}); }
    Known& slot(std::uint64_t number) { return slots[number % kHistorySteps]; }
    Known* at(std::uint64_t number) { return number != 0 && slot(number).number == number ? &slot(number) : nullptr; }
    /// 0 when there is none.
    std::uint64_t lowest() const;
    std::uint64_t newest() const;
    std::uint64_t next_undone() const;
    /// top and last from the slots.
    void count();
};

struct History::Open {
    std::uint64_t key = 0;
    std::uint64_t number = 0;
    std::uint64_t first_ms = 0;
    std::uint64_t last_ms = 0;
    std::string group;

    void set(std::uint64_t timeline, HistoryStep&& step);
    void add(model::Change&& inverse);
    std::size_t size() const { return changes_.size(); }
    /// Whether what the change does is taken back already. `typed`: by a change of the very same member.
    bool covers(const model::Change& change, bool typed) const;

private:
    model::Changes changes_;
    std::vector<std::uint32_t> items_;  // by index of changes_: finding one of thousands compares numbers
};

}  // namespace codeforge::store
