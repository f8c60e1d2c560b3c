// Edits that belong together, and those of one turn: one write to the disk, one undo step with what was chosen, and none of a part.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "persist/recovery.hpp"
#include "unit/support/frames.hpp"
#include "unit/support/history_bench.hpp"
#include "unit/support/own_client.hpp"

namespace codeforge::testing {
namespace {

class Hold : public ::testing::Test {
protected:
    void SetUp() override {
        client = make_client(R"({"name":"t","storage":"indexeddb","seed":"01"})");
        ASSERT_NE(client, nullptr);
        client->open(now_ms);
        poll();
        client->loaded({}, now_ms);
        poll();
    }
    void add(const std::string& id) {
        ASSERT_TRUE(client->dispatch(frame_json("files/addFile", R"({"id":")" + id + R"(","name":"n"})"), now_ms).ok());
        poll();
    }
    void hold(bool held) {
        ASSERT_TRUE(client->configure(held ? R"({"hold":true})" : R"({"hold":false})", now_ms).ok());
        poll();
    }
    void poll() {
        while (auto effect = client->poll())
            if (auto* write = std::get_if<persist::Write>(&*effect)) writes.push_back(std::move(*write));
    }

    std::uint64_t now_ms = 1'700'000'000'000;
    std::unique_ptr<client::Client> client;
    std::vector<persist::Write> writes;
};

TEST_F(Hold, TheCommitsOfATransactionAreOneWrite) {
    hold(true);
    for (const char* id : {"a", "b", "c"}) add(id);
    client->flush(false, now_ms);
    client->tick(now_ms + 1000);
    poll();
    EXPECT_TRUE(writes.empty());
    hold(false);
    ASSERT_EQ(writes.size(), 1u);
    ASSERT_EQ(writes[0].puts.size(), 1u);
    auto recovery = persist::recover({{writes[0].puts[0].name, writes[0].puts[0].bytes}});
    ASSERT_TRUE(recovery.ok());
    EXPECT_EQ(recovery->state.items(model::SliceId::files).size(), 3u);
}

TEST_F(Hold, ClosingWritesWhatIsHeld) {
    hold(true);
    add("a");
    client->close(now_ms);
    poll();
    EXPECT_EQ(writes.size(), 1u);
}

class Turn : public Hold {
protected:
    void begin() { begun = client->begin_turn(); }
    void edit(const std::string& id) {
        begin();
        add(id);
    }
    void end() {
        client->turn_ended(now_ms);
        poll();
    }
    bool begun = false;
};

TEST_F(Turn, EditsInARowAreOneWriteWhenItEnds) {
    edit("a");
    EXPECT_TRUE(begun) << "the caller is to tell when the turn ends";
    edit("b");
    EXPECT_FALSE(begun) << "and knows it already";
    EXPECT_TRUE(writes.empty());
    end();
    ASSERT_EQ(writes.size(), 1u);
    auto recovery = persist::recover({{writes[0].puts[0].name, writes[0].puts[0].bytes}});
    ASSERT_TRUE(recovery.ok());
    EXPECT_EQ(recovery->seq, client->seq());
}

TEST_F(Turn, FlushAndCloseDoNotWaitForItsEnd) {
    edit("a");
    edit("b");
    client->flush(false, now_ms);
    poll();
    ASSERT_EQ(writes.size(), 1u);
    edit("c");
    end();
    EXPECT_EQ(writes.size(), 1u) << "at the pace of writes";
    edit("d");
    client->close(now_ms);
    poll();
    EXPECT_EQ(writes.size(), 2u);
}

TEST_F(Turn, AStrictFlushBehindAnEditIsOneStrictWrite) {
    edit("a");
    client->flush(true, now_ms);
    poll();
    end();
    ASSERT_EQ(writes.size(), 1u);
    EXPECT_TRUE(writes[0].strict);
}

TEST_F(Turn, ThePaceGoesOnInTheNextOne) {
    edit("a");
    end();
    client->written(writes.at(0).id, std::nullopt, now_ms);
    edit("b");
    end();
    EXPECT_EQ(writes.size(), 1u);
    EXPECT_EQ(client->next_deadline_ms(), now_ms + persist::kWriteIntervalMs);
    now_ms += persist::kWriteIntervalMs;
    client->tick(now_ms);
    poll();
    EXPECT_EQ(writes.size(), 2u);
}

TEST(Group, WhatIsChosenGoesWithIt) {
    HistoryBench bench;
    bench.add("a");
    bench.add("b");
    bench.dispatch(frame_json("files/setActiveFile", R"("a")"));
    bench.pause();
    const std::string before = bench.documents();
    bench.context(R"({"group":"g"})");
    bench.dispatch(frame_json("files/setActiveFile", R"("b")"));
    EXPECT_EQ(bench.steps(), 2u) << "a choice alone is no step, in a group neither";
    bench.dispatch(frame_json("files/setActiveFile", R"("a")"));
    bench.dispatch(frame_items("files/setItems", {{"c", R"({"id":"c","name":"n"})"}}));
    bench.dispatch(frame_json("files/setActiveFile", R"("c")"));
    const std::string after = bench.documents();
    bench.context(R"({"group":""})");
    EXPECT_EQ(bench.steps(), 3u);
    bench.undo();
    EXPECT_EQ(bench.documents(), before);
    bench.redo();
    EXPECT_EQ(bench.documents(), after);
    bench.dispatch(frame_json("files/clearActiveFile", "null"));
    EXPECT_EQ(bench.steps(), 3u);
}

TEST(Group, OfOneThatIsTooLongNoPartCanBeUndone) {
    HistoryBench bench;
    const std::string big(7u << 20, 'x');
    for (const char* id : {"a", "b", "c", "d", "e", "f"}) bench.add(id, big);
    bench.context(R"({"group":"g"})");
    for (const char* id : {"a", "b", "c", "d", "e", "f"}) bench.remove(id);
    bench.add("g");
    EXPECT_EQ(bench.steps(), 0u) << "undo would bring a part of the six back";
    bench.context(R"({"group":"h"})");
    bench.add("h");
    EXPECT_EQ(bench.steps(), 1u) << "another group can";
}

}  // namespace
}  // namespace codeforge::testing
