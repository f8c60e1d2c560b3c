#include "store/history_overlap.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/bytes.hpp"
#include "base/json_check.hpp"

namespace codeforge::store {

using model::Change;
using model::Path;
using model::Value;

namespace {

bool same_text(const Value* left, const Value* right) {
    if (left == nullptr || right == nullptr) return left == right;
    const std::string a = left->text();
    const std::string b = right->text();
    return a == b || base::same_json(a, b);
}

/// Whether the values at `path` (from its step `from` on) are the same on both sides, and so are the
/// elements that the path leads through: behind an insertion an index means another element.
bool same_below(const Value& before, const Value& after, const Path& path, std::size_t from) {
    const Value* left = &before;
    const Value* right = &after;
    for (std::size_t i = from; i < path.size(); ++i) {
        left = left->at({path[i]});
        right = right->at({path[i]});
        if (left == nullptr || right == nullptr) return left == right;
        if (path[i].is_index && i + 1 < path.size() && !same_text(left->member("id"), right->member("id"))) return false;
    }
    return same_text(left, right);
}

std::string_view withdrawn_by(const model::State& state, const Change& change, const Change& entry) {
    if (is_prefix(change.path, entry.path)) {
        if (change.erased) return change.path.empty() ? "gone" : "overwritten";
        const Value* before = state.at(change.slice, change.id, change.path);
        // An item that comes back: whoever removed it cannot put its own version there any more.
        if (before == nullptr) return "overwritten";
        return same_below(*before, Value(change.json), entry.path, change.path.size()) ? "" : "overwritten";
    }
    if (!is_prefix(entry.path, change.path)) return "";
    const Value* before = state.at(change.slice, change.id, change.path);
    if (change.erased) return before == nullptr ? "" : "overwritten";
    const Value after(change.json);
    return before != nullptr && same_text(before, &after) ? "" : "overwritten";
}

}  // namespace

bool is_prefix(const Path& path, const Path& below) {
    return path.size() <= below.size() && std::equal(path.begin(), path.end(), below.begin());
}

std::uint32_t TouchedItems::item_number(model::SliceId slice, std::string_view id) {
    return base::crc32c(id, static_cast<std::uint32_t>(slice));
}

TouchedItems::TouchedItems(const model::Changes& changes) : changes_(changes) {
    keys_.reserve(changes.size());
    for (std::size_t i = 0; i < changes.size(); ++i)
        keys_.push_back(static_cast<std::uint64_t>(item_number(changes[i].slice, changes[i].id)) << 32 | i);
    const auto ascending = [](const void* a, const void* b) {
        const std::uint64_t left = *static_cast<const std::uint64_t*>(a);
        const std::uint64_t right = *static_cast<const std::uint64_t*>(b);
        return left < right ? -1 : left > right ? 1 : 0;
    };
    if (keys_.size() > 1) std::qsort(keys_.data(), keys_.size(), sizeof(std::uint64_t), ascending);
}

std::size_t TouchedItems::first_of(std::uint32_t item) const {
    std::size_t low = 0;
    for (std::size_t high = keys_.size(); low < high;) {
        const std::size_t middle = (low + high) / 2;
        if (item_of(keys_[middle]) < item) low = middle + 1;
        else high = middle;
    }
    return low;
}

std::string_view TouchedItems::withdraws(const model::State& state, const Change& entry) const {
    const std::uint32_t item = item_number(entry.slice, entry.id);
    const auto is_ours = [&](const Change& change) { return change.slice == entry.slice && change.id == entry.id; };
    const auto comes_back = [&](std::size_t i) {
        for (++i; i < keys_.size() && item_of(keys_[i]) == item; ++i) {
            const Change& later = changes_[static_cast<std::uint32_t>(keys_[i])];
            if (is_ours(later) && later.path.empty() && !later.erased) return true;
        }
        return false;
    };
    for (std::size_t i = first_of(item); i < keys_.size() && item_of(keys_[i]) == item; ++i) {
        const Change& change = changes_[static_cast<std::uint32_t>(keys_[i])];
        if (!is_ours(change)) continue;
        if (change.erased && change.path.empty() && comes_back(i)) continue;  // it only moves
        if (const std::string_view why = withdrawn_by(state, change, entry); !why.empty()) return why;
    }
    return "";
}

}  // namespace codeforge::store
