// How a schedule of tabs ends: everybody is there, nobody disturbs them, and then all must be equal.
#include <map>
#include <string>

#include "base/json_check.hpp"
#include "persist/recovery.hpp"
#include "sim/tabs_world.hpp"
#include "unit/support/frames.hpp"

namespace codeforge::sim {

using model::SliceId;
using testing::frame_json;

// --- the end ------------------------------------------------------------------------------------------

void TabsWorld::converge() {
    disk_.failure_rate = 0;
    for (std::size_t i = 0; i < tabs_.size(); ++i) {
        if (!tabs_[i].open) open_tab(i, false);
        else if (tabs_[i].frozen) thaw(i);
        pass(5);
    }
    pass(30'000);
}

void TabsWorld::check_mirror(std::size_t index) {
    for (std::size_t slice = 0; slice < model::kPublicSliceCount; ++slice) {
        const std::string real = tabs_[index].client->state().slice_text(static_cast<SliceId>(slice));
        const std::string shown = tabs_[index].mirror.slice_text(static_cast<SliceId>(slice));
        if (!base::same_json(real, shown)) say("the mirror of tab " + std::to_string(index) + " differs:\n  core   " + real + "\n  mirror " + shown);
    }
}

void TabsWorld::check_end() {
    const auto recovered = persist::recover(disk_.files());
    if (!recovered) return say("recovery refused: " + recovered.error().message);
    const auto shared_text = [](const model::State& state) {
        std::string text;
        for (const SliceId slice : {SliceId::files, SliceId::models, SliceId::settings}) text += state.slice_text(slice) + "\n";
        std::map<std::string, std::string> steps;  // their order means nothing
        for (const auto& [id, item] : state.items(SliceId::history)) steps[id] = item.value.text();
        for (const auto& [id, step] : steps) text += id + " " + step + "\n";
        return text;
    };
    const std::string expected = shared_text(recovered->state);
    for (std::size_t i = 0; i < tabs_.size(); ++i) {
        const client::Client& client = *tabs_[i].client;
        if (client.phase() != client::Phase::ready) say("tab " + std::to_string(i) + " is not ready");
        if (client.durable_seq() != client.seq()) say("tab " + std::to_string(i) + " still has something to save");
        if (shared_text(client.state()) != expected) say("tab " + std::to_string(i) + " differs from the disk:\n  disk " + expected + "  tab  " + shared_text(client.state()));
        check_mirror(i);
    }
    for (const auto& [mark, durable] : marks_)
        if (expected.find("\"" + mark + "\":1") == std::string::npos) say("edit " + mark + (durable ? " was durable and" : " of a living tab") + " is gone");
}

TabsOutcome TabsWorld::run() {
    open_tab(0, false);
    pass(100);
    for (const std::string_view id : {"s0", "s1", "s2"}) dispatch(0, frame_json("files/addItem", R"({"id":")" + std::string(id) + R"(","name":"n"})"), "");
    pass(1000);
    for (std::size_t i = 1; i < tabs_.size(); ++i)
        if (random_.next() % 2 == 0) open_tab(i, false);
    for (int i = 0; i < options_.actions && outcome_.violations.size() < 10; ++i) act();
    if (outcome_.violations.empty()) converge();
    if (outcome_.violations.empty()) check_end();
    return outcome_;
}

TabsOutcome run_tabs_world(const TabsOptions& options) { return TabsWorld(options).run(); }

}  // namespace codeforge::sim
