// The sync engine against a server that follows a script: push, pull, bulk, and everything that can
// go wrong with an answer.
#include "sync/engine.hpp"

#include <gtest/gtest.h>

#include <string>

#include "unit/support/engine_bench.hpp"
#include "unit/support/store_bench.hpp"

namespace codeforge::testing {
namespace {

using base::Json;

const std::string kFileA = "/api/storage/files%3Aa";

TEST(Engine, PushSendsWhatChangedAndNothingTwice) {
    EngineBench bench;
    bench.put_file("a", "one");
    bench.put_file("b", "two");
    const Json result = bench.run("push");
    EXPECT_EQ(result["pushed"], 2);
    EXPECT_EQ(result["ok"], true);
    EXPECT_TRUE(same_json(bench.server.items["files:a"], R"({"id":"a","name":"one"})"));
    EXPECT_EQ(bench.pending(), 0u);
    bench.log.clear();
    EXPECT_EQ(bench.run("push")["pushed"], 0);
    EXPECT_TRUE(bench.log.empty());
    bench.dispatch(frame_json("files/deleteFile", R"("a")"));
    EXPECT_EQ(bench.run("push")["deleted"], 1);
    EXPECT_FALSE(bench.server.items.contains("files:a"));
}

TEST(Engine, ManyKeysGoInBulkAndFewSingly) {
    EngineBench bench;
    for (std::size_t i = 0; i < sync::kBulkFrom - 1; ++i) bench.put_file("a" + std::to_string(i), "x");
    EXPECT_EQ(bench.run("push")["pushed"], sync::kBulkFrom - 1);
    EXPECT_EQ(bench.count("PUT"), static_cast<int>(sync::kBulkFrom) - 1);
    EXPECT_EQ(bench.count("POST"), 0);
    bench.log.clear();
    for (int i = 0; i < 1234; ++i) bench.put_file("b" + std::to_string(i), "x");
    EXPECT_EQ(bench.run("push")["pushed"], 1234);
    EXPECT_EQ(bench.count("GET /api/storage/export"), 1);
    EXPECT_EQ(bench.count("POST /api/storage/import"), 3) << "at most 500 items each";
    EXPECT_EQ(bench.count("PUT"), 0);
    EXPECT_EQ(bench.server.items.size(), 1234u + sync::kBulkFrom - 1);
}

TEST(Engine, BulkBodiesHaveABound) {
    EngineBench bench;
    const std::string large(1u << 20, 'x');
    for (int i = 0; i < 12; ++i) bench.put_file("big" + std::to_string(i), large);
    std::size_t largest = 0;
    bench.script = [&](const sync::HttpRequest& request) {
        largest = std::max(largest, request.body.size());
        return std::nullopt;
    };
    EXPECT_EQ(bench.run("push")["pushed"], 12);
    EXPECT_GE(bench.count("POST"), 3);
    EXPECT_LE(largest, sync::kImportBytes + (2u << 20));
}

TEST(Engine, AtMostFourRequestsAreInFlight) {
    EngineBench bench;
    for (int i = 0; i < 10; ++i) bench.put_file("a" + std::to_string(i), "x");
    bench.begin("push");
    EXPECT_EQ(bench.open.size(), sync::kRequestsInFlight);
    while (!bench.open.empty()) {
        bench.answer_one();
        EXPECT_LE(bench.open.size(), sync::kRequestsInFlight);
    }
    EXPECT_EQ(bench.server.items.size(), 10u);
}

TEST(Engine, PullTakesRemovesAndKeeps) {
    EngineBench bench;
    for (int i = 0; i < 5; ++i) bench.put_file("a" + std::to_string(i), "old");
    bench.run("push");
    bench.server.items["files:a0"] = R"({"id":"a0","name":"new"})";
    bench.server.items["models:m:1"] = R"({"name":"without an id"})";
    bench.server.items.erase("files:a1");
    bench.put_file("mine", "not pushed yet");
    const Json result = bench.run("pull");
    EXPECT_EQ(result["pulled"], 2);
    EXPECT_EQ(result["removed"], 1);
    EXPECT_EQ(bench.name_of("a0"), "new");
    EXPECT_EQ(bench.file("a1"), "");
    EXPECT_EQ(bench.name_of("mine"), "not pushed yet");
    EXPECT_TRUE(same_json(bench.client->read("models", "m:1"), R"({"id":"m:1","name":"without an id"})"));
    EXPECT_EQ(bench.pending(), 1u);
}

TEST(Engine, PullFromAnEmptyServerRemovesNothing) {
    EngineBench bench;
    for (int i = 0; i < 30; ++i) bench.put_file("a" + std::to_string(i), "x");
    bench.run("push");
    bench.server.items.clear();
    const Json result = bench.run("pull");
    EXPECT_EQ(result["removed"], 0);
    EXPECT_EQ(result["kept"], 30);
    EXPECT_EQ(bench.client->state().items(model::SliceId::files).size(), 30u);
    bench.run("push");
    EXPECT_EQ(bench.server.items.size(), 30u) << "and what was kept goes to the server again";
}

TEST(Engine, KeptItemsArePushedAgain) {
    EngineBench bench(R"({"enabled":true,"intervalMs":5000,"syncOnChange":true})");
    bench.collect();
    bench.answer_all();
    bench.put_file("a", "x");
    for (int i = 0; i < 4; ++i) bench.pass();
    ASSERT_EQ(bench.server.items.size(), 1u);
    bench.server.items.clear();
    for (int i = 0; i < 8; ++i) bench.pass();
    EXPECT_EQ(bench.server.items.size(), 1u) << "without another edit";
    EXPECT_EQ(bench.pending(), 0u);
}

TEST(Engine, DivergenceBecomesAConflictAndParksTheKey) {
    EngineBench bench;
    bench.put_file("a", "base");
    bench.run("push");
    bench.server.items["files:a"] = R"({"id":"a","name":"theirs"})";
    bench.put_file("a", "mine");
    const Json result = bench.run("push");
    EXPECT_EQ(result["conflicts"], 1);
    EXPECT_EQ(result["pushed"], 0);
    EXPECT_EQ(bench.conflicts(), 1u);
    EXPECT_EQ(bench.name_of("a"), "mine");
    EXPECT_TRUE(same_json(bench.server.items["files:a"], R"({"id":"a","name":"theirs"})"));
    bench.log.clear();
    bench.run("push");
    EXPECT_EQ(bench.count("PUT"), 0) << "parked";
    bench.run("pull");
    EXPECT_EQ(bench.name_of("a"), "mine");
    bench.dispatch(frame_json("conflicts/resolveConflict", R"({"conflictId":"files:a","strategy":"local"})"));
    EXPECT_EQ(bench.run("push")["pushed"], 1);
    EXPECT_TRUE(same_json(bench.server.items["files:a"], R"({"id":"a","name":"mine"})"));
}

TEST(Engine, AutomaticResolutionLeavesNothingForAPerson) {
    for (const std::string strategy : {"local", "remote"}) {
        EngineBench bench;
        bench.dispatch(frame_json("conflicts/setAutoResolveStrategy", base::quoted(strategy)));
        bench.put_file("a", "base");
        bench.run("push");
        bench.server.items["files:a"] = R"({"id":"a","name":"theirs"})";
        bench.put_file("a", "mine");
        bench.run("pull");
        EXPECT_EQ(bench.conflicts(), 0u);
        bench.run("push");
        EXPECT_EQ(bench.name_of("a"), strategy == "local" ? "mine" : "theirs");
        EXPECT_EQ(Json::parse(bench.server.items["files:a"])["name"], strategy == "local" ? "mine" : "theirs");
    }
}

TEST(Engine, EditsDuringAPushGoWithTheNextOne) {
    EngineBench bench;
    bench.put_file("a", "one");
    const std::uint64_t ticket = bench.begin("push");
    bench.answer_one();  // the look at the server
    ASSERT_EQ(bench.open.size(), 1u);
    bench.put_file("a", "two");
    bench.answer_all();
    EXPECT_EQ(bench.result(ticket)["pushed"], 1);
    EXPECT_EQ(Json::parse(bench.server.items["files:a"])["name"], "one") << "the frozen payload";
    EXPECT_EQ(bench.name_of("a"), "two");
    EXPECT_EQ(bench.pending(), 1u);
    bench.run("push");
    EXPECT_EQ(Json::parse(bench.server.items["files:a"])["name"], "two");
    EXPECT_EQ(bench.pending(), 0u);
}

TEST(Engine, ALostRequestIsSentAgainWithTheSameMutation) {
    EngineBench bench;
    bench.put_file("a", "one");
    bench.script = [](const sync::HttpRequest& request) -> std::optional<sync::HttpResponse> {
        if (request.method == "PUT") return EngineBench::no_answer(EngineBench::Outcome::timed_out);
        return std::nullopt;
    };
    EXPECT_EQ(bench.run("push")["error"]["code"], "timeout");
    const auto before = sync::read_pending(bench.client->state(), "files:a");
    ASSERT_TRUE(before && before->entry);
    bench.put_file("a", "two");
    bench.script = nullptr;
    EXPECT_EQ(bench.run("push")["ok"], true);
    EXPECT_EQ((bench.server.stored[{"files:a", *before->entry->value}]), 1) << "the entry as it was frozen";
    bench.run("push");
    EXPECT_EQ(Json::parse(bench.server.items["files:a"])["name"], "two");
    EXPECT_EQ(bench.pending(), 0u);
}

TEST(Engine, ALostAnswerIsNoticedAndNothingIsSentTwice) {
    EngineBench bench;
    bench.put_file("a", "one");
    bench.script = [&](const sync::HttpRequest& request) -> std::optional<sync::HttpResponse> {
        if (request.method != "PUT") return std::nullopt;
        bench.server.handle(request);
        return EngineBench::no_answer(EngineBench::Outcome::failed);
    };
    EXPECT_EQ(bench.run("push")["error"]["code"], "offline");
    bench.script = nullptr;
    bench.log.clear();
    EXPECT_EQ(bench.run("push")["ok"], true);
    EXPECT_EQ(bench.count("PUT"), 0) << "the server has it already";
    EXPECT_EQ(bench.pending(), 0u);
}

TEST(Engine, NewerValueFollowsAResentEntry) {
    EngineBench bench(R"({"enabled":true,"intervalMs":5000,"syncOnChange":true})");
    bench.collect();
    bench.answer_all();
    bool broken = true;
    bench.script = [&](const sync::HttpRequest& request) -> std::optional<sync::HttpResponse> {
        if (broken && request.method == "PUT") return EngineBench::no_answer(EngineBench::Outcome::timed_out);
        return std::nullopt;
    };
    bench.put_file("a", "one");
    for (int i = 0; i < 5 && bench.count("PUT") == 0; ++i) bench.pass();
    ASSERT_EQ(bench.count("PUT"), 1);
    bench.put_file("a", "two");
    broken = false;
    for (int i = 0; i < 12; ++i) bench.pass();
    EXPECT_EQ(Json::parse(bench.server.items["files:a"])["name"], "two") << "without another edit";
    EXPECT_EQ(bench.pending(), 0u);
}

TEST(Engine, LateAndStrangeAnswersAreIgnored) {
    EngineBench bench;
    bench.put_file("a", "one");
    bench.begin("push");
    sync::HttpResponse late{9999, EngineBench::Outcome::answered, 200, R"({"value":{"id":"a","name":"x"}})", ""};
    bench.client->answered(late, bench.now_ms);
    const sync::HttpRequest first = bench.open.front();
    bench.answer_all();
    late.id = first.id;
    bench.client->answered(late, bench.now_ms);
    EXPECT_EQ(bench.pending(), 0u);
    EXPECT_EQ(bench.name_of("a"), "one");
}

TEST(Engine, SlashesNeverReachThePath) {
    EngineBench bench;
    for (std::string_view id : {"a/b", "x:y", "p q", "~", "%2F", "?#", "\xc3\xa9"}) bench.put_file(id, "v");
    EXPECT_EQ(bench.run("push")["pushed"], 7);
    EngineBench other;
    other.server.items = bench.server.items;
    EXPECT_EQ(other.run("pull")["pulled"], 7);
    for (std::string_view id : {"a/b", "x:y", "p q", "~", "%2F", "?#", "\xc3\xa9"}) EXPECT_EQ(other.name_of(id), "v") << id;
}

TEST(Engine, WithoutAServerCommandsSaySo) {
    EngineBench bench;
    ASSERT_TRUE(bench.client->configure(R"({"flaskApiUrl":null})", bench.now_ms).ok());
    for (const char* command : {"push", "pull", "check", "stats", "clear"}) {
        EXPECT_EQ(bench.run(command)["error"]["code"], "no-server") << command;
    }
    EXPECT_EQ(bench.status()["phase"], "disabled");
    EXPECT_TRUE(bench.log.empty());
    EXPECT_FALSE(bench.client->sync(R"({"do":"explode"})", 0).ok());
    EXPECT_FALSE(bench.client->sync("[", 0).ok());
}

}  // namespace
}  // namespace codeforge::testing
