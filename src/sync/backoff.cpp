#include "sync/backoff.hpp"

#include <algorithm>
#include <charconv>

namespace codeforge::sync {

std::uint64_t Backoff::after_failure(std::uint64_t now_ms, std::string_view retry_after, base::Random& random) {
    const std::uint64_t ceiling = std::min(kBackoffLimitMs, kBackoffFirstMs << std::min(failures_, 16));
    ++failures_;
    auto wait = static_cast<std::uint64_t>(static_cast<double>(ceiling) * random.unit());
    if (!retry_after.empty()) {
        std::uint64_t seconds = 0;
        const auto read = std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), seconds);
        const std::uint64_t asked = read.ec == std::errc() ? std::min(kRetryAfterLimitMs, seconds * 1000) : kBackoffLimitMs;
        // A server that asks for a pause gets it in full, and the jitter on top (RFC 6585 section 4).
        wait = asked + wait / 2;
    }
    return now_ms + std::max<std::uint64_t>(wait, 50);
}

}  // namespace codeforge::sync
