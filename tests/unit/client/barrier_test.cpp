// The barrier between disk and network: an entry is on stable storage before its first byte leaves,
// and what was seen on the server before a long wait is looked at again.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/model_server.hpp"
#include "unit/support/frames.hpp"
#include "unit/support/own_client.hpp"

namespace codeforge::testing {
namespace {

class Barrier : public ::testing::Test {
protected:
    void SetUp() override {
        client = make_client(R"({"name":"t","storage":"indexeddb","seed":"01","flaskApiUrl":"http://server","autoSync":{"enabled":false}})");
        ASSERT_NE(client, nullptr);
        client->open(now_ms);
        poll();
        client->loaded({}, now_ms);
        ASSERT_TRUE(client->dispatch(frame_json("files/addFile", R"({"id":"a","name":"mine"})"), now_ms).ok());
        poll();
        ASSERT_TRUE(client->sync(R"({"do":"push"})", now_ms).ok());
        poll();
    }
    void poll() {
        while (auto effect = client->poll()) {
            if (auto* write = std::get_if<persist::Write>(&*effect)) writes.push_back(std::move(*write));
            else if (auto* request = std::get_if<sync::HttpRequest>(&*effect)) requests.push_back(std::move(*request));
        }
    }
    void answer() {
        ASSERT_FALSE(requests.empty());
        const sync::HttpRequest request = requests.front();
        requests.erase(requests.begin());
        auto answer = server.handle(request);
        client->answered({request.id, sync::HttpResponse::Outcome::answered, answer.status, answer.body, ""}, now_ms);
        poll();
    }
    void written() {
        ASSERT_FALSE(writes.empty());
        const std::uint64_t id = writes.front().id;
        writes.erase(writes.begin());
        client->written(id, std::nullopt, now_ms);
        poll();
    }

    std::uint64_t now_ms = 1'700'000'000'000;
    std::unique_ptr<client::Client> client;
    sim::ModelServer server;
    std::vector<persist::Write> writes;
    std::vector<sync::HttpRequest> requests;
};

TEST_F(Barrier, NothingLeavesBeforeItsEntryIsOnStableStorage) {
    answer();  // the look: nothing there
    EXPECT_TRUE(requests.empty());
    ASSERT_EQ(writes.size(), 2u) << "the edit, and the frozen entry behind it";
    EXPECT_TRUE(writes.back().strict);
    written();
    EXPECT_TRUE(requests.empty());
    written();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests.front().method, "PUT");
    answer();
    EXPECT_TRUE(client->state().items(model::SliceId::outbox).empty());
}

TEST_F(Barrier, AfterALongWaitTheServerIsLookedAtAgain) {
    answer();
    now_ms += 120'000;  // the disk took its time, and another device did not
    server.items["files:a"] = R"({"id":"a","name":"theirs"})";
    while (!writes.empty()) written();
    for (int i = 0; i < 5 && !requests.empty(); ++i) {
        answer();
        while (!writes.empty()) written();
    }
    EXPECT_EQ(server.items["files:a"], R"({"id":"a","name":"theirs"})") << "overwritten unseen";
    EXPECT_NE(client->state().find(model::SliceId::conflicts, "files:a"), nullptr);
}

}  // namespace
}  // namespace codeforge::testing
