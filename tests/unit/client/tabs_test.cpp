// Tabs, one promise at a time; tests/sim/tabs_world.cpp has the schedules.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "client/client.hpp"
#include "client/tab_records.hpp"
#include "unit/support/frames.hpp"
#include "unit/support/own_client.hpp"

namespace codeforge::testing {
namespace {

using client::TabMessage;
using client::TabMessageKind;
using model::SliceId;

/// A writer "w" and a follower "f"; what they post waits until somebody takes it over.
struct TwoTabs {
    TwoTabs() {
        writer = make_client(R"({"name":"t","storage":"indexeddb","seed":"01","origin":"w","session":"sw","user":"u","role":"writer"})");
        follower = make_client(R"({"name":"t","storage":"indexeddb","seed":"02","origin":"f","session":"sf","user":"u","role":"follower"})");
        writer->open(now_ms);
        exchange();
        follower->open(now_ms);
        exchange();
    }
    /// Carries out what both want until nothing is left.
    void exchange() {
        for (bool busy = true; busy;) {
            busy = false;
            for (client::Client* tab : {writer.get(), follower.get()})
                while (auto effect = tab->poll()) {
                    busy = true;
                    if (std::holds_alternative<client::LoadFiles>(*effect)) tab->loaded(files(), now_ms);
                    else if (auto* post = std::get_if<client::PostToTabs>(&*effect)) (tab == writer.get() ? follower : writer)->receive(post->bytes, now_ms);
                    else if (auto* write = std::get_if<persist::Write>(&*effect)) carry_out(*tab, *write);
                }
        }
    }
    void carry_out(client::Client& tab, const persist::Write& write) {
        ASSERT_EQ(&tab, writer.get()) << "only the writer writes";
        for (const persist::File& file : write.puts) disk[file.name] = file.bytes;
        for (const std::string& name : write.deletes) disk.erase(name);
        tab.written(write.id, std::nullopt, now_ms);
    }
    std::vector<persist::File> files() const {
        std::vector<persist::File> list;
        for (const auto& [name, bytes] : disk) list.push_back({name, bytes});
        return list;
    }
    void add(client::Client& tab, const std::string& id) {
        ASSERT_TRUE(tab.dispatch(frame_json("files/addItem", R"({"id":")" + id + R"(","name":"n"})"), now_ms).ok());
    }
    bool has(const client::Client& tab, const std::string& id) const { return tab.state().find(SliceId::files, id) != nullptr; }

