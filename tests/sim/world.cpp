// What happens in the simulated world, and what must hold when it comes to rest.
#include "sim/world.hpp"

#include <algorithm>
#include <cstdio>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/json_check.hpp"
#include "sync/key.hpp"
#include "unit/support/frames.hpp"

namespace codeforge::sim {

using testing::frame_fields;
using testing::frame_json;

World::World(const Options& options) : options_(options), random_("world-" + std::to_string(options.seed)) {
    ledger_.tell = [this](const std::string& what) { trace(what); };
    network_.server.forgets_writes = options.server_forgets_writes;
    network_.server.skips_in_export = options.server_skips_in_export;
    const int count = options.devices > 0 ? options.devices : 1 + static_cast<int>(random_.next() % 3);
    for (int i = 0; i < count; ++i) {
        devices_.push_back(std::make_unique<Device>(i, options.seed, network_, ledger_, random_));
        devices_.back()->start(now_ms_);
    }
    if (!options.trouble) return;
    network_.loss_rate = random_.next() % 2 == 0 ? 0.1 : 0;
    network_.trouble_rate = random_.next() % 2 == 0 ? 0.05 : 0;
    for (auto& device : devices_) {
        device->disk().failure_rate = random_.next() % 3 == 0 ? 0.1 : 0;
        device->disk().silence_rate = random_.next() % 3 == 0 ? 0.03 : 0;
    }
}

void World::trace(std::string_view what) {
    std::string line(what);
    line += " @" + std::to_string(now_ms_ - kStartMs);
    if (options_.verbose) std::printf("%s\n", line.c_str());
    trace_ = base::crc32c(line, trace_);
}

/// One thing that is due before `until_ms`; false when there is none.
bool World::step(std::uint64_t until_ms) {
    std::uint64_t at = until_ms;
    Device* next = nullptr;
    for (auto& device : devices_)
        if (const auto due = device->next_ms(); due && *due < at) {
            at = *due;
            next = device.get();
        }
    if (const auto due = network_.next_ms(); due && *due < at) {
        now_ms_ = std::max(now_ms_, *due);
        const Network::Delivery delivery = network_.deliver();
        trace("answer " + std::to_string(delivery.device) + " " + std::to_string(delivery.response.status) + " " + delivery.response.body);
        devices_[static_cast<std::size_t>(delivery.device)]->answered(delivery.response, now_ms_);
        return true;
    }
    if (next == nullptr) return false;
    now_ms_ = std::max(now_ms_, at);
    next->advance(now_ms_);
    return true;
}

void World::pass_until(std::uint64_t until_ms) {
    for (int steps = 0; step(until_ms); ++steps)
        if (steps > 200'000) {
            ledger_.violation("the world does not come to rest: something is due for ever");
            break;
        }
    now_ms_ = std::max(now_ms_, until_ms);
}

void World::edit_file(Device& device) {
    const std::string id = "f" + std::to_string(random_.next() % 6) + (random_.next() % 4 == 0 ? ":/ ~" : "");
    const std::string key = sync::local_key(device.state().table(), model::SliceId::files, id);
    const std::string mark = token();
    const std::string now = std::to_string(now_ms_);
    switch (random_.next() % 6) {
        case 0:
            return make(device, key, mark, frame_json("files/saveFile", R"({"id":)" + base::quoted(id) + R"(,"name":)" + base::quoted(mark) + R"(,"content":"","updatedAt":)" + now + "}"));
        case 1: return make(device, key, mark, frame_json("files/deleteFile", base::quoted(id)));
        case 2:
        case 3: return make(device, key, mark, frame_fields("files/updateItem", {{"id", base::quoted(id)}, {"content", base::quoted(mark)}, {"updatedAt", now}}));
        default: break;
    }
    make(device, key, mark, frame_fields("files/updateItem", {{"id", base::quoted(id)}, {"name", base::quoted(mark)}, {"updatedAt", now}}));
}

void World::edit_tree(Device& device) {
    const std::string id = "t" + std::to_string(random_.next() % 2);
    const std::string key = sync::local_key(device.state().table(), model::SliceId::component_trees, id);
    const std::string mark = token();
    const std::string node = random_.next() % 2 == 0 ? "r" : "n";
    if (device.text_under(key).empty())
        return make(device, key, mark, frame_json("componentTrees/addTree", R"({"id":)" + base::quoted(id) + R"(,"name":)" + base::quoted(mark) +
                           R"(,"root":{"id":"r","type":"Box","children":[{"id":"n","type":"Text"}]},"updatedAt":1})"));
    make(device, key, mark, frame_json("componentTrees/updateTreeNode", R"({"treeId":)" + base::quoted(id) + R"(,"nodeId":)" + base::quoted(node) +
                R"(,"updates":{"props":{"text":)" + base::quoted(mark) + "}}}"));
}

/// Of the slice that every device defines for itself.
void World::edit_note(Device& device) {
    const std::string id = "n" + std::to_string(random_.next() % 3);
    const std::string key = "notes:" + id;
    const std::string mark = token();
    switch (random_.next() % 4) {
        case 0: return make(device, key, mark, frame_json("notes/removeItem", base::quoted(id)));
        case 1: return make(device, key, mark, frame_fields("notes/updateItem", {{"id", base::quoted(id)}, {"text", base::quoted(mark)}}));
        case 2: return make(device, key, mark, frame_json("notes/replaceItem", R"({"id":)" + base::quoted(id) + R"(,"title":)" + base::quoted(mark) + "}"));
        default: break;
    }
    make(device, key, mark, frame_json("notes/addItem", R"({"id":)" + base::quoted(id) + R"(,"text":)" + base::quoted(mark) + R"(,"tags":["a",{"b":null}]})"));
}

void World::undo_something(Device& device) {
    const std::uint32_t dice = random_.next() % 10;
    if (dice < 5) return device.move_in_history("undo", token(), now_ms_);
    if (dice < 8) return device.move_in_history("redo", token(), now_ms_);
    undoes_ = true;
    edit_document(device, random_.next() % 9);
    undoes_ = false;
}

void World::make(Device& device, const std::string& key, const std::string& mark, const std::string& frame) {
    if (undoes_) device.edit_and_undo(key, mark, frame, now_ms_);
    else device.edit(key, mark, frame, now_ms_);
}

void World::edit_document(Device& device, std::uint32_t dice) {
    const std::string mark = dice < 2 ? token() : "";
    if (dice == 0) make(device, "theme:current", mark, frame_json("theme/setCurrentTheme", R"({"id":"t","name":)" + base::quoted(mark) + "}"));
    else if (dice == 1) make(device, "theme:current", mark, frame_json("theme/updateThemeColors", R"({"primary":)" + base::quoted(mark) + "}"));
    else if (dice < 4) edit_tree(device);
    else if (dice == 8) edit_note(device);
    else edit_file(device);
}

void World::edit(Device& device) {
    const std::uint32_t dice = random_.next() % (options_.undo_and_notes ? 10 : 8);
    if (dice == 9) undo_something(device);
    else edit_document(device, dice);
}

/// Resolving is an edit: its maker saw what it replaces.
void World::resolve(Device& device, std::string_view strategy) {
    const auto conflicts = device.state().ordered(model::SliceId::conflicts);
    if (conflicts.empty()) return;
    const std::string key(conflicts[random_.next() % conflicts.size()].first);
    device.edit(key, token(), frame_json("conflicts/resolveConflict", R"({"conflictId":)" + base::quoted(key) + R"(,"strategy":)" + base::quoted(strategy) + "}"), now_ms_);
}

void World::act() {
    Device& device = any();
    const std::uint32_t dice = random_.next() % 100;
    trace("act " + std::to_string(dice));
    if (dice < 60) edit(device);
    else if (dice < 68) device.flush(dice < 64, now_ms_);
    else if (dice < 72) device.sync("push", now_ms_);
    else if (dice < 76) device.sync("pull", now_ms_);
    else if (dice < 82) resolve(device, dice < 78 ? "local" : dice < 80 ? "remote" : "merge");
    else if (dice < 86) network_.server_down = options_.trouble && !network_.server_down;
    else if (dice < 88) device.configure(R"({"online":true,"visible":true})", now_ms_);
    else if (dice < 94 && options_.crashes) {
        if (options_.crashes_in_writes) edit(device);
        device.crash(now_ms_, dice >= 91, options_.disk_fault);
    }
    constexpr std::uint32_t kPauses[] = {1, 5, 40, 40, 200, 700, 3000, 20'000};
    pass_until(now_ms_ + 1 + random_.next() % kPauses[random_.next() % 8]);
}

void World::heal() {
    network_.server_down = false;
    network_.loss_rate = network_.trouble_rate = 0;
    for (auto& device : devices_) device->disk().failure_rate = device->disk().silence_rate = 0;
    pass_until(now_ms_ + 120'000);
}

/// Whether the command ended well within ten minutes.
bool World::finish_command(Device& device, std::string_view command) {
    const std::uint64_t ticket = device.sync(command, now_ms_);
    const std::uint64_t until = now_ms_ + 600'000;
    while (!device.is_done(ticket) && now_ms_ < until) pass_until(now_ms_ + 50);
    if (!device.is_done(ticket)) ledger_.violation(std::string(command) + " does not end on a healthy network");
    return device.is_good(ticket);
}

void World::converge() {
    heal();
    bool quiet = false;
    for (int round = 0; round < 30 && !quiet; ++round) {
        quiet = true;
        for (auto& device : devices_) {
            if (!finish_command(*device, "pull") || !finish_command(*device, "push")) ledger_.violation("a command failed on a healthy network");
            while (!device->state().items(model::SliceId::conflicts).empty()) {
                quiet = false;
                resolve(*device, random_.next() % 2 == 0 ? "local" : "remote");
            }
            quiet = quiet && device->pending() == 0;
            if (ledger_.violations.size() >= 10) return;
        }
    }
    if (!quiet) ledger_.violation("the devices do not come to an agreement");
    for (auto& device : devices_) finish_command(*device, "pull");
}

/// The server loses everything. A pull must take nothing away, and the devices bring it back.
void World::reset_server() {
    const std::size_t keys = network_.server.items.size();
    network_.server.items.clear();
    network_.server.stored.clear();
    for (auto& device : devices_) {
        const std::vector<std::string> before = device->keys();
        finish_command(*device, "pull");
        if (device->keys() != before) ledger_.violation("a pull from an empty server changed what is here");
        network_.server.items.clear();  // what this one brought back is not for the others to see yet
    }
    network_.server.stored.clear();
    converge();
    if (network_.server.items.size() != keys) ledger_.violation("the server did not get everything back");
}

void World::check_agreement() {
    std::vector<std::string> on_server;
    for (const auto& [key, value] : network_.server.items) on_server.push_back(sync::local_of_wire(key));
    std::sort(on_server.begin(), on_server.end());
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        const Device& device = *devices_[i];
        if (device.pending() != 0) ledger_.violation("device " + std::to_string(i) + " still has something to push");
        if (device.keys() != on_server) ledger_.violation("device " + std::to_string(i) + " and the server have different keys");
        for (const auto& [key, value] : network_.server.items)
            if (!base::same_json(device.text_under(sync::local_of_wire(key)), value))
                ledger_.violation("device " + std::to_string(i) + " and the server differ in " + key);
    }
}

void World::check_edits() {
    std::string everything;
    for (const auto& [key, value] : network_.server.items) everything += value;
    const Tokens present = tokens_in(everything);
    Tokens seen_and_replaced;
    for (const std::string& value : network_.raced) seen_and_replaced.merge(tokens_in(value));
    for (const auto& [mark, edit] : ledger_.edits)
        if (!edit.lost) seen_and_replaced.insert(edit.overwritten.begin(), edit.overwritten.end());
    for (const auto& [mark, edit] : ledger_.edits) {
        if (edit.lost && present.contains(mark)) ledger_.violation("edit " + mark + " reached the server before it was durable");
        const bool accounted_for = present.contains(mark) || seen_and_replaced.contains(mark) || ledger_.in_conflicts.contains(mark);
        if (edit.lost || !edit.visible || accounted_for) continue;
        ledger_.violation("edit " + mark + " of device " + std::to_string(edit.device) + " is gone: not in the final state, not replaced, in no conflict");
    }
}

void World::check_repeats() {
    for (const auto& [key_and_value, count] : network_.server.stored)
        if (count > 1 + network_.lost_answers(key_and_value))
            ledger_.violation(key_and_value.first + " was given the same value " + std::to_string(count) + " times: " + key_and_value.second);
}

Outcome World::run() {
    for (int i = 0; i < options_.actions && ledger_.violations.size() < 10; ++i) act();
    converge();
    if (options_.resets_server) reset_server();
    check_agreement();
    check_edits();
    if (!options_.resets_server) check_repeats();  // after a reset every device sends all that it has
    for (auto& device : devices_) trace(persistent_text(device->state()));
    Outcome outcome{ledger_.violations, trace_, static_cast<int>(ledger_.edits.size()), 0, static_cast<int>(ledger_.in_conflicts.size()), 0, 0, 0, network_.server.requests};
    for (const auto& [mark, edit] : ledger_.edits) outcome.lost += edit.lost ? 1 : 0;
    for (const auto& device : devices_) {
        outcome.starts += device->starts();
        outcome.moves += device->moves();
    }
    for (const auto& [key, value] : network_.server.items) outcome.notes += key.starts_with("notes:") ? 1 : 0;
    return outcome;
}

Outcome run_world(const Options& options) { return World(options).run(); }

}  // namespace codeforge::sim
