// One device: a client on a simulated disk, and an oracle that knows what the client promised. Its
// process can be killed and started again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "client/client.hpp"
#include "sim/disk.hpp"
#include "sim/network.hpp"

namespace codeforge::sim {

using Tokens = std::set<std::string>;
/// Tokens mark edits: every edit writes one that no other edit writes ("<e12>").
Tokens tokens_in(std::string_view text);

/// What became of every edit, over all devices.
struct Ledger {
    struct Edit {
        int device = 0;
        std::uint64_t seq = 0;
        bool visible = false;      // it left its mark in the item; deletions and resolutions do not
        bool lost = false;         // with a crash, before it was durable
        Tokens overwritten;        // what its maker saw and replaced
    };
    std::map<std::string, Edit> edits;
    Tokens in_conflicts;           // stood in a conflict record
    std::vector<std::string> violations;
    std::function<void(const std::string&)> tell;  // what happens, for the trace

    void violation(std::string text) {
        if (violations.size() < 20) violations.push_back(std::move(text));
    }
};

class Device {
public:
    Device(int number, std::uint64_t seed, Network& network, Ledger& ledger, base::Random& random)
        : number_(number), seed_(seed), network_(network), ledger_(ledger), random_(random) {}

    void start(std::uint64_t now_ms);
    /// The process or the machine ends without a word.
    void crash(std::uint64_t now_ms, bool power_loss, DiskFault fault);

    /// An edit of the item (or field) under `key`, which it marks with `token`.
    void edit(const std::string& key, const std::string& token, const std::string& frame, std::uint64_t now_ms);
    /// "undo" or "redo" of this device's session, whatever that touches.
    void move_in_history(std::string_view move, const std::string& token, std::uint64_t now_ms);
    /// An edit that is a step of its own, taken back at once, done again and taken back: each time exactly what was there.
    void edit_and_undo(const std::string& key, const std::string& token, const std::string& frame, std::uint64_t now_ms);
    void flush(bool strict, std::uint64_t now_ms);
    /// Ticket of a sync command, 0 when refused.
    std::uint64_t sync(std::string_view command, std::uint64_t now_ms);
    bool is_done(std::uint64_t ticket) const { return done_.contains(ticket); }
    bool is_good(std::uint64_t ticket) const { return done_.contains(ticket) && done_.at(ticket); }
    void configure(std::string_view text, std::uint64_t now_ms);
    void answered(const sync::HttpResponse& response, std::uint64_t now_ms);

    std::optional<std::uint64_t> next_ms() const;
    /// Does what is due: the disk's answer or the client's deadline.
    void advance(std::uint64_t now_ms);

    const model::State& state() const { return client_->state(); }
    std::string text_under(const std::string& key) const;
    /// Keys of everything that is synced and here.
    std::vector<std::string> keys() const;
    std::size_t pending() const { return state().items(model::SliceId::outbox).size(); }
    Disk& disk() { return disk_; }
    int starts() const { return starts_; }
    /// Undos and redos that changed something.
    int moves() const { return moves_; }

private:
    void settle(std::uint64_t now_ms);
    void note_write(const persist::Write& write);
    void note_feed();
    void note_edit(const std::string& token, std::uint64_t seq_before, const Tokens& before, const Tokens& after);
    Tokens tokens_of_documents() const;
    void group(const std::string& name);
    void check_recovery();
    std::string expected_text(std::uint64_t seq) const;
    void say(const std::string& what) { ledger_.violation("device " + std::to_string(number_) + ": " + what); }

    int number_;
    std::uint64_t seed_;
    Network& network_;
    Ledger& ledger_;
    base::Random& random_;
    Disk disk_;
    std::unique_ptr<client::Client> client_;
    int starts_ = 0;
    int moves_ = 0;

    // The oracle: the durable part of the state after commits, and the commits as they were written.
    std::map<std::uint64_t, std::string> texts_;
    std::map<std::uint64_t, model::State> bases_;  // what recoveries found
    std::map<std::uint64_t, model::Commit> commits_;
    std::uint64_t durable_seq_ = 0;  // promised to survive the end of the process
    std::uint64_t strict_seq_ = 0;   // promised to survive a power loss
    struct Flush {
        std::uint64_t seq = 0;
        bool strict = false;
    };
    std::map<std::uint64_t, Flush> flushes_;
    std::map<std::uint64_t, bool> done_;
};

/// The persistent part of a state: what recovery must bring back.
std::string persistent_text(const model::State& state);

}  // namespace codeforge::sim