    std::uint64_t now_ms = 1'700'000'000'000;
    std::map<std::string, std::string> disk;
    std::unique_ptr<client::Client> writer, follower;
};

TEST(Tabs, AnEditIsInTheOtherTabAndOnDisk) {
    TwoTabs tabs;
    tabs.add(*tabs.follower, "mine");
    EXPECT_TRUE(tabs.has(*tabs.follower, "mine")) << "before anybody answered";
    EXPECT_EQ(tabs.follower->durable_seq(), 0u);
    tabs.add(*tabs.writer, "theirs");
    tabs.exchange();
    tabs.now_ms += 1000;
    tabs.writer->tick(tabs.now_ms);
    tabs.exchange();
    for (const client::Client* tab : {tabs.writer.get(), tabs.follower.get()}) {
        EXPECT_TRUE(tabs.has(*tab, "mine"));
        EXPECT_TRUE(tabs.has(*tab, "theirs"));
    }
    EXPECT_EQ(tabs.follower->durable_seq(), 1u);
    EXPECT_EQ(tabs.follower->state().slice_text(SliceId::files), tabs.writer->state().slice_text(SliceId::files));
}

TEST(Tabs, AFrameThatIsSentAgainIsCarriedOutOnce) {
    TwoTabs tabs;
    tabs.add(*tabs.follower, "a");
    std::vector<std::string> sent;
    while (auto effect = tabs.follower->poll())
        if (auto* post = std::get_if<client::PostToTabs>(&*effect)) sent.push_back(post->bytes);
    ASSERT_EQ(sent.size(), 1u);
    tabs.writer->receive(sent[0], tabs.now_ms);
    const std::uint64_t seq = tabs.writer->seq();
    tabs.writer->receive(sent[0], tabs.now_ms);
    EXPECT_EQ(tabs.writer->seq(), seq);
    EXPECT_EQ(client::last_frame(tabs.writer->state(), "f"), 1u);
}

TEST(Tabs, AFrameThatTheWriterRefusesIsTakenBackAndSaid) {
    TwoTabs tabs;
    tabs.add(*tabs.follower, "a");
    TabMessage frame;
    while (auto effect = tabs.follower->poll())
        if (auto* post = std::get_if<client::PostToTabs>(&*effect)) frame = *client::decode_tab_message(post->bytes);
    ASSERT_EQ(frame.kind, TabMessageKind::frame);
    frame.text = frame_json("files/noSuchAction", "{}");  // as if the writer were another version
    tabs.writer->receive(client::encode(frame), tabs.now_ms);
    tabs.exchange();
    EXPECT_FALSE(tabs.has(*tabs.follower, "a"));
    EXPECT_NE(tabs.follower->take_changes().find(R"("refused":[[1,{"code":"unknown-action")"), std::string::npos);
}

TEST(Tabs, AFrameBehindAGapIsNotCarriedOut) {
    TwoTabs tabs;
    tabs.add(*tabs.follower, "a");
    tabs.add(*tabs.follower, "b");
    std::vector<std::string> sent;
    while (auto effect = tabs.follower->poll())
        if (auto* post = std::get_if<client::PostToTabs>(&*effect)) sent.push_back(post->bytes);
    ASSERT_EQ(sent.size(), 2u);
    tabs.writer->receive(sent[1], tabs.now_ms);
    EXPECT_FALSE(tabs.has(*tabs.writer, "b"));
    tabs.exchange();  // the writer asks, the follower says hello and sends both again
    EXPECT_TRUE(tabs.has(*tabs.writer, "a"));
    EXPECT_TRUE(tabs.has(*tabs.writer, "b"));
}

TEST(Tabs, WhoeverTakesOverKeepsWhatWasNotDurable) {
    TwoTabs tabs;
    tabs.add(*tabs.writer, "first");  // written at once
    tabs.exchange();
    tabs.add(*tabs.writer, "seen");   // waits for the next write
    tabs.exchange();
    tabs.writer = std::move(tabs.follower);
    tabs.follower = make_client(R"({"name":"t","storage":"indexeddb","seed":"03","origin":"g","role":"follower"})");
    tabs.add(*tabs.writer, "own");
    tabs.writer->become_writer(tabs.now_ms);
    tabs.exchange();
    tabs.now_ms += 1000;
    tabs.writer->tick(tabs.now_ms);
    tabs.exchange();
    const auto recovered = persist::recover(tabs.files());
    ASSERT_TRUE(recovered.ok());
    for (const char* id : {"first", "seen", "own"}) EXPECT_NE(recovered->state.find(SliceId::files, id), nullptr) << id;
    EXPECT_FALSE(tabs.writer->is_follower());
}

TEST(Tabs, AFollowerThatHeardNothingForAWhileJoinsAnew) {
    TwoTabs tabs;
    tabs.add(*tabs.writer, "missed");
    while (tabs.writer->poll()) {
    }
    EXPECT_FALSE(tabs.has(*tabs.follower, "missed"));
    tabs.now_ms += 60'000;
    tabs.follower->join_again(tabs.now_ms);
    tabs.add(*tabs.follower, "own");
    EXPECT_TRUE(tabs.has(*tabs.follower, "own")) << "before the writer answers";
    EXPECT_EQ(tabs.follower->status_json().find("unresponsive"), std::string::npos) << "it was deaf itself";
    tabs.exchange();
    EXPECT_TRUE(tabs.has(*tabs.follower, "missed"));
    EXPECT_TRUE(tabs.has(*tabs.writer, "own"));
    EXPECT_EQ(tabs.follower->state().slice_text(SliceId::files), tabs.writer->state().slice_text(SliceId::files));
}

TEST(Tabs, WhatAFollowerKeepsForTheWriterIsBounded) {
    TwoTabs tabs;
    tabs.add(*tabs.follower, "a");
    const std::string content(40u << 20, 'x');
    const auto large = [&content](const std::string& id) { return frame_json("files/addItem", R"({"id":")" + id + R"(","content":")" + content + R"("})"); };
    const auto refused = tabs.follower->dispatch(large("b") + content, tabs.now_ms);  // more than can ever wait
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, base::Code::limit);
    EXPECT_NE(refused.error().message.find("at most 64 MiB of edits for it; 0 MiB wait, and this edit has 80 MiB"), std::string::npos) << refused.error().message;
    EXPECT_EQ(tabs.follower->seq(), 1u);
    tabs.exchange();
    EXPECT_TRUE(tabs.has(*tabs.writer, "a"));
}

// Seed 4 of the browser's schedules: the writer says once that a commit is durable.
TEST(Tabs, WhatBecomesDurableWhileAFollowerReadsTheFilesIsKnownToIt) {
    TwoTabs tabs;
    tabs.add(*tabs.follower, "a");
    tabs.exchange();
    tabs.add(*tabs.follower, "b");  // waits for the next write
    tabs.exchange();
    ASSERT_EQ(tabs.follower->durable_seq(), 1u);
    const std::vector<persist::File> before = tabs.files();
    TabMessage again;
    again.kind = TabMessageKind::announce;
    again.from = "w";
    again.term = tabs.now_ms;
    tabs.follower->receive(client::encode(again), tabs.now_ms);
    bool reads = false;
    const auto talk = [&tabs, &reads] {
        for (bool busy = true; std::exchange(busy, false);)
            for (client::Client* tab : {tabs.follower.get(), tabs.writer.get()})
                while (auto effect = tab->poll()) {
                    busy = true;
                    if (std::holds_alternative<client::LoadFiles>(*effect)) reads = true;  // and is not answered yet
                    else if (auto* post = std::get_if<client::PostToTabs>(&*effect)) (tab == tabs.writer.get() ? tabs.follower : tabs.writer)->receive(post->bytes, tabs.now_ms);
                    else if (auto* write = std::get_if<persist::Write>(&*effect)) tabs.carry_out(*tab, *write);
                }
    };
    talk();
    ASSERT_TRUE(reads);
    tabs.now_ms += 1000;
    tabs.writer->tick(tabs.now_ms);
    talk();
    ASSERT_EQ(tabs.writer->durable_seq(), tabs.writer->seq());
    tabs.follower->loaded(before, tabs.now_ms);
    tabs.exchange();
    EXPECT_TRUE(tabs.has(*tabs.follower, "b"));
    EXPECT_EQ(tabs.follower->durable_seq(), 2u);
}

TEST(Tabs, AWriterThatDoesNotAnswerIsShown) {
    TwoTabs tabs;
    tabs.add(*tabs.follower, "a");
    while (tabs.follower->poll()) continue;  // nobody hears it
    ASSERT_TRUE(tabs.follower->next_deadline_ms().has_value());
    tabs.now_ms = *tabs.follower->next_deadline_ms();
    tabs.follower->tick(tabs.now_ms);
    EXPECT_NE(tabs.follower->status_json().find(R"("writer":"unresponsive")"), std::string::npos);
    EXPECT_TRUE(tabs.has(*tabs.follower, "a"));
}

TEST(Tabs, UndoTakesBackTheLastEditOfItsTabBeforeTheWriterHeardOfIt) {
    TwoTabs tabs;
    tabs.add(*tabs.follower, "older");
    tabs.add(*tabs.writer, "theirs");
    tabs.exchange();
    tabs.add(*tabs.follower, "a");
    ASSERT_TRUE(tabs.follower->dispatch(frame_none("history/undo"), tabs.now_ms).ok());
    EXPECT_FALSE(tabs.has(*tabs.follower, "a"));
    EXPECT_NE(tabs.follower->history(0).find(R"("moved":{"type":"files/addItem","items":[["files","a"]])"), std::string::npos);
    tabs.exchange();
    for (const client::Client* tab : {tabs.writer.get(), tabs.follower.get()}) {
        EXPECT_FALSE(tabs.has(*tab, "a"));
        EXPECT_TRUE(tabs.has(*tab, "older"));
        EXPECT_TRUE(tabs.has(*tab, "theirs"));
    }
    ASSERT_TRUE(tabs.follower->dispatch(frame_none("history/redo"), tabs.now_ms).ok());
    ASSERT_TRUE(tabs.writer->dispatch(frame_none("history/undo"), tabs.now_ms).ok());
    tabs.exchange();
    EXPECT_TRUE(tabs.has(*tabs.writer, "a"));
    EXPECT_FALSE(tabs.has(*tabs.follower, "theirs"));
    EXPECT_EQ(tabs.follower->state().slice_text(SliceId::history), tabs.writer->state().slice_text(SliceId::history));
}

/// Both begin a timeline at the same time, under the same key.
TEST(Tabs, TimelinesThatBeginAtOnceAreTwo) {
    TwoTabs tabs;
    tabs.add(*tabs.follower, "f1");
    tabs.add(*tabs.writer, "w1");
    tabs.exchange();
    ASSERT_TRUE(tabs.follower->dispatch(frame_none("history/undo"), tabs.now_ms).ok());
    tabs.exchange();
    EXPECT_FALSE(tabs.has(*tabs.writer, "f1"));
    EXPECT_TRUE(tabs.has(*tabs.follower, "w1"));
    EXPECT_EQ(tabs.follower->state().slice_text(SliceId::history), tabs.writer->state().slice_text(SliceId::history));
}

TEST(Tabs, HistoryThatIsClearedInAFollowerIsCleared) {
    TwoTabs tabs;
    tabs.add(*tabs.follower, "f1");
    tabs.exchange();
    ASSERT_TRUE(tabs.follower->dispatch(frame_none("history/clear"), tabs.now_ms).ok());
    tabs.exchange();
    ASSERT_TRUE(tabs.follower->dispatch(frame_none("history/undo"), tabs.now_ms).ok());
    tabs.exchange();
    EXPECT_TRUE(tabs.has(*tabs.writer, "f1"));
    EXPECT_EQ(tabs.follower->seq(), 2u) << "the undo found nothing";
}

TEST(Tabs, RecordsOfTabsAreBounded) {
    model::State state;
    for (std::uint64_t i = 0; i < 200; ++i)
        for (const model::Change& change : client::frame_noted(state, "tab" + std::to_string(i), 1, i)) state.apply(change);
    EXPECT_EQ(state.items(SliceId::tabs).size(), client::kMaxTabRecords);
    EXPECT_EQ(client::last_frame(state, "tab199"), 1u);
    EXPECT_EQ(client::last_frame(state, "tab0"), 0u);
}

TEST(Tabs, MessagesThatAreAnythingElseAreIgnored) {
    base::Random random("fuzz");
    TwoTabs tabs;
    tabs.add(*tabs.writer, "kept");
    TabMessage message;
    message.kind = TabMessageKind::frame;
    message.from = "f";
    message.term = 1'700'000'000'000;
    message.number = 1;
    message.text = frame_json("files/addItem", R"({"id":"x"})");
    const std::string good = client::encode(message);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes = good;
        for (auto flips = 1 + random.next() % 6; flips > 0; --flips) bytes[random.next() % bytes.size()] = static_cast<char>(random.next());
        if (random.next() % 3 == 0) bytes.resize(random.next() % bytes.size());
        tabs.writer->receive(bytes, tabs.now_ms);
        tabs.follower->receive(bytes, tabs.now_ms);
        while (tabs.follower->poll()) continue;
        while (tabs.writer->poll()) continue;
    }
    EXPECT_TRUE(tabs.has(*tabs.writer, "kept"));
    EXPECT_EQ(tabs.writer->phase(), client::Phase::ready);
    EXPECT_EQ(tabs.follower->phase(), client::Phase::ready);
}

}  // namespace
}  // namespace codeforge::testing
