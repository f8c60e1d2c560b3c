// The simulated world: devices, their disks, one network, one server, and somebody who edits, flushes,
// pulls plugs and resolves conflicts at random. Everything follows from the seed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "sim/device.hpp"
#include "sim/network.hpp"

namespace codeforge::sim {

struct Options {
    std::uint64_t seed = 1;
    int devices = 0;  // 0: one to three, by the seed
    int actions = 120;
    bool verbose = false;  // prints the trace
    bool crashes = true;
    bool crashes_in_writes = false;  // an edit comes right before every crash
    bool trouble = true;  // of disk and network
    bool undo_and_notes = true;  // undo and redo, and items of a custom slice, among the edits
    bool resets_server = false;  // once, when all devices agree; then each pulls
    // Planted faults: a world with one of them must fail its checks.
    DiskFault disk_fault = DiskFault::none;
    bool server_forgets_writes = false;
    bool server_skips_in_export = false;
};

struct Outcome {
    std::vector<std::string> violations;
    std::uint32_t trace = 0;  // of everything that happened, in order
    int edits = 0;
    int lost = 0;       // with crashes, before they were durable
    int conflicts = 0;  // edits that stood in a conflict record
    int starts = 0;
    int moves = 0;      // undos and redos that changed something
    int notes = 0;      // items of the custom slice, in the end
    int requests = 0;
};

class World {
public:
    explicit World(const Options& options);
    Outcome run();

private:
    void act();
    void edit(Device& device);
    void edit_file(Device& device);
    void edit_tree(Device& device);
    void edit_note(Device& device);
    void undo_something(Device& device);
    void edit_document(Device& device, std::uint32_t dice);
    void make(Device& device, const std::string& key, const std::string& mark, const std::string& frame);
    void resolve(Device& device, std::string_view strategy);
    void pass_until(std::uint64_t until_ms);
    bool step(std::uint64_t until_ms);
    void heal();
    bool finish_command(Device& device, std::string_view command);
    void converge();
    void reset_server();
    void check_agreement();
    void check_edits();
    void check_repeats();
    void trace(std::string_view what);
    Device& any() { return *devices_[random_.next() % devices_.size()]; }
    std::string token() { return "<e" + std::to_string(next_token_++) + ">"; }

    Options options_;
    base::Random random_;
    Network network_;
    Ledger ledger_;
    std::vector<std::unique_ptr<Device>> devices_;
    static constexpr std::uint64_t kStartMs = 1'700'000'000'000;
    std::uint64_t now_ms_ = kStartMs;
    int next_token_ = 1;
    bool undoes_ = false;  // what is edited now is taken back at once
    std::uint32_t trace_ = 0;
};

Outcome run_world(const Options& options);

}  // namespace codeforge::sim
