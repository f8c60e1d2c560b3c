#include "sync/backoff.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace codeforge::sync {

std::uint64_t Backoff::after_failure(std::uint64_t now_ms, std::string_view retry_after, base::Random& random) {
    const std::uint64_t ceiling = std::min(kBackoffLimitMs, kBackoffFirstMs << std::min(failures_, 16));
    ++failures_;
    auto wait = static_cast<std::uint64_t>(static_cast<double>(ceiling) * random.unit());
    if (!retry_after.empty()) {
        const bool in_seconds = retry_after.front() >= '0' && retry_after.front() <= '9';
        const std::uint64_t asked = in_seconds ? std::min(kRetryAfterLimitMs / 1000, base::parse_number(retry_after)) * 1000 : kBackoffLimitMs;
        // A server that asks for a pause gets it in full, and the jitter on top (RFC 6585 section 4).
        wait = asked + wait / 2;
    }
    return now_ms + std::max<std::uint64_t>(wait, 50);
}

}  // namespace codeforge::sync
