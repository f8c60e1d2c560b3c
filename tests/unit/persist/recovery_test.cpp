// Recovery from disks that were torn, flipped, half written or made by a newer program.
#include "persist/recovery.hpp"

#include <gtest/gtest.h>

#include <string>

#include "persist/record.hpp"
#include "unit/support/log_bench.hpp"

namespace codeforge::testing {
namespace {

using model::SliceId;
using persist::recover;

/// Some commits of every kind in several segments.
void fill(LogBench& bench) {
    bench.commit("a", R"({"id":"a","name":"one","list":[1,2]})");
    bench.flush();
    bench.commit({{SliceId::files, false, "a", {"name"}, R"("two")"}, model::Change::put(SliceId::outbox, "files:a", R"({"base":null})")});
    bench.commit({{SliceId::files, false, "a", {"list", 2u}, "3"}});
    bench.flush();
    bench.commit({model::Change::field(SliceId::files, "activeFileId", R"("a")")});
    bench.commit("b", R"({"id":"b"})");
    bench.commit({model::Change::erase(SliceId::files, "a")});
    bench.flush();
}

void compact(LogBench& bench) {
    for (int i = 0; i < 40; ++i) {
        bench.commit("c" + std::to_string(i % 5), std::to_string(i));
        bench.flush();
    }
    bench.now_ms += 10'000;
    ASSERT_GE(bench.settle(), 1);
    ASSERT_NE(bench.head(), "");
}

TEST(Recovery, AnEmptyDiskIsAnEmptyState) {
    const auto recovered = recover({});
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(recovered->seq, 0u);
    EXPECT_EQ(LogBench::text(recovered->state), LogBench::text(model::State()));
}

TEST(Recovery, WhatWasWrittenIsThere) {
    LogBench bench;
    fill(bench);
    const auto recovered = recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(recovered->seq, bench.seq);
    EXPECT_EQ(recovered->commits, bench.seq);
    EXPECT_EQ(recovered->torn_bytes, 0u);
    EXPECT_EQ(recovered->damaged, 0u);
    EXPECT_EQ(LogBench::text(recovered->state), bench.texts[bench.seq]);
}

TEST(Recovery, ATailTornAtAnyByteGivesAPrefix) {
    LogBench bench;
    fill(bench);
    const std::string last = "log-3";
    const std::string whole = bench.disk.at(last);
    std::uint64_t best = 0;
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        LogBench::Files disk = bench.disk;
        disk[last] = whole.substr(0, length);
        const auto recovered = recover(LogBench::files_of(disk));
        ASSERT_TRUE(recovered.ok());
        ASSERT_GE(recovered->seq, best) << "a longer file has at least as much";
        best = recovered->seq;
        ASSERT_GE(recovered->seq, 3u) << "the segments before are whole";
        EXPECT_EQ(LogBench::text(recovered->state), bench.texts[recovered->seq]) << "cut at " << length;
        EXPECT_EQ(recovered->next_segment, 4u) << "a torn file is never appended to";
    }
    EXPECT_EQ(best, bench.seq);
}

TEST(Recovery, WritingGoesOnAfterATornTail) {
    LogBench bench;
    fill(bench);
    bench.disk["log-3"].resize(bench.disk["log-3"].size() - 3);
    auto recovered = recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    LogBench next;
    next.disk = bench.disk;
    next.seq = recovered->seq;
    next.state = recovered->state;
    next.log.restore(std::move(*recovered));
    next.commit("after", "1");
    next.settle();
    const auto again = recover(next.files());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->seq, next.seq);
    EXPECT_EQ(LogBench::text(again->state), next.texts[next.seq]);
}

/// A flipped byte anywhere, in any file: no crash, and every readable item is one that was written.
TEST(Recovery, AFlippedByteAnywhereIsNoticed) {
    LogBench bench;
    fill(bench);
    compact(bench);
    fill(bench);
    for (const auto& [name, whole] : bench.disk) {
        for (std::size_t at = 0; at < whole.size(); ++at) {
            LogBench::Files disk = bench.disk;
            disk[name][at] = static_cast<char>(disk[name][at] ^ 0x40);
            const auto recovered = recover(LogBench::files_of(disk));
            ASSERT_TRUE(recovered.ok()) << name << " at " << at;
            if (name == "stable") continue;
            const bool whole_state = LogBench::text(recovered->state) == bench.texts[bench.seq];
            const bool reported = recovered->damaged > 0 || recovered->torn_bytes > 0;
            EXPECT_TRUE(whole_state || reported) << name << " at " << at << ": something is missing and nobody says so";
        }
    }
}

TEST(Recovery, FlippedByteInAShardCostsOneItem) {
    LogBench bench;
    for (int i = 0; i < 40; ++i) {
        bench.commit("item" + std::to_string(i), R"({"mark":"m)" + std::to_string(i) + R"("})");
        bench.flush();
    }
    bench.now_ms += 10'000;
    bench.settle();
    const std::string before = LogBench::text(bench.state);
    ASSERT_TRUE(bench.disk.contains("snap-1-0"));
    {
        LogBench::Files disk = bench.disk;
        std::string& shard = disk["snap-1-0"];
        shard[shard.find("\"m7\"") + 1] = 'X';
        const auto recovered = recover(LogBench::files_of(disk));
        ASSERT_TRUE(recovered.ok());
        EXPECT_EQ(LogBench::text(recovered->state), before) << "the whole log is still there";
    }
    bench.commit("item0", R"({"mark":"new"})");
    bench.settle();  // with this the old segments go
    std::string& shard = bench.disk["snap-1-0"];
    const std::size_t place = shard.find("\"m7\"");
    ASSERT_NE(place, std::string::npos);
    shard[place + 1] = 'X';
    const auto recovered = recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_GE(recovered->damaged, 1u);
    EXPECT_EQ(recovered->state.items(SliceId::files).size(), 39u);
    EXPECT_EQ(recovered->state.find(SliceId::files, "item7"), nullptr);
}

