// The sync engine at the level "plain": nine endpoints, no revisions (PROTOCOL.md).
// Sans-io: step() gives one thing to do at a time (send a request, commit changes, report that a
// command is done); answers come back through answered(). One run at a time, at most four requests
// in flight, every request with a deadline. A run never assumes what it did not see: a lost answer
// leaves the outbox entry as it is, and the next run compares with the server before it sends.
#pragma once

#include <cstdint>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "model/state.hpp"
#include "sync/backoff.hpp"
#include "sync/edit_clock.hpp"
#include "sync/http.hpp"
#include "sync/metrics.hpp"
#include "sync/slice_settings.hpp"

namespace codeforge::sync {

enum class Command { push, pull, check, stats, clear };
inline constexpr std::size_t kCommands = 5;

struct Config {
    std::string api_url;  // "" : sync is off
    bool auto_sync = true;
    std::uint64_t interval_ms = 30'000;
    bool sync_on_change = false;
    bool rolls_back = false;  // edits that the server refuses, instead of keeping them
    std::uint64_t max_queue = 50;  // with sync_on_change: push at once when so many keys wait
    SettingsBySlice slices;
};

inline constexpr std::size_t kRequestsInFlight = 4;
inline constexpr std::size_t kBulkFrom = 11;  // more keys than this many less one go over export and import
inline constexpr std::size_t kBatchItems = 10;       // of one import
inline constexpr std::size_t kBacklog = 100;         // more keys than this are sent in imports of kImportItems
inline constexpr std::size_t kImportItems = 500;
inline constexpr std::size_t kImportBytes = 4u << 20;
inline constexpr std::uint32_t kItemTimeoutMs = 10'000;
inline constexpr std::uint32_t kBulkTimeoutMs = 60'000;
/// A push that waited longer than this between its look at the server and its sending looks again:
/// what another device wrote in between would be overwritten unseen.
inline constexpr std::uint64_t kLookMs = 5000;
inline constexpr int kRefusedAfter = 3;              // answers of status 500 to one key

/// Changes to commit now. barrier: tell the engine the commit's number; it waits for strict
/// durability before it sends what they froze.
struct CommitOutput {
    model::Changes changes;
    bool barrier = false;
    std::string undo_type = {};  // not "": the user may undo it, and history calls it so
};
struct DoneOutput {
    std::uint64_t ticket = 0;
    std::string json;  // {"ok":true,...} or {"error":{...}}
};
using Output = std::variant<HttpRequest, CommitOutput, DoneOutput>;

class Engine {
public:
    /// Client ids and jitter come from the seed.
    explicit Engine(std::string_view seed) : random_(seed) { client_ = "c-" + random_.hex(16); }

    void configure(Config config, std::uint64_t now_ms);
    const Config& config() const { return config_; }
    void set_visible(bool visible) { visible_ = visible; }
    void came_online(std::uint64_t now_ms);
    /// After recovery: what waits in the outbox is to be pushed.
    void restore(const model::State& state, std::uint64_t now_ms);

    void request(Command command, std::uint64_t ticket);
    /// Whether edited() wants to know the keys.
    bool wants_keys() const { return !config_.api_url.empty(); }
    /// `keys`: those that an edit touched; taken.
    void edited(std::vector<std::string>& keys, std::uint64_t now_ms);
    void reset_metrics() { metrics_ = {}; }
    /// Fails everything that runs or waits, with code closed.
    void close();

    std::optional<Output> step(const model::State& state, std::uint64_t now_ms);
    void barrier_committed(std::uint64_t seq) { barrier_seq_ = seq; }
    /// The number that must be strictly durable before step() goes on; nullopt: nothing waits.
    std::optional<std::uint64_t> barrier() const { return barrier_seq_; }
    void strictly_durable(std::uint64_t seq);
    void answered(const HttpResponse& response, const model::State& state, std::uint64_t now_ms);

