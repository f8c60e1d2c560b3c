// Counts and durations of the requests that the sync engine made.
#pragma once

#include <cstdint>
#include <deque>
#include <numeric>
#include <string>

namespace codeforge::sync {

struct Metrics {
    std::uint64_t total = 0;
    std::uint64_t successful = 0;
    std::uint64_t failed = 0;
    std::uint64_t last_ms = 0;              // Unix time of the last one's end
    std::deque<std::uint64_t> durations_ms; // the last kHistory
    static constexpr std::size_t kHistory = 100;

    void add(bool ok, std::uint64_t duration_ms, std::uint64_t now_ms) {
        ++total;
        ++(ok ? successful : failed);
        last_ms = now_ms;
        durations_ms.push_back(duration_ms);
        if (durations_ms.size() > kHistory) durations_ms.pop_front();
    }

    std::string json() const {
        std::string times = "[";
        for (std::uint64_t duration : durations_ms) times += (times.size() > 1 ? "," : "") + std::to_string(duration);
        const std::uint64_t sum = std::accumulate(durations_ms.begin(), durations_ms.end(), std::uint64_t{0});
        const double average = durations_ms.empty() ? 0 : static_cast<double>(sum) / static_cast<double>(durations_ms.size());
        return R"({"totalOperations":)" + std::to_string(total) + R"(,"successfulOperations":)" + std::to_string(successful) +
               R"(,"failedOperations":)" + std::to_string(failed) + R"(,"lastOperationTime":)" + std::to_string(last_ms) +
               R"(,"averageOperationTime":)" + std::to_string(average) + R"(,"operationTimes":)" + times + "]}";
    }
};

}  // namespace codeforge::sync
