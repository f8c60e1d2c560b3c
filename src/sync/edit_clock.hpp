// When the edits of each key have come to rest. Every key has its own pause: an edit starts it anew,
// and a bound ends the waiting while edits keep coming. It holds back the network only; what is safe
// on the device is the log's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace codeforge::sync {

/// A key is not held back longer than this after its first edit, or than its own pause where that is longer.
inline constexpr std::uint64_t kEditWaitMs = 1000;

class EditClock {
public:
    void edited(std::string key, std::uint64_t pause_ms, std::uint64_t now_ms);
    void clear() { edits_.clear(); }
    /// Those keys are on their way, or no longer wait.
    void forget_resting(std::uint64_t now_ms);

    /// False while an edit of the key is younger than its pause. A key that was never noted rests.
    bool is_resting(const std::string& key, std::uint64_t now_ms) const;
    std::size_t keys() const { return edits_.size(); }
    /// Not later than the first key comes to rest; exact after settle() at that time.
    std::optional<std::uint64_t> earliest_ms() const;
    /// Looks at all keys again when the time that was told has come and its key was edited since.
    void settle(std::uint64_t now_ms);

private:
    struct Edit {
        std::uint64_t first_ms = 0;
        std::uint64_t rests_ms = 0;
    };
    std::unordered_map<std::string, Edit> edits_;
    std::uint64_t earliest_ms_ = 0;  // a lower bound of all rests_ms
};

}  // namespace codeforge::sync