    std::optional<std::uint64_t> next_deadline_ms(const model::State& state) const;
    std::string status_json(const model::State& state) const;
    /// Differs whenever something that a user is shown differs; cheap enough for every dispatch.
    std::uint64_t status_mark(const model::State& state) const;

private:
    enum class Phase { fetch, send, finish };
    enum class Purpose { fetch_all, fetch_key, put, erase, import, health, stats, clear };
    struct Task {
        Purpose purpose = Purpose::health;
        std::vector<std::string> keys;
    };
    struct Sent {
        std::uint64_t id = 0;
        Task task;
        std::uint64_t at_ms = 0;
    };
    struct Run {
        Command command = Command::push;
        std::vector<std::uint64_t> tickets;
        Phase phase = Phase::fetch;
        std::vector<std::string> keys;                                       // of a push
        std::unordered_map<std::string, std::optional<std::string>> remote;  // by key, as fetched
        base::Numbers schemas;                                               // by key, of what is there
        std::unordered_set<std::string> skipped;                             // there, but unreadable or known to be the same
        std::vector<Task> tasks;  // the last is next
        std::vector<Sent> in_flight;
        std::uint64_t pushed = 0, deleted = 0, pulled = 0, removed = 0, kept = 0, conflicts = 0, unreadable = 0;
        std::string stats;  // the server's object
        std::optional<base::Error> error;
        std::string retry_after;
        std::uint64_t looked_ms = 0;  // when the server was last read
        std::uint64_t changes = 0;    // of changes_, when it started
        bool visible = false;  // the sync slice shows it
    };

    // engine.cpp: scheduling
    std::optional<Command> due(const model::State& state, std::uint64_t now_ms) const;
    std::optional<std::uint64_t> push_at_ms(const model::State& state) const;
    void start(Command command, std::vector<std::uint64_t> tickets, const model::State& state, std::uint64_t now_ms);
    void advance(const model::State& state, std::uint64_t now_ms);
    void finish(const model::State& state, std::uint64_t now_ms);
    std::string result_json() const;
    void show(model::Changes changes) { outputs_.push_back(CommitOutput{std::move(changes), false}); }

    // requests.cpp: tasks to requests and answers to facts
    HttpRequest request_of(const Task& task, const model::State& state) const;
    void accept(const Task& task, const HttpResponse& response, const model::State& state);
    void refuse(const Task& task, const HttpResponse& response, const model::State& state, std::uint64_t now_ms);
    void refuse_value(const std::string& key, const HttpResponse& response, const std::string& said, const model::State& state, std::uint64_t now_ms);
    void accept_export(std::string_view body, const model::State& state);
    void accept_value(const std::string& key, std::string_view body, const model::State& state);
    void give_up(base::Code code, std::string message);

    // runs.cpp: what a run decides
    void select_keys(const model::State& state, std::uint64_t now_ms);
    void look();
    void decide_push(const model::State& state, std::uint64_t now_ms);
    void decide_pull(const model::State& state, std::uint64_t now_ms);
    void decide_missing(const model::State& state, std::uint64_t now_ms, model::Changes& changes);
    void freeze(const model::State& state, const std::string& key, model::Changes& changes);
    struct Send {
        std::string key;
        bool erases = false;
    };
    void queue_sends(const model::State& state, const std::vector<Send>& sends);
    std::size_t import_items(const std::string& key) const;
    bool is_held(std::string_view key) const { return !config_.slices.of_key(key).goes(); }
    std::uint64_t held_keys(const model::State& state) const;
    bool sends_in_bulk() const { return run_->keys.size() >= kBulkFrom; }
    void record_conflict(const model::State& state, const std::string& key, const std::optional<std::string>& remote, std::uint64_t now_ms,
                         model::Changes& changes);
    void note_export(const std::string& key, std::string_view json, const model::State& state);

    base::Random random_;
    std::string client_;
    std::uint64_t next_mutation_ = 1;
    std::uint64_t next_request_ = 1;
    Config config_;
    Backoff backoff_;
    Metrics metrics_;
    bool visible_ = true;
    bool restoring_ = false;  // a server was seen that had lost what it had

    std::optional<Run> run_;
    std::array<std::vector<std::uint64_t>, kCommands> wanted_;  // tickets that wait, by command
    std::vector<Output> outputs_;
    std::optional<std::uint64_t> barrier_seq_;
    bool barrier_pending_ = false;  // handed out, number not told yet

    std::optional<bool> connected_;
    std::optional<base::Error> last_error_;
    std::uint64_t next_try_ms_ = 0;
    std::uint64_t first_edit_ms_ = 0;  // since the last push; 0: none
    EditClock clock_;                  // of the keys edited since they were last selected
    std::uint64_t changes_ = 0;        // edits since the last push that went through
    std::uint64_t last_push_ms_ = 0;
    std::uint64_t last_pull_ms_ = 0;
    std::uint64_t last_synced_ms_ = 0;
    std::uint64_t rejected_revision_ = 0;  // grows with every roll-back
    std::uint64_t refused_ = 0;  // keys that the server refuses, at the last selection
    std::uint64_t held_ = 0;     // keys of slices that stay at home or are not defined now, at the last selection
    /// Hash of a key's text in the last export that was dealt with: the same text needs no parsing.
    base::Numbers seen_;
};

}  // namespace codeforge::sync