TEST(Recovery, WithoutAHeadTheNewestShardsCount) {
    LogBench bench;
    fill(bench);
    compact(bench);
    bench.commit("z", "9");
    bench.settle();
    bench.disk[bench.head()] = "damaged";
    const auto recovered = recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_GE(recovered->damaged, 1u);
    EXPECT_EQ(recovered->state.slice_text(SliceId::files), bench.state.slice_text(SliceId::files));
}

TEST(Recovery, ACompactionThatIsNotAllThereIsPassedOver) {
    LogBench bench;
    fill(bench);
    compact(bench);
    const LogBench::Files before = bench.disk;
    const std::uint64_t seq = bench.seq;
    compact(bench);
    // Of the second compaction the medium kept the head and lost a shard, or the other way round.
    for (const std::string& lost : {bench.head(), std::string("snap-2-0")}) {
        LogBench::Files disk = before;
        for (const auto& [name, bytes] : bench.disk)
            if (name != lost) disk.insert_or_assign(name, bytes);
        const auto recovered = recover(LogBench::files_of(disk));
        ASSERT_TRUE(recovered.ok());
        EXPECT_EQ(recovered->head.generation, 1u) << lost;
        EXPECT_GE(recovered->seq, seq);
        EXPECT_EQ(LogBench::text(recovered->state), bench.texts[recovered->seq]) << lost;
        EXPECT_EQ(recovered->next_generation, 3u) << "a name is never written twice";
    }
}

// A new segment got number 1 and was taken for one of those that the snapshot covers: its commits were lost.
TEST(Recovery, WhenACompactionTookEverySegmentNewOnesAreRead) {
    LogBench bench;
    fill(bench);
    compact(bench);
    std::erase_if(bench.disk, [](const auto& file) { return persist::segment_number(file.first) != 0; });
    auto recovery = recover(bench.files());
    ASSERT_TRUE(recovery.ok());
    LogBench next;
    next.disk = bench.disk;
    next.seq = recovery->seq;
    next.state = recovery->state;
    next.log.restore(std::move(*recovery));
    next.commit("b", "{}");
    next.flush();
    const auto again = recover(next.files());
    ASSERT_TRUE(again.ok());
    EXPECT_NE(again->state.find(model::SliceId::files, "b"), nullptr);
}

TEST(Recovery, AMissingShardIsReported) {
    LogBench bench;
    compact(bench);
    bench.commit("z", "9");
    bench.settle();  // what the snapshot replaces goes with the write after it
    bench.disk.erase("snap-1-0");
    const auto recovered = recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(recovered->damaged, 1u);
}

TEST(Recovery, ForeignFilesAreLeftAlone) {
    LogBench bench;
    fill(bench);
    compact(bench);
    for (const char* name : {"note.txt", "log-", "log-x", "log-99999999999999", "snap-", "snap-1", "snap-x-0", "head", "head-", "head-x", "head2", "log--1"}) bench.disk[name] = "x";
    const auto recovered = recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(LogBench::text(recovered->state), bench.texts[bench.seq]);
    for (const std::string& name : recovered->obsolete) EXPECT_NE(name, "note.txt");
}

TEST(Recovery, ANewerHeadIsRefused) {
    std::string payload;
    base::ByteWriter(payload).varint(persist::kPartsVersion + 1);
    std::string head;
    append_record(head, persist::RecordType::head, payload + "who knows");
    const auto recovered = recover({{"head-1", head}});
    ASSERT_FALSE(recovered.ok());
    EXPECT_EQ(recovered.error().code, base::Code::unsupported);
    EXPECT_NE(recovered.error().message.find("version 3"), std::string::npos) << recovered.error().message;
}

TEST(Recovery, NewerSegmentIsRefused) {
    std::string payload;
    base::ByteWriter writer(payload);
    writer.varint(persist::kPartsVersion + 1);
    writer.varint(1);
    std::string segment;
    append_record(segment, persist::RecordType::segment_header, payload);
    const auto recovered = recover({{"log-1", segment}});
    ASSERT_FALSE(recovered.ok()) << "before the first compaction there is no head that could say so";
    EXPECT_EQ(recovered.error().code, base::Code::unsupported);
}

TEST(Recovery, GapBetweenSegmentsEndsTheReplay) {
    LogBench bench;
    bench.commit("a", R"({"id":"a"})");
    bench.flush();
    bench.commit({model::Change::put(SliceId::outbox, "files:a", R"({"base":null})")});
    const auto lost = [&] { bench.log.request_flush(false); return bench.poll(); }();
    ASSERT_TRUE(lost.has_value());
    bench.commit({{SliceId::files, false, "a", {"name"}, "1"}});
    bench.log.request_flush(false);
    const auto later = bench.poll();
    ASSERT_TRUE(later.has_value());
    bench.succeed(*later);  // the one before it failed, and the page dies before the retry
    const auto recovered = recover(bench.files());
    ASSERT_TRUE(recovered.ok());
    EXPECT_EQ(LogBench::text(recovered->state), bench.texts[recovered->seq]) << "the state after some prefix of the commits";
}

}  // namespace
}  // namespace codeforge::testing
