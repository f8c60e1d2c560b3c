// Waiting times: bounds, jitter, and servers that ask for a pause.
#include "sync/backoff.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sync/metrics.hpp"
#include "base/json.hpp"

namespace codeforge::sync {
namespace {

constexpr std::uint64_t kNow = 1'000'000;

TEST(Backoff, GrowsToItsLimitWithFullJitter) {
    base::Random random("backoff");
    for (int round = 0; round < 200; ++round) {
        Backoff backoff;
        for (int failure = 0; failure < 80; ++failure) {
            const std::uint64_t ceiling = std::min(kBackoffLimitMs, kBackoffFirstMs << std::min(failure, 16));
            const std::uint64_t wait = backoff.after_failure(kNow, "", random) - kNow;
            EXPECT_GE(wait, 50u);
            EXPECT_LE(wait, ceiling);
        }
        EXPECT_EQ(backoff.failures(), 80);
        backoff.succeeded();
        EXPECT_LE(backoff.after_failure(kNow, "", random) - kNow, kBackoffFirstMs);
    }
}

TEST(Backoff, JitterSpreadsClients) {
    base::Random random("spread");
    std::uint64_t least = ~0ull;
    std::uint64_t most = 0;
    for (int client = 0; client < 500; ++client) {
        Backoff backoff;
        for (int i = 0; i < 9; ++i) backoff.after_failure(0, "", random);
        const std::uint64_t wait = backoff.after_failure(0, "", random);
        least = std::min(least, wait);
        most = std::max(most, wait);
    }
    EXPECT_LT(least, kBackoffLimitMs / 10);
    EXPECT_GT(most, kBackoffLimitMs * 9 / 10);
}

TEST(Backoff, RetryAfterIsWaitedForInFull) {
    base::Random random("retry after");
    for (int i = 0; i < 200; ++i) {
        Backoff backoff;
        const std::uint64_t wait = backoff.after_failure(kNow, "7", random) - kNow;
        EXPECT_GE(wait, 7000u);
        EXPECT_LE(wait, 7000u + kBackoffFirstMs / 2);
    }
}

TEST(Backoff, StrangeRetryAfterIsBounded) {
    base::Random random("strange");
    for (const char* value : {"999999999", "18446744073709551615", "99999999999999999999999", "Wed, 21 Oct 2026 07:28:00 GMT", "-5", "soon", "0", "1e9"}) {
        Backoff backoff;
        const std::uint64_t wait = backoff.after_failure(kNow, value, random) - kNow;
        EXPECT_GE(wait, 50u) << value;
        EXPECT_LE(wait, kRetryAfterLimitMs + kBackoffLimitMs) << value;
    }
}

TEST(Metrics, CountsAndKeepsTheLastHundred) {
    Metrics metrics;
    for (std::uint64_t i = 1; i <= 250; ++i) metrics.add(i % 5 != 0, i, 1000 + i);
    const base::Json json = base::Json::parse(metrics.json(), nullptr, false);
    ASSERT_TRUE(json.is_object());
    EXPECT_EQ(json["totalOperations"], 250);
    EXPECT_EQ(json["successfulOperations"], 200);
    EXPECT_EQ(json["failedOperations"], 50);
    EXPECT_EQ(json["lastOperationTime"], 1250);
    EXPECT_EQ(json["operationTimes"].size(), 100u);
    EXPECT_EQ(json["operationTimes"].front(), 151);
    EXPECT_NEAR(json["averageOperationTime"].get<double>(), 200.5, 0.51);
    EXPECT_TRUE(base::Json::parse(Metrics().json(), nullptr, false).is_object());
}

}  // namespace
}  // namespace codeforge::sync
