// Undo and redo: what one step is, what it takes back, how many are kept.
#include "store/history.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.hpp"
#include "unit/support/history_bench.hpp"

namespace codeforge::testing {
namespace {

TEST(History, AnEditIsTakenBackAndDoneAgain) {
    HistoryBench bench;
    bench.add("a", "one");
    bench.pause();
    const std::string before = bench.file("a");
    bench.edit("a", "content", "two");
    const std::string after = bench.file("a");
    const base::Json undone = bench.undo();
    EXPECT_EQ(undone["type"], "files/updateItem");
    EXPECT_EQ(undone["items"], base::Json::parse(R"([["files","a"]])"));
    EXPECT_EQ(undone["withdrawn"], base::Json::array());
    EXPECT_EQ(bench.file("a"), before);
    EXPECT_TRUE(bench.can_redo());
    bench.redo();
    EXPECT_EQ(bench.file("a"), after);
    bench.undo();
    bench.undo();
    EXPECT_EQ(bench.file("a"), "") << "the adding too";
    EXPECT_FALSE(bench.can_undo());
    EXPECT_TRUE(bench.undo()["type"].is_null()) << "nothing was left";
    bench.redo();
    bench.redo();
    EXPECT_EQ(bench.file("a"), after);
    EXPECT_TRUE(bench.redo()["type"].is_null());
}

TEST(History, TypingIsOneStepUntilAPause) {
    HistoryBench bench;
    bench.add("a", "");
    bench.pause();
    for (const char* text : {"h", "he", "hel"}) {
        bench.edit("a", "content", text);
        bench.pause(store::kGroupPauseMs);
    }
    bench.pause(1);
    bench.edit("a", "content", "help");
    EXPECT_EQ(bench.steps(), 3u);
    bench.undo();
    EXPECT_EQ(bench.content("a"), "hel");
    bench.undo();
    EXPECT_EQ(bench.content("a"), "");
}

TEST(History, TypingWithoutAPauseEndsAStepAfterItsSpan) {
    HistoryBench bench;
    bench.add("a", "");
    bench.pause();
    for (int i = 0; i < 120; ++i, bench.pause(100)) bench.edit("a", "content", std::to_string(i));
    EXPECT_EQ(bench.steps(), 1u + 3u) << "12 s of typing in steps of 5 s at most";
}

TEST(History, AnotherItemAnotherMemberAndAWholeItemAreStepsOfTheirOwn) {
    HistoryBench bench;
    bench.add("a");
    bench.add("b");
    bench.edit("a", "content", "1");
    bench.edit("b", "content", "2");
    bench.edit("b", "name", "3");
    bench.edit("b", "name", "4");
    bench.remove("b");
    EXPECT_EQ(bench.steps(), 6u);
    bench.undo();
    EXPECT_EQ(bench.member("b", "name"), "4");
    bench.undo();
    EXPECT_EQ(bench.member("b", "name"), "n");
    EXPECT_EQ(bench.content("b"), "2");
}

TEST(History, ABulkActionIsOneStepAndItemsComeBackToTheirPlaces) {
    HistoryBench bench;
    bench.dispatch(frame_items("files/setItems", {{"a", R"({"id":"a"})"}, {"b", R"({"id":"b"})"}, {"c", R"({"id":"c"})"}}));
    bench.dispatch(frame_json("files/setActiveFile", R"("b")"));
    const std::string three = bench.documents();
    bench.remove("b");
    bench.undo();
    EXPECT_EQ(bench.documents(), three) << "the place and the choice too";
    bench.dispatch(frame_items("files/setItems", {{"c", R"({"id":"c"})"}, {"d", R"({"id":"d"})"}, {"a", R"({"id":"a","name":"new"})"}}));
    const std::string other = bench.documents();
    EXPECT_EQ(bench.steps(), 2u);
    bench.undo();
    EXPECT_EQ(bench.documents(), three);
    bench.redo();
    EXPECT_EQ(bench.documents(), other);
    bench.undo();
    bench.undo();
    EXPECT_EQ(bench.file("a") + bench.file("b") + bench.file("c"), "");
}

TEST(History, ANewEditEndsWhatCouldBeDoneAgain) {
    HistoryBench bench;
    bench.add("a", "one");
    bench.pause();
    bench.edit("a", "content", "two");
    bench.undo();
    bench.edit("a", "content", "three");
    EXPECT_FALSE(bench.can_redo());
    EXPECT_TRUE(bench.redo()["type"].is_null());
    EXPECT_EQ(bench.content("a"), "three");
    bench.undo();
    EXPECT_EQ(bench.content("a"), "one");
}

TEST(History, WhatIsNoEditOfADocumentIsNoStep) {
    HistoryBench bench;
    bench.add("a");
    bench.dispatch(frame_json("files/setActiveFile", R"("a")"));
    bench.dispatch(frame_none("files/loadFiles/pending"));
    bench.dispatch(frame_none("settings/toggleAutoSave"));
    bench.dispatch(frame_json("sync/setFlaskConnected", "true"));
    bench.dispatch(frame_none("project/markSynced"));
    bench.dispatch(frame_fields("files/updateItem", {{"id", R"("nobody")"}, {"name", R"("x")"}}));
    bench.edit("a", "content", "");
    EXPECT_EQ(bench.steps(), 1u) << bench.view().dump();
    bench.dispatch(frame_json("theme/setCurrentTheme", R"({"id":"t","colors":{}})"));
    bench.dispatch(frame_json("theme/updateThemeColors", R"({"primary":"red"})"));
    EXPECT_EQ(bench.steps(), 3u);
    bench.undo();
    EXPECT_EQ(base::Json::parse(bench.client->read("theme", ""))["currentTheme"], base::Json::parse(R"({"id":"t","colors":{}})"));
}

TEST(History, AGroupIsOneStep) {
    HistoryBench bench;
    bench.add("a", "one");
    bench.pause();
    const std::string before = bench.documents();
    bench.context(R"({"group":"g1"})");
    bench.edit("a", "content", "two");
    bench.pause();
    bench.add("b");
    bench.edit("b", "name", "x");
    bench.remove("a");
    bench.edit("b", "name", "y");
    const std::string after = bench.documents();
    bench.context(R"({"group":""})");
    bench.edit("b", "name", "z");
    EXPECT_EQ(bench.steps(), 3u);
    EXPECT_EQ(bench.view()["steps"][1]["items"], 3) << "a, b and a again";
    bench.undo();
    EXPECT_EQ(bench.documents(), after);
    bench.undo();
    EXPECT_EQ(bench.documents(), before);
    bench.redo();
    EXPECT_EQ(bench.documents(), after);
}

TEST(History, AGroupCanBeDroppedWithoutATrace) {
    HistoryBench bench;
    bench.add("a", "one");
    const std::string before = bench.documents();
    bench.context(R"({"group":"g1"})");
    bench.dispatch(frame_none("history/rollback"));
    EXPECT_EQ(bench.documents(), before) << "nothing of this group yet";
    bench.edit("a", "content", "two");
    bench.dispatch(frame_none("history/rollback"));
    EXPECT_EQ(bench.documents(), before);
    EXPECT_FALSE(bench.can_redo());
    EXPECT_TRUE(bench.can_undo());
}

TEST(History, AnEditThatIsNotUndoableLeavesNoStep) {
    HistoryBench bench;
    bench.add("a", "one");
    bench.context(R"({"undoable":false})");
    bench.add("b");
    EXPECT_EQ(bench.steps(), 1u);
    bench.edit("a", "content", "two");
    bench.context(R"({"undoable":true})");
    EXPECT_TRUE(bench.undo()["type"].is_null()) << "a would take the edit with it";
    EXPECT_EQ(bench.content("a"), "two");
}

TEST(History, ClearForgetsWhatCouldBeTakenBack) {
    HistoryBench bench;
    bench.add("a", "one");
    bench.undo();
    bench.dispatch(frame_none("history/clear"));
    EXPECT_FALSE(bench.can_redo());
    bench.add("a", "one");
    bench.dispatch(frame_none("history/clear"));
    EXPECT_EQ(bench.steps(), 0u);
    bench.undo();
    EXPECT_EQ(bench.content("a"), "one");
}

TEST(History, TheOldestStepsGoFirst) {
    HistoryBench bench;
    bench.add("a", "start");
    for (std::size_t i = 0; i < store::kHistorySteps + 50; ++i) {
        bench.pause();
        bench.edit("a", "content", std::to_string(i));
    }
    EXPECT_EQ(bench.steps(), store::kHistorySteps);
    for (std::size_t i = 0; i < store::kHistorySteps; ++i) EXPECT_FALSE(bench.undo()["type"].is_null());
    EXPECT_FALSE(bench.can_undo());
    EXPECT_EQ(bench.content("a"), "49");
    for (std::size_t i = 0; i < store::kHistorySteps; ++i) bench.redo();
    EXPECT_EQ(bench.content("a"), std::to_string(store::kHistorySteps + 49));
}

TEST(History, TheBytesOfAllStepsAreBounded) {
    HistoryBench bench;
    const std::string megabyte(1u << 20, 'x');
    bench.add("a", megabyte);
    for (int i = 0; i < 40; ++i) {
        bench.pause();
        bench.edit("a", "content", megabyte + std::to_string(i));
    }
    std::size_t bytes = 0;
    for (const auto& [id, item] : bench.client->state().items(model::SliceId::history)) bytes += item.value.text_bytes();
    EXPECT_LE(bytes, store::kHistoryBytes + 1000);
    EXPECT_GT(bytes, store::kHistoryBytes - (2u << 20));
    EXPECT_GT(bench.steps(), 28u);
    bench.undo();
    EXPECT_EQ(bench.content("a"), megabyte + "38");
}

TEST(History, AStepThatIsTooLongEndsWhatCameBeforeIt) {
    HistoryBench bench;
    const std::string big(7u << 20, 'x');
    for (const char* id : {"a", "b", "c", "d", "e"}) bench.add(id, big);
    EXPECT_EQ(bench.steps(), 5u);
    bench.dispatch(frame_items("files/setItems", {}));
    EXPECT_EQ(bench.steps(), 0u) << "35 MiB cannot be kept, and older steps would put back parts of it";
    EXPECT_TRUE(bench.undo()["type"].is_null());
    bench.add("f");
    EXPECT_EQ(bench.steps(), 1u);
}

TEST(History, TimelinesOfSessionsAndUsersAreTheirOwn) {
    HistoryBench bench;
    bench.add("a", "one");
    bench.session("s2");
    EXPECT_FALSE(bench.can_undo());
    bench.add("b", "two");
    bench.context(R"({"session":"s1","user":"eve"})");
    EXPECT_FALSE(bench.can_undo());
    bench.context(R"({"session":"s1","user":""})");
    bench.undo();
    EXPECT_EQ(bench.file("a"), "");
    EXPECT_EQ(bench.content("b"), "two");
}

TEST(History, TimelinesAreBoundedAndTheIdleOneGoes) {
    HistoryBench bench;
    for (std::size_t i = 0; i < store::kTimelines + 3; ++i) {
        bench.pause();
        bench.session("s" + std::to_string(i));
        bench.add("a" + std::to_string(i));
    }
    std::size_t timelines = 0;
    for (const auto& [id, item] : bench.client->state().items(model::SliceId::history)) timelines += id.starts_with("@") ? 1 : 0;
    EXPECT_EQ(timelines, store::kTimelines);
    bench.session("s2");
    EXPECT_FALSE(bench.can_undo());
    bench.session("s3");
    EXPECT_TRUE(bench.can_undo());
}

TEST(History, ContextIsChecked) {
    HistoryBench bench;
    for (std::string_view text : {"", "[]", R"({"session":1})", R"({"session":"x")"}) {
        const auto done = bench.client->context(text);
        ASSERT_FALSE(done.ok()) << text;
        EXPECT_EQ(done.error().code, base::Code::malformed_payload);
    }
    EXPECT_FALSE(bench.client->context(R"({"user":")" + std::string(600, 'x') + "\"}").ok());
}

TEST(History, TheRevisionMovesWithTheStepsAndNotWithTyping) {
    HistoryBench bench;
    bench.add("a");
    bench.edit("a", "content", "1");
    const auto revision = bench.view()["revision"].get<std::uint64_t>();
    EXPECT_EQ(bench.client->history(revision), "");
    bench.edit("a", "content", "12");
    EXPECT_EQ(bench.client->history(revision), "");
    bench.edit("a", "name", "x");
    EXPECT_NE(bench.client->history(revision), "");
}

/// Random edits: undoing all of them leads back, state by state, and redoing all of them forth.
TEST(History, RandomEditsLeadBackAndForth) {
    for (int seed = 0; seed < 12; ++seed) {
        HistoryBench bench;
        base::Random random("history-" + std::to_string(seed));
        std::vector<std::string> states{bench.documents()};
        for (int i = 0; i < 60; ++i) {
            bench.pause();
            const std::string id(1, static_cast<char>('a' + random.next() % 5));
            const std::string tree = R"({"id":"t","root":{"id":"r","type":"B","children":[{"id":"n","type":"B"}]}})";
            switch (random.next() % 9) {
                case 0: bench.add(id, std::to_string(i)); break;
                case 1: bench.remove(id); break;
                case 2: bench.dispatch(frame_json("files/saveFile", R"({"id":)" + base::quoted(id) + R"(,"extra":[1,{"x":)" + std::to_string(i) + "}]}")); break;
                case 3: bench.dispatch(frame_items("files/setItems", {{id, R"({"id":)" + base::quoted(id) + "}"}, {"z", R"({"id":"z"})"}})); break;
                case 4: bench.dispatch(frame_json("componentTrees/addTree", tree)); break;
                case 5: bench.dispatch(frame_json("componentTrees/updateTreeNode", R"({"treeId":"t","nodeId":"n","updates":{"props":{"i":)" + std::to_string(i) + "}}}")); break;
                case 6: bench.dispatch(frame_json("project/createProject", R"({"id":"p","name":")" + std::to_string(i) + "\"}")); break;
                case 7: bench.dispatch(frame_json("project/updateProjectMetadata", R"({"name":")" + std::to_string(i) + "\"}")); break;
                default: bench.edit(id, random.next() % 2 == 0 ? "name" : "content", std::to_string(i)); break;
            }
            if (bench.steps() == states.size()) states.push_back(bench.documents());
            ASSERT_EQ(bench.steps() + 1, states.size());
        }
        // Members that an action took out come back behind the others.
        const auto same = [&](std::size_t i) { return base::same_json(bench.documents(), states[i]); };
        for (std::size_t i = states.size() - 1; i > 0; --i) {
            bench.undo();
            ASSERT_TRUE(same(i - 1)) << "seed " << seed << " back to " << i - 1 << "\n" << bench.documents() << "\nis not\n" << states[i - 1];
        }
        for (std::size_t i = 1; i < states.size(); ++i) {
            bench.redo();
            ASSERT_TRUE(same(i)) << "seed " << seed << " forth to " << i;
        }
    }
}

}  // namespace
}  // namespace codeforge::testing
