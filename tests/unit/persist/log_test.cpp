// The log's decisions: when it writes, what it says is durable, what it does when writes fail.
#include "persist/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>

#include "base/random.hpp"
#include "unit/support/log_bench.hpp"

namespace codeforge::testing {
namespace {

using persist::Write;

TEST(Log, TheFirstCommitAfterAPauseIsWrittenAtOnceAndABurstIsNot) {
    LogBench bench;
    bench.commit("a", "{}");
    const auto first = bench.poll();
    ASSERT_TRUE(first.has_value());
    EXPECT_FALSE(first->strict);
    bench.succeed(*first);
    EXPECT_EQ(bench.log.durable_seq(), 1u);
    for (int i = 0; i < 20; ++i) {
        bench.commit("a", std::to_string(i));
        bench.now_ms += 10;
        EXPECT_FALSE(bench.poll().has_value()) << "at most one write every " << persist::kWriteIntervalMs << " ms";
    }
    ASSERT_EQ(bench.log.next_deadline_ms(), std::optional<std::uint64_t>(1'000'000 + persist::kWriteIntervalMs));
    bench.now_ms = *bench.log.next_deadline_ms();
    const auto burst = bench.poll();
    ASSERT_TRUE(burst.has_value());
    bench.succeed(*burst);
    EXPECT_EQ(bench.log.durable_seq(), bench.seq);
    EXPECT_EQ(bench.log.unsaved_bytes(), 0u);
}

TEST(Log, AFlushDoesNotWaitForTheInterval) {
    LogBench bench;
    bench.commit("a", "{}");
    const auto first = bench.poll();
    bench.commit("b", "{}");
    EXPECT_FALSE(bench.poll().has_value());
    bench.log.request_flush(false);
    const auto second = bench.poll();
    ASSERT_TRUE(second.has_value()) << "even while another write is on its way";
    EXPECT_NE(first->puts[0].name, second->puts[0].name);
    bench.succeed(*first);
    EXPECT_EQ(bench.log.durable_seq(), 1u);
    bench.succeed(*second);
    EXPECT_EQ(bench.log.durable_seq(), 2u);
}

TEST(Log, DurableIsOnlyWhatHasNoGapBeforeIt) {
    LogBench bench;
    bench.commit("a", "1");
    const auto first = bench.poll();
    bench.commit("b", "2");
    bench.log.request_flush(false);
    const auto second = bench.poll();
    bench.carry_out(*second);
    bench.log.written(second->id, std::nullopt, bench.now_ms);
    EXPECT_EQ(bench.log.durable_seq(), 0u);
    bench.fail(*first);
    EXPECT_EQ(bench.log.durable_seq(), 0u);
    bench.settle();
    EXPECT_EQ(bench.log.durable_seq(), 2u);
    const auto recovered = persist::recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(LogBench::text(recovered->state), bench.texts[2]);
}

TEST(Log, AFlushWritesEveryRunOfCommits) {
    LogBench bench;
    bench.commit("a", "{}");
    const auto first = bench.poll();
    bench.commit("b", "{}");
    bench.log.request_flush(false);
    const auto second = bench.poll();
    ASSERT_TRUE(first && second);
    bench.fail(*first);  // commit 1 waits again, 2 is on its way
    bench.commit("c", "{}");
    bench.log.request_flush(false);
    int writes = 0;
    while (const auto write = bench.poll()) {
        bench.succeed(*write);
        ++writes;
    }
    bench.succeed(*second);
    EXPECT_EQ(writes, 2);  // 1, and 3 behind the gap
    EXPECT_EQ(bench.log.durable_seq(), 3u);
}

TEST(Log, AStrictFlushWithNothingWaitingStabilisesWhatWasRelaxed) {
    LogBench bench;
    bench.commit("a", "1");
    bench.settle();
    EXPECT_EQ(bench.log.durable_seq(), 1u);
    EXPECT_EQ(bench.log.strict_seq(), 0u);
    bench.log.request_flush(true);
    const auto write = bench.poll();
    ASSERT_TRUE(write.has_value());
    EXPECT_TRUE(write->strict);
    ASSERT_FALSE(write->puts.empty()) << "an empty transaction would reach nothing";
    bench.succeed(*write);
    EXPECT_EQ(bench.log.strict_seq(), 1u);
    bench.log.request_flush(true);
    EXPECT_FALSE(bench.poll().has_value());
}

TEST(Log, FailedStrictWriteIsRetriedStrictly) {
    LogBench bench;
    bench.commit("a", "1");
    bench.log.request_flush(true);
    const auto write = bench.poll();
    ASSERT_TRUE(write && write->strict);
    bench.fail(*write);
    EXPECT_GE(bench.settle(), 1);
    EXPECT_EQ(bench.log.durable_seq(), 1u);
    EXPECT_EQ(bench.log.strict_seq(), 1u) << "whoever waits for the strict barrier would wait for ever";
}

TEST(Log, StrictFlushBehindAFailedWriteGetsThere) {
    LogBench bench;
    bench.commit("a", "1");
    const auto relaxed = bench.poll();
    bench.commit("b", "2");
    bench.log.request_flush(true);
    const auto strict = bench.poll();
    ASSERT_TRUE(relaxed && strict && strict->strict);
    bench.fail(*relaxed);
    bench.succeed(*strict);
    EXPECT_GE(bench.settle(), 1);
    EXPECT_EQ(bench.log.durable_seq(), 2u);
    EXPECT_EQ(bench.log.strict_seq(), 2u) << "the strict write left a gap that only a strict write can close";
}

TEST(Log, RecoveredCommitsAreNotYetStrict) {
    LogBench bench;
    bench.commit("a", "1");
    bench.settle();
    auto recovery = persist::recover(bench.files());
    ASSERT_TRUE(recovery.ok());
    persist::Log log;
    log.restore(std::move(*recovery));
    EXPECT_EQ(log.durable_seq(), 1u);
    log.request_flush(true);
    const auto write = log.poll(bench.state, bench.now_ms);
    ASSERT_TRUE(write.has_value()) << "only the system may have the relaxed write, not yet the medium";
    EXPECT_TRUE(write->strict);
}

TEST(Log, FailuresAreRetriedWithBackoffAndLoseNothing) {
    LogBench bench;
    bench.commit("a", "1");
    std::uint64_t wait = persist::kRetryFirstMs;
    auto write = bench.poll();
    for (int i = 0; i < 8; ++i) {
        bench.fail(*write);
        ASSERT_TRUE(bench.log.failure().has_value());
        EXPECT_EQ(*bench.log.next_deadline_ms(), bench.now_ms + wait);
        bench.now_ms += wait - 1;
        EXPECT_FALSE(bench.poll().has_value());
        bench.now_ms += 1;
        write = bench.poll();
        ASSERT_TRUE(write.has_value());
        wait = std::min(persist::kRetryLimitMs, wait * 2);
    }
    bench.succeed(*write);
    EXPECT_FALSE(bench.log.failure().has_value());
    EXPECT_EQ(bench.log.durable_seq(), 1u);
    EXPECT_EQ(bench.log.unsaved_bytes(), 0u);
}

TEST(Log, CompactionKeepsTheStateAndFewFiles) {
    LogBench bench;
    base::Random random("compaction");
    std::size_t most = 0;
    for (int i = 0; i < 600; ++i) {
        const std::string id = "f" + std::to_string(random.next() % 40);
        if (random.next() % 5 == 0) bench.commit({model::Change::erase(model::SliceId::files, id)});
        else bench.commit(id, "\"" + std::string(random.next() % 3000, 'x') + "\"");
        bench.now_ms += 300;
        if (const auto write = bench.poll()) bench.succeed(*write);
        if (random.next() % 40 == 0) bench.settle();
        most = std::max(most, bench.disk.size());
        if (i % 20 != 0) continue;
        const auto recovered = persist::recover(bench.files());
        ASSERT_TRUE(recovered.ok());
        ASSERT_EQ(recovered->damaged, 0u);
        ASSERT_EQ(LogBench::text(recovered->state), bench.texts[bench.log.durable_seq()]) << "commit " << i;
    }
    EXPECT_LT(most, persist::kSegmentsForced + persist::kShardsLimit + 40);
    EXPECT_NE(bench.head(), "");
    bench.settle();
    bench.now_ms += 10'000;
    bench.commit("last", "1");
    bench.settle();
    EXPECT_LE(bench.disk.size(), bench.log.files() + 1) << "obsolete files go with the next write";
}

/// Writes may be answered late and fail; answers come in the order of the writes or in any other.
TEST(Log, WritesThatFailInAnyOrderLoseNothing) {
    for (int seed = 0; seed < 40; ++seed) {
        base::Random random("failures-" + std::to_string(seed));
        LogBench bench;
        std::deque<Write> open;
        for (int step = 0; step < 150; ++step) {
            bench.commit("f" + std::to_string(random.next() % 9), std::to_string(step));
            bench.now_ms += random.next() % 400;
            if (random.next() % 3 == 0) bench.log.request_flush(random.next() % 4 == 0);
            while (auto write = bench.poll()) open.push_back(std::move(*write));
            while (!open.empty() && random.next() % 3 != 0) {
                const bool fails = random.next() % 3 == 0;
                if (fails) bench.fail(open.front());
                else bench.succeed(open.front());
                open.pop_front();
            }
            ASSERT_GE(bench.log.durable_seq(), bench.log.strict_seq());
            const auto recovered = persist::recover(bench.files());
            ASSERT_TRUE(recovered.ok());
            ASSERT_GE(recovered->seq, bench.log.durable_seq()) << "seed " << seed << " step " << step;
        }
        for (; !open.empty(); open.pop_front()) bench.succeed(open.front());
        bench.settle();
        EXPECT_EQ(bench.log.durable_seq(), bench.seq);
        const auto recovered = persist::recover(bench.files());
        EXPECT_EQ(LogBench::text(recovered->state), bench.texts[bench.seq]) << "seed " << seed;
    }
}

TEST(Log, ACompactionThatFailsIsDoneAgain) {
    LogBench bench;
    for (int i = 0; i < 40; ++i) {
        bench.commit("f" + std::to_string(i), "1");
        bench.flush();
        bench.now_ms += 300;
    }
    int failures = 0;
    for (int round = 0; round < 12; ++round) {
        bench.now_ms = std::max(bench.now_ms, bench.log.next_deadline_ms().value_or(bench.now_ms));
        const auto write = bench.poll();
        if (!write) break;
        if (failures < 3) {
            ++failures;
            if (failures == 2) bench.carry_out(*write);  // it happened, but the answer said no
            bench.fail(*write);
            bench.commit("between", std::to_string(round));
        } else {
            bench.succeed(*write);
        }
    }
    EXPECT_EQ(failures, 3);
    bench.settle();
    auto recovered = persist::recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(recovered->damaged, 0u);
    EXPECT_EQ(LogBench::text(recovered->state), bench.texts[bench.seq]);
    EXPECT_NE(bench.head(), "");
}

TEST(Log, FilesThatAreLostUnderAnOpenStoreAreAllWrittenAgain) {
    LogBench bench;
    for (int i = 0; i < 40; ++i) {
        bench.commit("f" + std::to_string(i), "1");
        bench.flush();
    }
    bench.settle();
    bench.commit("last", "2");
    bench.settle();
    bench.disk.clear();
    bench.log.files_lost();
    EXPECT_EQ(bench.log.durable_seq(), 0u) << "nothing is on the disk";
    bench.log.request_flush(false);
    const auto write = bench.poll();
    ASSERT_TRUE(write.has_value()) << "at once, whatever the interval says";
    EXPECT_TRUE(write->strict);
    bench.fail(*write);
    EXPECT_EQ(bench.log.durable_seq(), 0u);
    bench.settle();
    EXPECT_EQ(bench.log.durable_seq(), bench.seq);
    const auto recovered = persist::recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(recovered->damaged, 0u);
    EXPECT_EQ(LogBench::text(recovered->state), bench.texts[bench.seq]);
}

TEST(Log, UnderRandomLossesOfEveryFileWhatIsCalledDurableIsThere) {
    for (int seed = 0; seed < 60; ++seed) {
        base::Random random("losses-" + std::to_string(seed));
        LogBench bench;
        std::deque<Write> open;
        for (int step = 0; step < 120; ++step) {
            bench.commit("f" + std::to_string(random.next() % 9), std::to_string(step));
            bench.now_ms += random.next() % 900;
            if (random.next() % 3 == 0) bench.log.request_flush(random.next() % 4 == 0);
            while (auto write = bench.poll()) open.push_back(std::move(*write));
            if (random.next() % 20 == 0) {
                bench.disk.clear();  // what is on its way arrives in the empty database
                bench.log.files_lost();
            }
            for (; !open.empty() && random.next() % 3 != 0; open.pop_front()) {
                if (random.next() % 5 == 0) bench.fail(open.front());
                else bench.succeed(open.front());
            }
            const auto recovered = persist::recover(bench.files());
            ASSERT_TRUE(recovered.ok());
            ASSERT_GE(recovered->seq, bench.log.durable_seq()) << "seed " << seed << " step " << step;
            ASSERT_GE(bench.log.durable_seq(), bench.log.strict_seq()) << "seed " << seed << " step " << step;
        }
        for (; !open.empty(); open.pop_front()) bench.succeed(open.front());
        bench.settle();
        EXPECT_EQ(bench.log.durable_seq(), bench.seq);
        EXPECT_EQ(LogBench::text(persist::recover(bench.files())->state), bench.texts[bench.seq]) << "seed " << seed;
    }
}

}  // namespace
}  // namespace codeforge::testing
