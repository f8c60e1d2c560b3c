// Undo among the edits of others: what is merged, what is withdrawn, and what a device keeps of it.
#include <gtest/gtest.h>

#include "persist/recovery.hpp"
#include "sim/model_server.hpp"
#include "store/history.hpp"
#include "unit/support/engine_bench.hpp"
#include "unit/support/history_bench.hpp"

namespace codeforge::testing {
namespace {

class Others : public ::testing::Test {
protected:
    Others() {
        bench.add("a", "one");
        bench.pause();
        bench.session("s2");
    }
    /// Runs `edit` as the other session, and is the first one again.
    template <class Edit>
    void theirs(Edit edit) {
        bench.session("s2");
        edit();
        bench.session("s1");
    }
    HistoryBench bench;
};

TEST_F(Others, DisjointMembersAreMerged) {
    bench.session("s1");
    bench.edit("a", "content", "mine");
    theirs([&] { bench.edit("a", "name", "theirs"); });
    const base::Json undone = bench.undo();
    EXPECT_EQ(undone["withdrawn"], base::Json::array());
    EXPECT_EQ(bench.content("a"), "one");
    EXPECT_EQ(bench.member("a", "name"), "theirs");
    bench.redo();
    EXPECT_EQ(bench.content("a"), "mine");
}

TEST_F(Others, AnOverwrittenValueIsWithdrawnAndTold) {
    bench.session("s1");
    bench.edit("a", "content", "mine");
    theirs([&] { bench.edit("a", "content", "theirs"); });
    EXPECT_FALSE(bench.can_undo()) << "the adding holds their edit too";
    EXPECT_TRUE(bench.view()["steps"][1]["withdrawn"].get<bool>());
    const base::Json undone = bench.undo();
    EXPECT_TRUE(undone["type"].is_null());
    EXPECT_EQ(undone["withdrawn"][0], base::Json::parse(R"({"slice":"files","id":"a","path":["content"],"why":"overwritten"})"));
    EXPECT_EQ(bench.content("a"), "theirs");
    EXPECT_EQ(bench.steps(), 0u);
    bench.session("s2");
    bench.undo();
    EXPECT_EQ(bench.content("a"), "mine") << "theirs can still be undone by them";
}

TEST_F(Others, AStepOfSeveralItemsIsUndoneWhereItCanBe) {
    bench.session("s1");
    bench.add("b", "b1");
    bench.context(R"({"group":"g"})");
    bench.edit("a", "content", "mine");
    bench.edit("b", "content", "mine");
    bench.context(R"({"group":""})");
    theirs([&] { bench.remove("a"); });
    const base::Json undone = bench.undo();
    EXPECT_EQ(undone["items"], base::Json::parse(R"([["files","b"]])"));
    EXPECT_EQ(undone["withdrawn"][0]["why"], "gone");
    EXPECT_EQ(bench.content("b"), "b1");
    EXPECT_EQ(bench.file("a"), "");
    bench.redo();
    EXPECT_EQ(bench.content("b"), "mine");
    EXPECT_EQ(bench.file("a"), "") << "what was not undone is not done again";
}

TEST_F(Others, WhatCouldBeDoneAgainIsWithdrawnLikewise) {
    bench.session("s1");
    bench.edit("a", "content", "mine");
    bench.undo();
    theirs([&] { bench.edit("a", "content", "theirs"); });
    EXPECT_FALSE(bench.can_redo());
    EXPECT_EQ(bench.redo()["withdrawn"][0]["why"], "overwritten");
    EXPECT_EQ(bench.content("a"), "theirs");
}

TEST_F(Others, TypingGoesOnInAStepOfItsOwnBehindAnEditOfSomebodyElse) {
    bench.session("s1");
    bench.edit("a", "content", "m");
    theirs([&] { bench.edit("a", "content", "theirs"); });
    bench.edit("a", "content", "theirs and mine");
    bench.undo();
    EXPECT_EQ(bench.content("a"), "theirs");
}

TEST_F(Others, AWholeItemWithTheSameValueOverwritesNothing) {
    bench.session("s1");
    bench.edit("a", "content", "mine");
    theirs([&] { bench.dispatch(frame_items("files/addItems", {{"a", R"({"content":"mine","name":"other","id":"a"})"}})); });
    EXPECT_EQ(bench.undo()["items"].size(), 1u);
    EXPECT_EQ(bench.content("a"), "one");
    EXPECT_EQ(bench.member("a", "name"), "other");
}

TEST_F(Others, AnElementThatMovedIsNotTakenForItsNeighbour) {
    const auto tree = [](std::string_view children) { return R"({"id":"t","root":{"id":"r","type":"B","children":[)" + std::string(children) + "]}}"; };
    const std::string n = R"({"id":"n","type":"B","props":{"x":1}})";
    bench.session("s1");
    bench.dispatch(frame_json("componentTrees/addTree", tree(n)));
    bench.dispatch(frame_json("componentTrees/updateTreeNode", R"({"treeId":"t","nodeId":"n","updates":{"props":{"x":2}}})"));
    theirs([&] { bench.dispatch(frame_json("componentTrees/updateTree", tree(R"({"id":"m","type":"B","props":{"x":2}},{"id":"n","type":"B","props":{"x":2}})"))); });
    EXPECT_EQ(bench.undo()["withdrawn"][0]["why"], "overwritten");
}

TEST(HistoryOnDisk, StepsSurviveRecoveryAndCompaction) {
    constexpr std::string_view kConfig = R"({"name":"t","storage":"indexeddb","session":"s1"})";
    std::vector<persist::File> disk;
    const auto settle = [&](client::Client& client, std::uint64_t now_ms) {
        while (auto effect = client.poll()) {
            const auto* write = std::get_if<persist::Write>(&*effect);
            if (write == nullptr) continue;
            for (const persist::File& file : write->puts) {
                std::erase_if(disk, [&](const persist::File& old) { return old.name == file.name; });
                disk.push_back(file);
            }
            for (const std::string& name : write->deletes) std::erase_if(disk, [&](const persist::File& old) { return old.name == name; });
            client.written(write->id, std::nullopt, now_ms);
        }
    };
    HistoryBench bench(kConfig);
    std::uint64_t& now_ms = bench.now_ms;
    bench.client->poll();
    bench.client->loaded(disk, now_ms);
    bench.add("a", "start");
    for (int i = 0; i < 300; ++i) {
        bench.pause();
        bench.edit("a", "content", std::to_string(i));
        bench.client->tick(now_ms);
        settle(*bench.client, now_ms);
    }
    bench.undo();
    bench.client->flush(true, now_ms);
    settle(*bench.client, now_ms);
    bool compacted = false;
    for (const persist::File& file : disk) compacted = compacted || file.name.starts_with("snap-");
    EXPECT_TRUE(compacted);
    HistoryBench again(kConfig);
    again.client->poll();
    again.client->loaded(disk, now_ms);
    again.now_ms = now_ms;
    EXPECT_EQ(again.steps(), bench.steps());
    again.redo();
    EXPECT_EQ(again.content("a"), "299");
    for (std::size_t i = 0; i < store::kHistorySteps; ++i) again.undo();
    EXPECT_EQ(again.content("a"), "99");
    EXPECT_FALSE(again.can_undo());
}

TEST(HistoryAndSync, APullOfOtherMembersKeepsTheStepAndAnUndoIsPushed) {
    EngineBench bench;
    bench.put_file("a", "one");
    bench.run("push");
    bench.now_ms += 10'000;
    bench.put_file("a", "two");
    bench.run("push");
    bench.server.items["files:a"] = R"({"id":"a","name":"two","language":"ts"})";
    bench.run("pull");
    bench.dispatch(frame_none("history/undo"));
    EXPECT_TRUE(base::same_json(bench.file("a"), R"({"id":"a","name":"one","language":"ts"})")) << bench.file("a");
    bench.run("push");
    EXPECT_TRUE(base::same_json(bench.server.items["files:a"], bench.file("a")));
}

}  // namespace
}  // namespace codeforge::testing
