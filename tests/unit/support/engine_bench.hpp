// A client without a disk against a server that does what the test says: every request is answered
// by a script, by the model server, or not yet.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/json_check.hpp"
#include "sim/model_server.hpp"
#include "sync/outbox.hpp"
#include "unit/support/frames.hpp"
#include "unit/support/own_client.hpp"

namespace codeforge::testing {

class EngineBench {
public:
    using Outcome = sync::HttpResponse::Outcome;
    /// Answers a request itself, or leaves it to the model server.
    using Script = std::function<std::optional<sync::HttpResponse>(const sync::HttpRequest&)>;

    explicit EngineBench(std::string_view auto_sync = R"({"enabled":false})")
        : client(make_client(R"({"name":"t","storage":"memory","flaskApiUrl":"http://server/","seed":"00ff","autoSync":)" + std::string(auto_sync) + "}")) {
        client->open(now_ms);
        take();
    }

    void dispatch(const std::string& frame) {
        const auto dispatched = client->dispatch(frame, now_ms);
        EXPECT_TRUE(dispatched.ok()) << dispatched.error().message;
    }
    void put_file(std::string_view id, std::string_view name) {
        dispatch(frame_json("files/addFile", R"({"id":)" + base::quoted(id) + R"(,"name":)" + base::quoted(name) + "}"));
    }

    /// Runs a command with every request answered; its result.
    base::Json run(std::string_view command) {
        const std::uint64_t ticket = begin(command);
        answer_all();
        return result(ticket);
    }
    std::uint64_t begin(std::string_view command) {
        const auto ticket = client->sync(R"({"do":")" + std::string(command) + "\"}", now_ms);
        EXPECT_TRUE(ticket.ok());
        collect();
        return ticket ? *ticket : 0;
    }
    /// null while it is not done.
    base::Json result(std::uint64_t ticket) {
        take();
        return done.contains(std::to_string(ticket)) ? done[std::to_string(ticket)] : base::Json();
    }

    void collect() {
        while (auto effect = client->poll())
            if (auto* request = std::get_if<sync::HttpRequest>(&*effect)) {
                log.push_back(request->method + " " + request->url.substr(request->url.find("/", 8)));
                open.push_back(std::move(*request));
            }
    }
    /// The oldest open request gets its answer. Requires: there is one.
    void answer_one() {
        const sync::HttpRequest request = std::move(open.front());
        open.pop_front();
        auto response = script ? script(request) : std::nullopt;
        if (!response) {
            auto answer = server.handle(request);
            response = {0, Outcome::answered, answer.status, std::move(answer.body), ""};
        }
        response->id = request.id;
        client->answered(*response, now_ms);
        collect();
    }
    void answer_all() {
        for (int i = 0; i < 10'000 && !open.empty(); ++i) answer_one();
        EXPECT_TRUE(open.empty());
    }
    /// Goes to the client's next deadline and answers what comes; false without one.
    bool pass() {
        const auto at = client->next_deadline_ms();
        if (!at) return false;
        now_ms = std::max(now_ms, *at);
        client->tick(now_ms);
        collect();
        answer_all();
        return true;
    }

    void take() {
        const base::Json feed = base::Json::parse(client->take_changes(), nullptr, false);
        ASSERT_TRUE(feed.is_object());
        for (const base::Json& entry : feed["done"]) done[std::to_string(entry[0].get<std::uint64_t>())] = entry[1];
    }
    base::Json status() { return base::Json::parse(client->status_json(), nullptr, false)["sync"]; }
    std::size_t pending() const { return client->state().items(model::SliceId::outbox).size(); }
    std::size_t conflicts() const { return client->state().items(model::SliceId::conflicts).size(); }
    std::string file(std::string_view id) const { return client->read("files", id); }
    std::string name_of(std::string_view id) const { return base::string_member(file(id), "name", "absent"); }
    int count(std::string_view start) const {
        int found = 0;
        for (const std::string& line : log) found += line.starts_with(start) ? 1 : 0;
        return found;
    }

    static sync::HttpResponse status_of(int status, std::string retry_after = "") {
        return {0, Outcome::answered, status, R"({"error":"scripted"})", std::move(retry_after)};
    }
    static sync::HttpResponse no_answer(Outcome outcome) { return {0, outcome, 0, "", ""}; }

    std::uint64_t now_ms = 1'700'000'000'000;
    sim::ModelServer server;
    Script script;
    std::unique_ptr<client::Client> client;
    std::deque<sync::HttpRequest> open;
    std::vector<std::string> log;
    base::Json done = base::Json::object();
};

}  // namespace codeforge::testing
