// Counts and durations of the requests that the sync engine made.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "base/text.hpp"

namespace codeforge::sync {

class Metrics {
public:
    /// So many durations are kept.
    static constexpr std::size_t kHistory = 100;

    void add(bool ok, std::uint64_t duration_ms, std::uint64_t now_ms) {
        durations_ms_[total_ % kHistory] = duration_ms;
        ++total_;
        ++(ok ? successful_ : failed_);
        last_ms_ = now_ms;
    }

    /// The members of the documented SyncMetrics; times in ms, the oldest duration first.
    std::string json() const {
        const std::size_t kept = static_cast<std::size_t>(std::min<std::uint64_t>(total_, kHistory));
        std::string times;
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < kept; ++i) {
            const std::uint64_t duration_ms = durations_ms_[(total_ - kept + i) % kHistory];
            sum += duration_ms;
            base::append(times, {i == 0 ? "" : ",", base::number(duration_ms)});
        }
        return base::concat({R"({"totalOperations":)", base::number(total_), R"(,"successfulOperations":)", base::number(successful_),
                             R"(,"failedOperations":)", base::number(failed_), R"(,"lastOperationTime":)", total_ == 0 ? std::string("null") : base::number(last_ms_),
                             R"(,"averageOperationTime":)", base::number(kept == 0 ? 0 : (sum + kept / 2) / kept),
                             R"(,"operationTimes":[)", times, "]}"});
    }

private:
    std::uint64_t total_ = 0;
    std::uint64_t successful_ = 0;
    std::uint64_t failed_ = 0;
    std::uint64_t last_ms_ = 0;  // Unix time of the last one's end
    std::array<std::uint64_t, kHistory> durations_ms_{};
};

}  // namespace codeforge::sync
