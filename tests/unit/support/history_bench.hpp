// A client in memory with a clock, for tests of undo and redo: edits, time, and what history says.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/json_check.hpp"
#include "unit/support/frames.hpp"
#include "unit/support/own_client.hpp"

namespace codeforge::testing {

class HistoryBench {
public:
    explicit HistoryBench(std::string_view config = R"({"name":"t","storage":"memory","session":"s1"})") : client(make_client(config)) {
        client->open(now_ms);
        client->take_changes();
    }

    void dispatch(const std::string& frame) {
        const auto done = client->dispatch(frame, now_ms);
        EXPECT_TRUE(done.ok()) << done.error().message;
    }
    void pause(std::uint64_t ms = 10'000) { now_ms += ms; }
    void context(std::string_view text) {
        const auto done = client->context(text);
        EXPECT_TRUE(done.ok()) << done.error().message;
    }
    void session(std::string_view name) { context(R"({"session":)" + base::quoted(name) + "}"); }

    void add(std::string_view id, std::string_view content = "") {
        dispatch(frame_json("files/addItem", R"({"id":)" + base::quoted(id) + R"(,"name":"n","content":)" + base::quoted(content) + "}"));
    }
    void edit(std::string_view id, std::string_view member, std::string_view text) {
        dispatch(frame_fields("files/updateItem", {{"id", base::quoted(id)}, {member, base::quoted(text)}}));
    }
    void remove(std::string_view id) { dispatch(frame_json("files/removeItem", base::quoted(id))); }

    base::Json undo() { return move("history/undo"); }
    base::Json redo() { return move("history/redo"); }
    base::Json move(std::string_view type) {
        dispatch(frame_none(type));
        return base::Json::parse(client->history(0), nullptr, false)["moved"];
    }
    base::Json view() { return base::Json::parse(client->history(0), nullptr, false); }
    std::size_t steps() { return view()["steps"].size(); }
    bool can_undo() { return view()["canUndo"].get<bool>(); }
    bool can_redo() { return view()["canRedo"].get<bool>(); }

    std::string file(std::string_view id) const { return client->read("files", id); }
    std::string text_of(std::string_view id) const { return file(id).empty() ? "{}" : file(id); }
    std::string content(std::string_view id) const { return base::string_member(text_of(id), "content", "absent"); }
    std::string member(std::string_view id, const char* name) const { return base::string_member(text_of(id), name, "absent"); }
    /// All documents, as a JSON array.
    std::string documents() const {
        std::string out;
        for (const char* slice : {"project", "files", "models", "components", "componentTrees", "workflows", "lambdas", "theme"})
            out += (out.empty() ? "[" : ",") + client->read_all(slice);
        return out + "]";
    }

    std::uint64_t now_ms = 1'700'000'000'000;
    std::unique_ptr<client::Client> client;
};

}  // namespace codeforge::testing
