// Settings of slices and of auto-sync, changed while the engine runs: pauses, batches, what stays at
// home, counters and the next sync.
#include <gtest/gtest.h>

#include <string>

#include "unit/support/engine_bench.hpp"
#include "unit/support/store_bench.hpp"

namespace codeforge::testing {
namespace {

using base::Json;

const char* const kOnChange = R"({"enabled":true,"intervalMs":30000,"syncOnChange":true})";

/// After the pull that every start makes.
void settle(EngineBench& bench) {
    bench.collect();
    bench.answer_all();
    bench.client->tick(bench.now_ms);
    bench.collect();
    bench.answer_all();
    bench.log.clear();
}

void configure(EngineBench& bench, const std::string& text) {
    const auto done = bench.client->configure(text, bench.now_ms);
    EXPECT_TRUE(done.ok()) << done.error().message;
    bench.collect();
}

void pass_to(EngineBench& bench, std::uint64_t at_ms) {
    for (auto next = bench.client->next_deadline_ms(); next && *next <= at_ms; next = bench.client->next_deadline_ms())
        if (!bench.pass()) break;
    bench.now_ms = at_ms;
    bench.client->tick(at_ms);
    bench.collect();
    bench.answer_all();
}

TEST(SyncSettings, AKeyWaitsForItsOwnPauseOnly) {
    EngineBench bench(kOnChange);
    settle(bench);
    const std::uint64_t start = bench.now_ms;
    configure(bench, R"({"sliceSync":{"models":{"debounceMs":800}}})");
    bench.put_file("a", "one");
    bench.dispatch(frame_json("models/addModel", R"({"id":"m","name":"M","fields":[]})"));
    pass_to(bench, start + 200);
    bench.put_file("a", "two");
    pass_to(bench, start + 499);
    EXPECT_TRUE(bench.server.items.empty());
    pass_to(bench, start + 500);
    EXPECT_TRUE(bench.server.items.contains("files:a"));
    EXPECT_FALSE(bench.server.items.contains("models:m"));
    pass_to(bench, start + 799);
    EXPECT_FALSE(bench.server.items.contains("models:m"));
    pass_to(bench, start + 800);
    EXPECT_TRUE(bench.server.items.contains("models:m"));
    EXPECT_EQ(bench.count("PUT"), 2) << "the typing in between was not sent";
}

TEST(SyncSettings, AFullQueueGoesAtOnce) {
    EngineBench bench(R"({"enabled":true,"intervalMs":30000,"syncOnChange":true,"maxQueueSize":3})");
    settle(bench);
    bench.put_file("a", "x");
    bench.put_file("b", "x");
    bench.collect();
    EXPECT_TRUE(bench.open.empty());
    bench.put_file("c", "x");
    bench.collect();
    bench.answer_all();
    EXPECT_EQ(bench.server.items.size(), 3u);
}

TEST(SyncSettings, ASliceThatStaysAtHomeIsNeitherPushedNorPulled) {
    EngineBench bench;
    bench.server.items["models:theirs"] = R"({"id":"theirs","name":"T","fields":[]})";
    configure(bench, R"({"sliceSync":{"models":{"syncToFlask":false}}})");
    bench.dispatch(frame_json("models/addModel", R"({"id":"ours","name":"O","fields":[]})"));
    bench.put_file("a", "x");
    EXPECT_EQ(bench.status()["pending"], 1);
    EXPECT_EQ(bench.run("push")["pushed"], 1);
    EXPECT_EQ(bench.run("pull")["pulled"], 0);
    EXPECT_EQ(bench.client->read("models", "theirs"), "");
    EXPECT_FALSE(bench.server.items.contains("models:ours"));
    EXPECT_EQ(bench.status()["pending"], 0);
    configure(bench, R"({"sliceSync":{"models":{"syncToFlask":true}}})");
    EXPECT_EQ(bench.run("push")["pushed"], 1);
    EXPECT_EQ(bench.run("pull")["pulled"], 1);
    EXPECT_TRUE(bench.server.items.contains("models:ours"));
    EXPECT_NE(bench.client->read("models", "theirs"), "");
}

TEST(SyncSettings, WhatIsEditedWhileASliceIsDisabledGoesWhenItIsEnabled) {
    EngineBench bench(kOnChange);
    settle(bench);
    configure(bench, R"({"sliceSync":{"files":{"enabled":false}}})");
    bench.put_file("a", "one");
    bench.put_file("a", "two");
    pass_to(bench, bench.now_ms + 5000);
    EXPECT_TRUE(bench.server.items.empty());
    EXPECT_EQ(bench.count("PUT"), 0);
    configure(bench, R"({"sliceSync":{"files":{"enabled":true}}})");
    pass_to(bench, bench.now_ms + 1);
    EXPECT_TRUE(same_json(bench.server.items["files:a"], R"({"id":"a","name":"two"})"));
}

TEST(SyncSettings, AServerThatLacksKeysOfASliceAtHomeDoesNotDeleteThem) {
    EngineBench bench;
    bench.put_file("a", "x");
    bench.put_file("b", "x");
    bench.dispatch(frame_json("models/addModel", R"({"id":"m","name":"M","fields":[]})"));
    bench.run("push");
    configure(bench, R"({"sliceSync":{"models":{"enabled":false}}})");
    bench.server.items.erase("models:m");
    EXPECT_EQ(bench.run("pull")["removed"], 0);
    EXPECT_NE(bench.client->read("models", "m"), "");
}

TEST(SyncSettings, BatchesOfTenUnlessTheSliceSaysElse) {
    EngineBench bench;
    for (int i = 0; i < 25; ++i) bench.put_file("a" + std::to_string(i), "x");
    EXPECT_EQ(bench.run("push")["pushed"], 25);
    EXPECT_EQ(bench.count("POST /api/storage/import"), 3);
    bench.log.clear();
    configure(bench, R"({"sliceSync":{"files":{"batchSize":4}}})");
    for (int i = 0; i < 25; ++i) bench.put_file("b" + std::to_string(i), "x");
    EXPECT_EQ(bench.run("push")["pushed"], 25);
    EXPECT_EQ(bench.count("POST /api/storage/import"), 7);
}

TEST(SyncSettings, FirstComeFirstSent) {
    EngineBench bench;
    for (const char* id : {"c", "a", "b"}) bench.put_file(id, "x");
    bench.run("push");
    std::vector<std::string> puts;
    for (const std::string& line : bench.log)
        if (line.starts_with("PUT")) puts.push_back(line.substr(line.size() - 1));
    EXPECT_EQ(puts, (std::vector<std::string>{"c", "a", "b"}));
}

TEST(SyncSettings, TheCounterGoesBackOnlyAfterASuccess) {
    EngineBench bench;
    bench.put_file("a", "one");
    bench.put_file("a", "two");
    bench.dispatch(frame_json("settings/toggleAutoSave", "null"));
    EXPECT_EQ(bench.status()["changes"], 2);
    bench.script = [](const sync::HttpRequest&) { return EngineBench::no_answer(EngineBench::Outcome::failed); };
    bench.run("push");
    EXPECT_EQ(bench.status()["changes"], 2);
    EXPECT_EQ(bench.status()["lastSyncedAt"], Json());
    bench.script = nullptr;
    bench.run("push");
    EXPECT_EQ(bench.status()["changes"], 0);
}

TEST(SyncSettings, AnIntervalAppliesWhileRunning) {
    EngineBench bench(R"({"enabled":true,"intervalMs":30000})");
    settle(bench);
    EXPECT_EQ(bench.status()["nextSyncAt"], bench.now_ms + 30'000);
    configure(bench, R"({"autoSync":{"intervalMs":1000}})");
    EXPECT_EQ(bench.status()["nextSyncAt"], bench.now_ms + 1000);
    configure(bench, R"({"autoSync":{"enabled":false}})");
    EXPECT_EQ(bench.status()["nextSyncAt"], Json());
    EXPECT_EQ(bench.status()["autoSync"]["enabled"], false);
    configure(bench, R"({"autoSync":{"enabled":true}})");
    EXPECT_EQ(bench.status()["nextSyncAt"], bench.now_ms + 1000);
}

TEST(SyncSettings, TheServerIsLookedAfterWithoutAnybodyAsking) {
    EngineBench bench(R"({"enabled":true,"intervalMs":1000})");
    settle(bench);
    EXPECT_EQ(bench.status()["connected"], true);
    bench.script = [](const sync::HttpRequest&) { return EngineBench::no_answer(EngineBench::Outcome::failed); };
    pass_to(bench, bench.now_ms + 1000);
    EXPECT_EQ(bench.status()["connected"], false);
    bench.script = nullptr;
    pass_to(bench, bench.now_ms + sync::kBackoffLimitMs);
    EXPECT_EQ(bench.status()["connected"], true);
}

TEST(SyncSettings, MetricsStartAnew) {
    EngineBench bench;
    bench.run("check");
    EXPECT_EQ(bench.status()["metrics"]["totalOperations"], 2);
    configure(bench, R"({"resetMetrics":true})");
    EXPECT_EQ(bench.status()["metrics"]["totalOperations"], 0);
    EXPECT_EQ(bench.status()["metrics"]["operationTimes"], Json::array());
}

TEST(SyncSettings, WrongOnesAreRefusedAndChangeNothing) {
    EngineBench bench;
    configure(bench, R"({"sliceSync":{"settings":{"syncToFlask":false}}})");
    for (const char* wrong : {R"({"sliceSync":{"nosuch":{}}})", R"({"sliceSync":{"files":7}})", R"({"sliceSync":{"files":{"enabled":1}}})",
                              R"({"sliceSync":{"files":{"debounceMs":-1}}})", R"({"sliceSync":{"files":{"batchSize":501}}})",
                              R"({"sliceSync":{"models":{"enabled":false},"files":{"debounceMs":"300"}}})"})
        EXPECT_FALSE(bench.client->configure(wrong, bench.now_ms).ok()) << wrong;
    bench.dispatch(frame_json("models/addModel", R"({"id":"m","name":"M","fields":[]})"));
    EXPECT_EQ(bench.run("push")["pushed"], 1);
}

}  // namespace
}  // namespace codeforge::testing
