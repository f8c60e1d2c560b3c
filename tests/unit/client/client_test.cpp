// The client's promises to its surroundings: phases, tickets, flushes, the feed.
#include "client/client.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/json.hpp"
#include "unit/support/frames.hpp"
#include "unit/support/own_client.hpp"
#include "unit/support/store_bench.hpp"

namespace codeforge::testing {
namespace {

using base::Json;

constexpr std::string_view kStored = R"({"name":"t","storage":"indexeddb","seed":"01"})";
const base::Error kQuota{base::Code::storage, "quota: full"};

class ClientBench {
public:
    explicit ClientBench(std::string_view config = kStored, bool load = true) : client(make_client(config)) {
        open_ticket = client->open(now_ms);
        poll();
        if (load && asked_for_files) client->loaded({}, now_ms);
        poll();
    }
    void poll() {
        while (auto effect = client->poll()) {
            if (auto* write = std::get_if<persist::Write>(&*effect)) writes.push_back(std::move(*write));
            asked_for_files = asked_for_files || std::holds_alternative<client::LoadFiles>(*effect);
            closed_files = closed_files || std::holds_alternative<client::CloseFiles>(*effect);
        }
    }
    void edit() {
        ASSERT_TRUE(client->dispatch(frame_json("files/addFile", R"({"id":"a","name":")" + std::to_string(++edits) + "\"}"), now_ms).ok());
        poll();
    }
    /// Whether it was an echo. The action must be accepted.
    bool dispatch(const std::string& frame) {
        const auto dispatched = client->dispatch(frame, now_ms);
        EXPECT_TRUE(dispatched.ok());
        return dispatched.ok() && dispatched->echo;
    }
    /// Answers the oldest write.
    void written(const std::optional<base::Error>& failure = std::nullopt) {
        ASSERT_FALSE(writes.empty());
        const std::uint64_t id = writes.front().id;
        writes.erase(writes.begin());
        client->written(id, failure, now_ms);
        poll();
    }
    Json done(std::uint64_t ticket) {
        const Json feed = Json::parse(client->take_changes(), nullptr, false);
        for (const Json& entry : feed["done"]) results[std::to_string(entry[0].get<std::uint64_t>())] = entry[1];
        return results.value(std::to_string(ticket), Json());
    }
    Json status() { return Json::parse(client->status_json(), nullptr, false); }
    std::uint64_t flush(bool strict = false) {
        const std::uint64_t ticket = client->flush(strict, now_ms);
        poll();
        return ticket;
    }

