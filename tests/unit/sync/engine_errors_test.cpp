// What the engine makes of refusals, overload, broken bodies and a server that is away.
#include <gtest/gtest.h>

#include <string>

#include "unit/support/engine_bench.hpp"

namespace codeforge::testing {
namespace {

using base::Json;

/// Answers writes of one key with a status; everything else is the server's.
EngineBench::Script refusing(const std::string& key_in_url, int status) {
    return [=](const sync::HttpRequest& request) -> std::optional<sync::HttpResponse> {
        const bool import = request.url.ends_with("/import");
        const bool hit = request.method == "PUT" && request.url.ends_with(key_in_url);
        const bool in_import = import && request.body.find("\"files:bad\"") != std::string::npos;
        if (hit || in_import) return EngineBench::status_of(status);
        return std::nullopt;
    };
}

TEST(EngineErrors, ARefusedValueDoesNotHoldUpTheOthers) {
    for (int status : {400, 409, 413, 415, 422}) {
        EngineBench bench;
        bench.put_file("bad", "x");
        bench.put_file("good", "x");
        bench.script = refusing("files%3Abad", status);
        const Json result = bench.run("push");
        EXPECT_EQ(result["ok"], true);
        EXPECT_EQ(result["pushed"], 1);
        EXPECT_EQ(result["refused"], 1);
        EXPECT_EQ(bench.status()["rejected"], 1);
        EXPECT_EQ(bench.pending(), 1u) << "kept, and visible";
        bench.log.clear();
        bench.run("push");
        EXPECT_EQ(bench.count("PUT"), 0) << "not tried again as it is";
        bench.script = nullptr;
        bench.put_file("bad", "mended");
        EXPECT_EQ(bench.run("push")["pushed"], 1);
        EXPECT_EQ(bench.pending(), 0u);
    }
}

TEST(EngineErrors, OneBadValueInABulkIsFoundOut) {
    for (int status : {400, 413, 500}) {
        EngineBench bench;
        for (int i = 0; i < 20; ++i) bench.put_file("f" + std::to_string(i), "x");
        bench.put_file("bad", "x");
        bench.script = refusing("files%3Abad", status);
        for (int i = 0; i < 4; ++i) bench.run("push");
        EXPECT_EQ(bench.server.items.size(), 20u);
        EXPECT_EQ(bench.status()["rejected"], 1) << status;
        EXPECT_EQ(bench.pending(), 1u);
    }
}

TEST(EngineErrors, A500IsTriedThreeTimes) {
    EngineBench bench;
    bench.put_file("bad", "x");
    bench.script = refusing("files%3Abad", 500);
    EXPECT_EQ(bench.run("push")["error"]["code"], "server");
    EXPECT_EQ(bench.status()["rejected"], 0);
    bench.run("push");
    bench.run("push");
    EXPECT_EQ(bench.status()["rejected"], 1);
    EXPECT_EQ(bench.count("PUT"), sync::kRefusedAfter);
}

TEST(EngineErrors, OverloadEndsTheRunAndWaitsAsAsked) {
    for (int status : {429, 503}) {
        EngineBench bench(R"({"enabled":true,"intervalMs":5000,"syncOnChange":true})");
        bench.collect();
        bench.answer_all();
        bench.put_file("a", "x");
        bench.put_file("b", "x");
        bench.script = [=](const sync::HttpRequest&) { return EngineBench::status_of(status, "60"); };
        for (int i = 0; i < 5 && bench.status()["lastError"].is_null(); ++i) bench.pass();
        EXPECT_EQ(bench.status()["lastError"]["code"], "server");
        EXPECT_EQ(bench.pending(), 2u);
        ASSERT_TRUE(bench.client->next_deadline_ms().has_value());
        EXPECT_GE(*bench.client->next_deadline_ms(), bench.now_ms + 60'000);
        bench.script = nullptr;
        for (int i = 0; i < 4; ++i) bench.pass();
        EXPECT_EQ(bench.pending(), 0u);
        EXPECT_EQ(bench.server.items.size(), 2u);
        EXPECT_TRUE(bench.status()["lastError"].is_null());
    }
}

TEST(EngineErrors, AnAbsentServerIsAskedEverMoreRarely) {
    EngineBench bench(R"({"enabled":true,"intervalMs":5000,"syncOnChange":true})");
    bench.collect();
    bench.answer_all();
    bench.put_file("a", "x");
    bench.script = [](const sync::HttpRequest&) { return EngineBench::no_answer(EngineBench::Outcome::failed); };
    const std::uint64_t begin = bench.now_ms;
    bench.log.clear();
    while (bench.now_ms < begin + 3'600'000) ASSERT_TRUE(bench.pass());
    EXPECT_LT(bench.log.size(), 700u) << "an hour at 30 s, with full jitter";
    EXPECT_GT(bench.log.size(), 60u);
    EXPECT_EQ(bench.status()["phase"], "offline");
    EXPECT_EQ(bench.status()["connected"], false);
    EXPECT_EQ(bench.pending(), 1u);
    bench.script = nullptr;
    ASSERT_TRUE(bench.client->configure(R"({"online":true})", bench.now_ms).ok());
    bench.collect();
    bench.answer_all();
    EXPECT_EQ(bench.pending(), 0u) << "at once when the browser says online";
}

TEST(EngineErrors, LoginAndRedirectsAreErrorsThatKeepEverything) {
    for (int status : {401, 403, 302, 418, 502}) {
        EngineBench bench;
        bench.put_file("a", "x");
        bench.script = [=](const sync::HttpRequest&) { return EngineBench::status_of(status); };
        const Json result = bench.run("push");
        EXPECT_EQ(result["error"]["code"], status == 401 || status == 403 ? "rejected" : "server") << status;
        EXPECT_EQ(bench.pending(), 1u);
        EXPECT_EQ(bench.status()["rejected"], 0);
    }
}

TEST(EngineErrors, BrokenBodiesChangeNothing) {
    for (const std::string body : {"", "null", "[]", "<html>", "{", R"({"files:a":)", R"({"files:a":{"id":"a","name":"cut)", "{\"files:a\":{}", "{}x"}) {
        EngineBench bench;
        bench.put_file("a", "mine");
        bench.run("push");
        bench.script = [&](const sync::HttpRequest&) { return sync::HttpResponse{0, EngineBench::Outcome::answered, 200, body, ""}; };
        const Json result = bench.run("pull");
        EXPECT_EQ(result["error"]["code"], "server") << body;
        EXPECT_EQ(bench.name_of("a"), "mine");
        EXPECT_EQ(bench.run("stats")["error"]["code"], "server") << body;
        bench.put_file("a", "newer");
        EXPECT_FALSE(bench.run("push").contains("ok")) << body;
        EXPECT_EQ(bench.name_of("a"), "newer");
        EXPECT_EQ(bench.pending(), 1u);
    }
}

TEST(EngineErrors, OneUnreadableValueDoesNotHoldUpAPull) {
    EngineBench bench;
    bench.put_file("bad", "mine");
    bench.run("push");
    bench.server.items["files:bad"] = "NaN";
    bench.server.items["files:worse"] = std::string(10'000, '[') + std::string(10'000, ']');
    bench.server.items["files:number"] = "3";
    bench.server.items["files:good"] = R"({"id":"good","name":"x"})";
    bench.server.items["unknown:1"] = "{}";
    bench.server.items["files"] = "{}";
    bench.server.items["files:"] = "{}";
    const Json result = bench.run("pull");
    EXPECT_EQ(result["ok"], true);
    EXPECT_EQ(result["pulled"], 1);
    EXPECT_EQ(result["unreadable"], 3);
    EXPECT_EQ(bench.name_of("bad"), "mine");
    EXPECT_EQ(bench.name_of("good"), "x");
    EXPECT_TRUE(bench.server.items.contains("files:worse")) << "it stays on the server as it is";
}

TEST(EngineErrors, ClearKeepsEverythingHere) {
    EngineBench bench;
    for (int i = 0; i < 5; ++i) bench.put_file("f" + std::to_string(i), "x");
    bench.run("push");
    EXPECT_EQ(bench.run("clear")["ok"], true);
    EXPECT_TRUE(bench.server.items.empty());
    EXPECT_EQ(bench.client->state().items(model::SliceId::files).size(), 5u);
    EXPECT_EQ(bench.run("pull")["removed"], 0);
    EXPECT_EQ(bench.run("push")["pushed"], 5);
    EXPECT_EQ(bench.server.items.size(), 5u);
}

TEST(EngineErrors, CheckAndStatsTellTheSlice) {
    EngineBench bench;
    bench.put_file("a", "x");
    bench.run("push");
    EXPECT_EQ(bench.run("check")["stats"]["totalKeys"], 1);
    EXPECT_EQ(bench.client->state().field(model::SliceId::sync, "flaskConnected")->text(), "true");
    bench.script = [](const sync::HttpRequest&) { return EngineBench::no_answer(EngineBench::Outcome::failed); };
    EXPECT_EQ(bench.run("check")["error"]["code"], "offline");
    EXPECT_EQ(bench.client->state().field(model::SliceId::sync, "flaskConnected")->text(), "false");
    bench.script = [](const sync::HttpRequest& request) -> std::optional<sync::HttpResponse> {
        if (request.url.ends_with("/health")) return EngineBench::status_of(404);
        return std::nullopt;
    };
    EXPECT_EQ(bench.run("check")["ok"], true) << "a server without /health is still a server";
}

TEST(EngineErrors, CommandsThatWaitAreAllAnswered) {
    EngineBench bench;
    bench.put_file("a", "x");
    const std::uint64_t first = bench.begin("push");
    const std::uint64_t second = bench.begin("push");
    const std::uint64_t third = bench.begin("pull");
    const std::uint64_t fourth = bench.begin("stats");
    bench.answer_all();
    for (std::uint64_t ticket : {first, second, third, fourth}) EXPECT_EQ(bench.result(ticket)["ok"], true) << ticket;
    const std::uint64_t open = bench.begin("pull");
    const std::uint64_t waiting = bench.begin("stats");
    bench.client->close(bench.now_ms);
    EXPECT_EQ(bench.result(open)["error"]["code"], "closed");
    EXPECT_EQ(bench.result(waiting)["error"]["code"], "closed");
}

}  // namespace
}  // namespace codeforge::testing
