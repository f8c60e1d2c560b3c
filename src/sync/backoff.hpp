// When to try again: exponential backoff with full jitter (Brooker, "Exponential Backoff And
// Jitter", 2015), and never before the moment that a server asked for with Retry-After.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/random.hpp"

namespace codeforge::sync {

inline constexpr std::uint64_t kBackoffFirstMs = 500;
inline constexpr std::uint64_t kBackoffLimitMs = 30'000;
inline constexpr std::uint64_t kRetryAfterLimitMs = 600'000;

class Backoff {
public:
    /// Time of the next try after one more failure. `retry_after` is the header's value in seconds
    /// (RFC 9110 section 10.2.3; a date is taken as the limit of the backoff), "" without one.
    std::uint64_t after_failure(std::uint64_t now_ms, std::string_view retry_after, base::Random& random);
    void succeeded() { failures_ = 0; }
    int failures() const { return failures_; }

private:
    int failures_ = 0;
};

}  // namespace codeforge::sync