    std::uint64_t now_ms = 1'700'000'000'000;
    std::unique_ptr<client::Client> client;
    std::vector<persist::Write> writes;
    Json results = Json::object();
    std::uint64_t open_ticket = 0;
    bool asked_for_files = false;
    bool closed_files = false;
    int edits = 0;
};

TEST(Client, ConfigurationIsChecked) {
    for (std::string_view config : {"", "[]", "{}", R"({"name":""})", R"({"name":"x","storage":"floppy"})", R"({"name":"x","flaskApiUrl":"ftp://x"})"}) {
        const auto created = client::Client::create(config);
        ASSERT_FALSE(created.ok()) << config;
        EXPECT_EQ(created.error().code, base::Code::malformed_payload);
    }
}

TEST(Client, NothingIsAcceptedBeforeItIsOpen) {
    ClientBench bench(kStored, false);
    const auto dispatched = bench.client->dispatch(frame_json("files/addFile", R"({"id":"a"})"), 0);
    ASSERT_FALSE(dispatched.ok());
    EXPECT_EQ(dispatched.error().code, base::Code::not_ready);
    EXPECT_EQ(bench.client->sync(R"({"do":"push"})", 0).error().code, base::Code::not_ready);
    EXPECT_EQ(bench.done(bench.flush())["error"]["code"], "not-ready");
    EXPECT_TRUE(bench.done(bench.open_ticket).is_null());
    bench.client->loaded({}, bench.now_ms);
    EXPECT_EQ(bench.done(bench.open_ticket)["ok"], true);
    EXPECT_EQ(bench.status()["phase"], "ready");
}

TEST(Client, AFailedOpenIsFinalAndSaysWhy) {
    ClientBench bench(kStored, false);
    bench.client->load_failed({base::Code::storage, "unavailable: private mode"}, bench.now_ms);
    EXPECT_EQ(bench.done(bench.open_ticket)["error"]["code"], "storage");
    EXPECT_EQ(bench.status()["phase"], "failed");
    EXPECT_EQ(bench.status()["storage"]["error"]["code"], "unavailable");
    EXPECT_FALSE(bench.client->dispatch(frame_none("files/clearActiveFile"), 0).ok());
    bench.poll();
    EXPECT_TRUE(bench.writes.empty());
}

TEST(Client, MemoryIsReadyAndDurableAtOnce) {
    ClientBench bench(R"({"name":"t","storage":"memory"})");
    EXPECT_FALSE(bench.asked_for_files);
    EXPECT_EQ(bench.done(bench.open_ticket)["ok"], true);
    bench.edit();
    EXPECT_EQ(bench.done(bench.flush(true))["ok"], true);
    EXPECT_TRUE(bench.writes.empty());
    EXPECT_EQ(bench.status()["save"], "memory");
}

TEST(Client, AFlushEndsWhenEveryCommitBeforeItIsDurable) {
    ClientBench bench;
    bench.edit();
    EXPECT_EQ(bench.status()["save"], "saving");
    bench.edit();
    const std::uint64_t ticket = bench.flush();
    ASSERT_EQ(bench.writes.size(), 2u) << "issued in the turn of the call";
    EXPECT_TRUE(bench.done(ticket).is_null());
    bench.written();
    EXPECT_TRUE(bench.done(ticket).is_null());
    bench.written();
    EXPECT_EQ(bench.done(ticket)["ok"], true);
    EXPECT_EQ(bench.status()["save"], "saved");
    EXPECT_EQ(bench.status()["unsavedCommits"], 0);
    EXPECT_EQ(bench.done(bench.flush())["ok"], true) << "nothing to do: at once";
}

TEST(Client, AStrictFlushWaitsForAStrictWrite) {
    ClientBench bench;
    bench.edit();
    bench.written();
    const std::uint64_t ticket = bench.flush(true);
    EXPECT_TRUE(bench.done(ticket).is_null());
    ASSERT_EQ(bench.writes.size(), 1u);
    EXPECT_TRUE(bench.writes.front().strict);
    bench.written();
    EXPECT_EQ(bench.done(ticket)["ok"], true);
    EXPECT_EQ(bench.status()["strictSeq"], bench.status()["seq"]);
}

TEST(Client, AFlushFailsWithTheStorageAndTheEditsStay) {
    ClientBench bench;
    bench.edit();
    const std::uint64_t ticket = bench.flush();
    bench.written(kQuota);
    EXPECT_EQ(bench.done(ticket)["error"]["code"], "storage");
    EXPECT_EQ(bench.status()["save"], "problem");
    EXPECT_EQ(bench.status()["storage"]["error"]["code"], "quota");
    EXPECT_EQ(bench.status()["unsavedCommits"], 1);
    ASSERT_TRUE(bench.client->next_deadline_ms().has_value());
    bench.now_ms = *bench.client->next_deadline_ms();
    bench.client->tick(bench.now_ms);
    bench.poll();
    bench.written();
    EXPECT_EQ(bench.status()["save"], "saved");
    EXPECT_EQ(bench.status()["unsavedCommits"], 0);
}

TEST(Client, FlushAfterAFailureTriesAgain) {
    ClientBench bench;
    bench.edit();
    bench.written(kQuota);
    const std::uint64_t ticket = bench.flush();
    EXPECT_TRUE(bench.done(ticket).is_null()) << "the failure was that of another write";
    ASSERT_EQ(bench.writes.size(), 1u);
    bench.written();
    EXPECT_EQ(bench.done(ticket)["ok"], true);
}

TEST(Client, CloseSavesAndThenRefuses) {
    ClientBench bench;
    bench.edit();
    bench.written();
    bench.edit();
    const std::uint64_t ticket = bench.client->close(bench.now_ms);
    bench.poll();
    EXPECT_TRUE(bench.done(ticket).is_null());
    EXPECT_FALSE(bench.closed_files);
    ASSERT_EQ(bench.writes.size(), 1u);
    bench.written();
    EXPECT_EQ(bench.done(ticket)["ok"], true);
    EXPECT_TRUE(bench.closed_files);
    EXPECT_EQ(bench.client->dispatch(frame_none("files/clearActiveFile"), 0).error().code, base::Code::closed);
    EXPECT_EQ(bench.client->sync(R"({"do":"push"})", 0).error().code, base::Code::closed);
    EXPECT_EQ(bench.done(bench.flush())["error"]["code"], "closed");
    EXPECT_EQ(bench.done(bench.client->close(bench.now_ms))["ok"], true);
    EXPECT_FALSE(bench.client->next_deadline_ms().has_value());
}

TEST(Client, CloseAfterAFailureTriesAgain) {
    ClientBench bench;
    bench.edit();
    bench.written(kQuota);
    const std::uint64_t ticket = bench.client->close(bench.now_ms);
    bench.poll();
    EXPECT_FALSE(bench.closed_files) << "its write is on the way";
    ASSERT_EQ(bench.writes.size(), 1u);
    bench.written();
    EXPECT_EQ(bench.done(ticket)["ok"], true);
    EXPECT_TRUE(bench.closed_files);
}

TEST(Client, CloseWhileOpening) {
    ClientBench bench(kStored, false);
    const std::uint64_t ticket = bench.client->close(bench.now_ms);
    EXPECT_EQ(bench.done(ticket)["ok"], true);
    EXPECT_EQ(bench.done(bench.open_ticket)["error"]["code"], "closed") << "whoever waits for open must hear of it";
    bench.client->loaded({}, bench.now_ms);
    EXPECT_EQ(bench.status()["phase"], "closed");
}

TEST(Client, TheFeedTellsWhatTheSenderDoesNotKnow) {
    ClientBench bench(R"({"name":"t","storage":"memory"})");
    bench.client->take_changes();
    EXPECT_TRUE(bench.dispatch(frame_json("files/addFile", R"({"id":"a:\"1","name":"x"})")));
    EXPECT_EQ(Json::parse(bench.client->take_changes())["changes"], Json::array()) << "an echo is not repeated";
    bench.dispatch(frame_json("files/setActiveFile", R"("a:\"1")"));
    EXPECT_EQ(Json::parse(bench.client->take_changes())["changes"], Json::parse(R"([["files","",["activeFileId"],"a:\"1"]])"));
    bench.dispatch(frame_json("componentTrees/addTree", R"({"id":"t","name":"T","root":{"id":"r","type":"B","children":[{"id":"n","type":"B"}]}})"));
    bench.client->take_changes();
    bench.now_ms = 5;
    bench.dispatch(frame_json("componentTrees/updateTreeNode", R"({"treeId":"t","nodeId":"n","updates":{"type":"C"}})"));
    EXPECT_EQ(Json::parse(bench.client->take_changes())["changes"],
              Json::parse(R"([["componentTrees","t",["root","children",0,"type"],"C"],["componentTrees","t",["updatedAt"],5]])"));
    bench.dispatch(frame_json("files/removeItem", R"("a:\"1")"));
    EXPECT_EQ(Json::parse(bench.client->take_changes())["changes"], Json::parse(R"([["files","",["activeFileId"],null]])"));
    EXPECT_FALSE(bench.client->has_news());
}

TEST(Client, ReadsAreTheStatesText) {
    ClientBench bench(R"({"name":"t","storage":"memory"})");
    bench.edit();
    EXPECT_EQ(bench.client->read("files", "a"), R"({"id":"a","name":"1"})");
    EXPECT_EQ(bench.client->read("files", "b"), "");
    EXPECT_EQ(bench.client->read("nothing", "a"), "");
    EXPECT_NE(bench.client->read("$outbox", "files:a"), "") << "the TypeScript client asks whether a key waits";
    EXPECT_EQ(Json::parse(bench.client->read("files", ""))["activeFileId"], nullptr);
    EXPECT_EQ(Json::parse(bench.client->read_all("files"))["items"].size(), 1u);
    EXPECT_EQ(bench.client->read_all("nothing"), "");
}

TEST(Client, WhatDescribesTheMomentIsNotLogged) {
    ClientBench bench;
    ASSERT_TRUE(bench.client->dispatch(frame_none("files/loadFiles/pending"), bench.now_ms).ok());
    bench.poll();
    EXPECT_EQ(bench.client->seq(), 0u);
    EXPECT_TRUE(bench.writes.empty());
    EXPECT_EQ(bench.client->state().field(model::SliceId::files, "loading")->text(), "true");
}

}  // namespace
}  // namespace codeforge::testing
