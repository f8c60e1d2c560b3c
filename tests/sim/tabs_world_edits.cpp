// What the tabs of a schedule do: edits that leave marks, junk on the same few items, and undo.
#include <iterator>

#include "sim/tabs_world.hpp"
#include "unit/support/frames.hpp"

namespace codeforge::sim {

using model::SliceId;
using testing::frame_json;
using testing::frame_none;

namespace {

constexpr std::string_view kShared[] = {"s0", "s1", "s2"};

std::string file(std::string_view id, const std::string& mark) {
    return R"({"id":")" + std::string(id) + R"(","name":"n","content":"","language":"ts","path":"/","updatedAt":1,")" + mark + R"(":1})";
}

}  // namespace

void TabsWorld::dispatch(std::size_t index, const std::string& frame, const std::string& mark) {
    Tab& tab = tabs_[index];
    const std::uint64_t before = tab.client->seq();
    const auto done = tab.client->dispatch(frame, now_ms_);
    trace("tab " + std::to_string(index) + " " + frame.substr(0, frame.find('\0')) + " " + mark + (done ? " is " + std::to_string(tab.client->seq()) : " refused: " + done.error().message));
    if (!done) return say("an edit was refused: " + done.error().message);
    if (done->echo) {
        // The page keeps what it sent; here the client is asked instead.
        reload(index, SliceId::files);
    }
    if (tab.client->seq() != before) {
        tab.entries.push_back({tab.client->seq(), frame, mark});
        if (!mark.empty() && marks_.try_emplace(mark, false).second) ++outcome_.edits;
    }
    settle(index);
}

void TabsWorld::edit(std::size_t index) {
    const std::string mark = "m" + std::to_string(next_mark_++);
    const std::string shared(kShared[random_.next() % std::size(kShared)]);
    const Tab& tab = tabs_[index];
    const auto kind = random_.next() % 10;
    if (kind < 4 && tab.client->state().find(SliceId::files, shared) != nullptr)
        return dispatch(index, frame_json("files/updateItem", R"({"id":")" + shared + R"(","content":")" + mark + R"(",")" + mark + R"(":1})"), mark);
    if (kind < 7) return dispatch(index, frame_json("files/addItem", file(mark, mark)), mark);
    const std::string junk = "j" + std::to_string(random_.next() % 4);
    if (kind == 7) return dispatch(index, frame_json("files/addItem", file(junk, "x")), "");
    if (kind == 8) return dispatch(index, frame_json("files/removeItem", "\"" + junk + "\""), "");
    if (random_.next() % 2 == 0) return undo_own(index);
    dispatch(index, frame_json("files/setActiveFile", "\"" + junk + "\""), "");
}

/// Something that nobody else knows is added and taken back at once, before the writer has heard of it: an undo that
/// meets any other step takes a mark away.
void TabsWorld::undo_own(std::size_t index) {
    dispatch(index, frame_json("files/addItem", file("u" + std::to_string(next_mark_++), "x")), "");
    dispatch(index, frame_none("history/undo"), "");
    if (random_.next() % 2 == 0) dispatch(index, frame_none("history/redo"), "");
}

}  // namespace codeforge::sim
