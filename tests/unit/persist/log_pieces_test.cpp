// Writes that are larger than a value may be without becoming a file of the browser: in pieces, as far as commits allow.
#include <gtest/gtest.h>

#include <string>

#include "persist/log.hpp"
#include "unit/support/log_bench.hpp"

namespace codeforge::testing {
namespace {

using persist::Write;

/// One write of `count` commits of about `bytes` each; the first of them has the name f0.
Write burst(LogBench& bench, int count, std::size_t bytes) {
    for (int i = 0; i < count; ++i) bench.commit("f" + std::to_string(i), '"' + std::string(bytes, static_cast<char>('a' + i % 26)) + '"');
    bench.log.request_flush(false);
    return std::move(*bench.poll());
}

TEST(LogPieces, AWriteAboveThePieceSizeGoesIntoSeveralFilesOfWholeCommits) {
    LogBench bench;
    const Write write = burst(bench, 10, 20'000);
    ASSERT_EQ(write.puts.size(), 5u) << "two commits fit into 60 kB, three do not";
    for (std::size_t i = 0; i < write.puts.size(); ++i) {
        EXPECT_LE(write.puts[i].bytes.size(), std::size_t{64} << 10);
        EXPECT_EQ(write.puts[i].name, persist::segment_name(static_cast<std::uint32_t>(i + 1)));
    }
    bench.succeed(write);
    EXPECT_EQ(bench.log.durable_seq(), 10u);
    EXPECT_EQ(bench.log.files(), 5u + 1);
    const auto recovered = persist::recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(recovered->damaged + recovered->torn_bytes, 0u);
    EXPECT_EQ(recovered->segments.size(), 5u);
    EXPECT_EQ(LogBench::text(recovered->state), bench.texts[10]);
}

TEST(LogPieces, WithoutOneOfItsFilesAWriteEndsBeforeIt) {
    LogBench bench;
    bench.succeed(burst(bench, 10, 20'000));
    bench.succeed(burst(bench, 10, 20'000));
    for (std::uint32_t missing = 1; missing <= 10; ++missing) {
        LogBench::Files disk = bench.disk;
        ASSERT_EQ(disk.erase(persist::segment_name(missing)), 1u);
        const auto recovered = persist::recover(LogBench::files_of(disk));
        ASSERT_TRUE(recovered.ok());
        EXPECT_EQ(recovered->seq, 2u * (missing - 1));
        EXPECT_EQ(LogBench::text(recovered->state), bench.texts[recovered->seq]);
    }
}

TEST(LogPieces, ACommitAboveThePieceSizeHasAFileOfItsOwn) {
    LogBench bench;
    bench.commit("small", "1");
    bench.commit("large", '"' + std::string(150'000, 'x') + '"');
    bench.commit("after", "2");
    bench.log.request_flush(false);
    const auto write = bench.poll();
    ASSERT_EQ(write->puts.size(), 3u);
    EXPECT_GT(write->puts[1].bytes.size(), 150'000u);
    bench.succeed(*write);
    EXPECT_EQ(LogBench::text(persist::recover(bench.files())->state), bench.texts[3]);
}

TEST(LogPieces, AWriteOfMegabytesIsOneFile) {
    LogBench bench;
    const Write write = burst(bench, 10, 100'000);
    EXPECT_EQ(write.puts.size(), 1u);
    bench.succeed(write);
    EXPECT_EQ(LogBench::text(persist::recover(bench.files())->state), bench.texts[10]);
}

TEST(LogPieces, AFailedWriteOfSeveralFilesIsRepeatedUnderOtherNamesAndCompactedAway) {
    LogBench bench;
    const Write failed = burst(bench, 10, 20'000);
    bench.carry_out(failed);  // it was answered with an error and happened all the same
    bench.fail(failed);
    bench.settle();
    EXPECT_EQ(bench.log.durable_seq(), 10u);
    EXPECT_EQ(bench.disk.size(), 10u);
    EXPECT_EQ(LogBench::text(persist::recover(bench.files())->state), bench.texts[10]);
    for (int i = 0; i < 40; ++i) {
        bench.commit("g", std::to_string(i));
        bench.flush();
    }
    bench.settle();
    bench.commit("last", "1");
    bench.settle();
    for (std::uint32_t number = 1; number <= 50; ++number) EXPECT_FALSE(bench.disk.contains(persist::segment_name(number))) << number;
    EXPECT_EQ(LogBench::text(persist::recover(bench.files())->state), bench.texts[bench.seq]);
}

}  // namespace
}  // namespace codeforge::testing
