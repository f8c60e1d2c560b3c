// Custom slices through a whole client: log, recovery with other definitions, outbox.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client/client.hpp"
#include "unit/support/frames.hpp"
#include "unit/support/own_client.hpp"

namespace codeforge::testing {
namespace {

constexpr std::string_view kNotes = R"({"name":"notes","collection":"items","wire":"notes","persist":true,"undo":true,"fields":{"filter":""}})";
constexpr std::string_view kTags = R"({"name":"tags","collection":"list","wire":null,"persist":true,"undo":true,"fields":{}})";

/// A disk that keeps whatever a client writes.
class Disk {
public:
    std::unique_ptr<client::Client> open(std::string_view slices) {
        auto client = make_client(R"({"name":"t","storage":"indexeddb","seed":"01","slices":[)" + std::string(slices) + "]}");
        if (client == nullptr) return nullptr;
        client->open(now_ms);
        while (client->poll()) {}
        client->loaded(files, now_ms);
        settle(*client);
        return client;
    }
    void settle(client::Client& client) {
        client.flush(true, now_ms);
        for (int round = 0; round < 20; ++round) {
            std::vector<std::uint64_t> done;
            while (auto effect = client.poll()) {
                if (const auto* write = std::get_if<persist::Write>(&*effect)) done.push_back(store(*write));
            }
            for (std::uint64_t id : done) client.written(id, std::nullopt, now_ms);
            now_ms += 2000;
            client.tick(now_ms);
        }
    }
    std::uint64_t store(const persist::Write& write) {
        for (const persist::File& file : write.puts) {
            std::erase_if(files, [&](const persist::File& old) { return old.name == file.name; });
            files.push_back(file);
        }
        for (const std::string& name : write.deletes) std::erase_if(files, [&](const persist::File& old) { return old.name == name; });
        ++writes;
        return write.id;
    }
    bool has_snapshot() const {
        for (const persist::File& file : files)
            if (persist::head_generation(file.name) != 0) return true;
        return false;
    }
    std::vector<persist::File> files;
    std::uint64_t now_ms = 1'000'000;
    int writes = 0;
};

std::string both() { return std::string(kNotes) + "," + std::string(kTags); }

void add(client::Client& client, Disk& disk, std::string_view type, std::string_view json) {
    const auto done = client.dispatch(frame_json(type, json), disk.now_ms);
    ASSERT_TRUE(done.ok()) << done.error().message;
}

TEST(CustomSlicesInAClient, OpeningAloneWritesNothing) {
    Disk disk;
    auto client = disk.open(both());
    EXPECT_EQ(client->seq(), 0u);
    EXPECT_EQ(disk.writes, 0);
}

TEST(CustomSlicesInAClient, ItemsFieldsAndNumbersSurvive) {
    Disk disk;
    {
        auto client = disk.open(both());
        add(*client, disk, "notes/addItem", R"({"id":"n1","text":"a"})");
        add(*client, disk, "notes/setFilter", R"({"by":["x"]})");
        add(*client, disk, "tags/addItem", R"({"id":"t1"})");
        disk.settle(*client);
    }
    auto client = disk.open(std::string(kTags) + "," + std::string(kNotes));
    EXPECT_EQ(client->read("notes", "n1"), R"({"id":"n1","text":"a"})");
    EXPECT_EQ(client->read("notes", ""), R"({"filter":{"by":["x"]},"activeId":null})");
    EXPECT_EQ(client->read("tags", "t1"), R"({"id":"t1"})");
    EXPECT_EQ(client->state().items(model::SliceId::outbox).size(), 1u) << "tags are not synced";
    EXPECT_NE(client->state().find(model::SliceId::outbox, "notes:n1"), nullptr);
}

TEST(CustomSlicesInAClient, RefusalsNameTheActionAndTheMember) {
    Disk disk;
    auto client = disk.open(kNotes);
    const auto refused = client->dispatch(frame_json("notes/addItem", R"({"text":"no id"})"), 1);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().message, "notes/addItem: payload.id must be a string that is not empty");
    EXPECT_EQ(client->dispatch(frame_json("tags/addItem", R"({"id":"x"})"), 1).error().code, base::Code::unknown_slice);
    EXPECT_EQ(client->dispatch(frame_json("notes/addNote", R"({"id":"x"})"), 1).error().code, base::Code::unknown_action);
    EXPECT_EQ(make_client(R"({"name":"t","slices":[{"name":"files","collection":"items"}]})"), nullptr);
}

/// Not defined for a while, with a compaction meanwhile: everything is there afterwards.
TEST(CustomSlicesInAClient, AnUndefinedSliceOutlivesACompaction) {
    Disk disk;
    {
        auto client = disk.open(both());
        add(*client, disk, "notes/addItem", R"({"id":"n1","text":"a"})");
        add(*client, disk, "notes/setActive", R"("n1")");
        disk.settle(*client);
    }
    {
        auto client = disk.open(kTags);
        EXPECT_EQ(client->read_all("notes"), "");
        for (int i = 0; i < 200; ++i) {
            add(*client, disk, "tags/addItem", R"({"id":"t1","n":)" + std::to_string(i) + "}");
            if (i % 2 == 0) client->flush(false, disk.now_ms);
            while (auto effect = client->poll())
                if (const auto* write = std::get_if<persist::Write>(&*effect)) client->written(disk.store(*write), std::nullopt, disk.now_ms);
        }
        disk.settle(*client);
    }
    ASSERT_TRUE(disk.has_snapshot()) << "the test needs a compaction";
    auto client = disk.open(kNotes);
    EXPECT_EQ(client->read("notes", "n1"), R"({"id":"n1","text":"a"})");
    EXPECT_NE(client->read("notes", "").find(R"("activeId":"n1")"), std::string::npos);
    EXPECT_NE(client->state().find(model::SliceId::outbox, "notes:n1"), nullptr) << "what was to be pushed still is";
    EXPECT_NE(client->status_json().find(R"("damagedRecords":0)"), std::string::npos);
}

TEST(CustomSlicesInAClient, APushLeavesTheKeysOfUndefinedSlicesAlone) {
    Disk disk;
    {
        auto client = disk.open(both());
        add(*client, disk, "notes/addItem", R"({"id":"n1"})");
        disk.settle(*client);
    }
    auto client = disk.open(kTags);
    ASSERT_TRUE(client->configure(R"({"flaskApiUrl":"http://server","autoSync":{"enabled":false}})", disk.now_ms).ok());
    const auto ticket = client->sync(R"({"do":"push"})", disk.now_ms);
    ASSERT_TRUE(ticket.ok());
    EXPECT_FALSE(client->poll().has_value()) << "there is nothing to send";
    EXPECT_NE(client->take_changes().find(R"("pushed":0)"), std::string::npos);
    EXPECT_NE(client->state().find(model::SliceId::outbox, "notes:n1"), nullptr);
}

}  // namespace
}  // namespace codeforge::testing
