// Writes that are larger than a value may be without becoming a file of the browser: in pieces, as far as commits allow.
#include <gtest/gtest.h>

#include <string>

#include "persist/log.hpp"
#include "persist/record.hpp"
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

/// Commits around one of about 150 kB, in one write.
Write around_a_long_one(LogBench& bench, char letter = 'x') {
    bench.commit("small", "1");
    bench.commit("long", '"' + std::string(150'000, letter) + '"');
    bench.commit("after", "2");
    bench.log.request_flush(false);
    return std::move(*bench.poll());
}

TEST(LogPieces, ACommitAboveThePieceSizeGoesIntoParts) {
    LogBench bench;
    const Write write = around_a_long_one(bench);
    ASSERT_EQ(write.puts.size(), 5u) << "one before it, three parts, one behind it";
    for (const persist::File& file : write.puts) EXPECT_LE(file.bytes.size(), std::size_t{64} << 10);
    bench.succeed(write);
    const auto recovered = persist::recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(recovered->damaged + recovered->torn_bytes, 0u);
    EXPECT_EQ(LogBench::text(recovered->state), bench.texts[3]);
}

TEST(LogPieces, WithoutOneOfItsPartsACommitWasNotThere) {
    LogBench bench;
    bench.succeed(around_a_long_one(bench));
    for (std::uint32_t missing = 2; missing <= 4; ++missing) {
        LogBench::Files disk = bench.disk;
        ASSERT_EQ(disk.erase(persist::segment_name(missing)), 1u);
        const auto recovered = persist::recover(LogBench::files_of(disk));
        ASSERT_TRUE(recovered.ok());
        EXPECT_EQ(recovered->seq, 1u) << missing;
        EXPECT_EQ(LogBench::text(recovered->state), bench.texts[1]);
    }
    // A program that only knows version 1 would pass over the parts.
    for (const auto& [name, bytes] : bench.disk) {
        persist::RecordReader records(bytes);
        ASSERT_TRUE(records.next());
        base::ByteReader header(records.payload());
        EXPECT_EQ(header.varint(), name == "log-1" || name == "log-5" ? persist::kFormatVersion : persist::kPartsVersion) << name;
    }
}

TEST(LogPieces, PartsOfTwoCommitsAreNeverPutTogether) {
    // Two lives that both made a commit 2: of each only some parts are there.
    LogBench one, other;
    one.succeed(around_a_long_one(one, 'x'));
    other.succeed(around_a_long_one(other, 'y'));
    for (std::uint32_t kept = 0; kept < 64; ++kept) {
        LogBench::Files disk{{"log-1", one.disk["log-1"]}};
        for (std::uint32_t part = 0; part < 3; ++part) {
            if ((kept >> part & 1) != 0) disk[persist::segment_name(2 + part)] = one.disk[persist::segment_name(2 + part)];
            if ((kept >> (part + 3) & 1) != 0) disk[persist::segment_name(5 + part)] = other.disk[persist::segment_name(2 + part)];
        }
        const auto recovered = persist::recover(LogBench::files_of(disk));
        ASSERT_TRUE(recovered.ok());
        const bool first = (kept & 7) == 7, second = (kept >> 3 & 7) == 7;
        EXPECT_EQ(recovered->seq, first || second ? 2u : 1u) << kept;
        EXPECT_EQ(LogBench::text(recovered->state), first ? one.texts[2] : second ? other.texts[2] : one.texts[1]) << kept;
    }
}

TEST(LogPieces, AFirstCommitInPartsIsAWholeLog) {
    LogBench bench;
    bench.commit("long", '"' + std::string(150'000, 'x') + '"');
    bench.flush();
    ASSERT_EQ(bench.disk.size(), 3u);
    bench.disk["head-9"] = "torn";
    const auto recovered = persist::recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(LogBench::text(recovered->state), bench.texts[1]);
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
