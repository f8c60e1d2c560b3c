#include "sync/edit_clock.hpp"

#include <algorithm>
#include <utility>

namespace codeforge::sync {

void EditClock::edited(std::string key, std::uint64_t pause_ms, std::uint64_t now_ms) {
    const bool is_first = edits_.empty();
    Edit& edit = edits_.try_emplace(std::move(key), Edit{now_ms, 0}).first->second;
    edit.rests_ms = std::min(now_ms + pause_ms, edit.first_ms + std::max(kEditWaitMs, pause_ms));
    earliest_ms_ = is_first ? edit.rests_ms : std::min(earliest_ms_, edit.rests_ms);
}

bool EditClock::is_resting(const std::string& key, std::uint64_t now_ms) const {
    const auto known = edits_.find(key);
    return known == edits_.end() || known->second.rests_ms <= now_ms;
}

void EditClock::forget_resting(std::uint64_t now_ms) {
    std::erase_if(edits_, [now_ms](const auto& entry) { return entry.second.rests_ms <= now_ms; });
}

std::optional<std::uint64_t> EditClock::earliest_ms() const {
    if (edits_.empty()) return std::nullopt;
    return earliest_ms_;
}

void EditClock::settle(std::uint64_t now_ms) {
    if (edits_.empty() || now_ms < earliest_ms_) return;
    const auto first = std::min_element(edits_.begin(), edits_.end(),
                                        [](const auto& left, const auto& right) { return left.second.rests_ms < right.second.rests_ms; });
    earliest_ms_ = first->second.rests_ms;
}

}  // namespace codeforge::sync
