// The client: store, log and sync engine wired together, with every input from outside a call and
// every output an effect. It never looks at a clock, a disk or a network: the caller brings the
// time, carries out what poll() gives and comes back at next_deadline_ms(). The same object runs in
// the browser, in Node and in the simulator.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "client/changes_feed.hpp"
#include "client/follower.hpp"
#include "client/tab_message.hpp"
#include "client/writer_tabs.hpp"
#include "model/schema.hpp"
#include "model/state.hpp"
#include "persist/log.hpp"
#include "store/frame.hpp"
#include "store/history.hpp"
#include "store/store.hpp"
#include "sync/engine.hpp"

namespace codeforge::client {

/// Read every file of the store and bring them to loaded() or load_failed().
struct LoadFiles {};
/// No write will follow; connections can be closed.
struct CloseFiles {};
/// Bring it to the other tabs: `to` the name of one, "writer", or "" for all.
struct PostToTabs {
    std::string to;
    std::string bytes;
};
using Effect = std::variant<LoadFiles, persist::Write, sync::HttpRequest, CloseFiles, PostToTabs>;

struct Dispatched {
    bool echo = false;      // the commit did what the frame says and the sender may keep its objects
    bool more = false;      // take_changes() has something besides the status
    bool status = false;    // the status is another than before
    std::uint64_t seq = 0;  // number of the last commit
};

/// The frame by which JavaScript brings what the steps of a migration made. No slice has it.
inline constexpr std::string_view kMigratedAction = "$schema/migrated";

enum class Phase { opening, ready, closing, closed, failed };

class Client final : FollowerHost {
public:
    /// `config`: JSON, see bindings/README.md. Unknown members are ignored.
    static base::Result<std::unique_ptr<Client>> create(std::string_view config);

    std::uint64_t open(std::uint64_t now_ms);
    void loaded(const std::vector<persist::File>& files, std::uint64_t now_ms);
    void load_failed(const base::Error& error, std::uint64_t now_ms);

    /// A piece of a list of items, for the next dispatch: see store/frame.hpp. "" drops those that are there.
    base::Result<void> stage(std::string_view piece);
    /// Requires: `frame` is as store/frame.hpp says.
    base::Result<Dispatched> dispatch(std::string_view frame, std::uint64_t now_ms);
    /// Whose the next dispatches are, and when they happened: {"session", "user", "group", "at", "undoable"}. A member
    /// that is missing stays as it is. `at` is Unix time, 0 the time that dispatch() is given; `group` not "": one undo
    /// step; `undoable` false: no step at all.
    base::Result<void> context(std::string_view text);
    /// `text`: JSON, see bindings/README.md.
    base::Result<void> configure(std::string_view text, std::uint64_t now_ms);
    /// `command`: {"do":"push"|"pull"|"check"|"stats"|"clear"}. Gives a ticket.
    base::Result<std::uint64_t> sync(std::string_view command, std::uint64_t now_ms);
    std::uint64_t flush(bool strict, std::uint64_t now_ms);
    std::uint64_t close(std::uint64_t now_ms);

    void written(std::uint64_t write_id, const std::optional<base::Error>& failure, std::uint64_t now_ms);
    /// The database was found empty while the store is open; everything is written again.
    void files_lost(std::uint64_t now_ms);
    void answered(const sync::HttpResponse& response, std::uint64_t now_ms);
    void tick(std::uint64_t now_ms) { pump(now_ms); }

    /// Until turn_ended() dispatch() gives no write, so that edits in a row become one; flush() and close() do not wait for
    /// it. true: the caller has to see to it that turn_ended() is called when its turn is over.
    bool begin_turn();
    void turn_ended(std::uint64_t now_ms);

    // tabs (client_tabs.cpp)
    /// What another tab posted; anything else is ignored.
    void receive(std::string_view bytes, std::uint64_t now_ms);
    /// This tab holds the store's lock now. A follower loads the files once more and goes on as the writer.
    void become_writer(std::uint64_t now_ms);
    /// This tab heard nothing for a while: a follower asks the writer anew.
    void join_again(std::uint64_t now_ms);
    /// That tab is no more.
    void tab_gone(std::string_view origin, std::uint64_t now_ms);
    bool is_follower() const { return follower_ != nullptr; }

    std::optional<Effect> poll();
    /// Unix time; nullopt: nothing is due before another call.
    std::optional<std::uint64_t> next_deadline_ms() const;

    bool has_news() const { return !feed_.empty() || mark_ != told_mark_; }
    std::string take_changes();
    /// "" when absent or when there is no such slice.
    std::string read(std::string_view slice, std::string_view id) const;
    std::string read_all(std::string_view slice) const;
    /// What can be undone, see store/history.hpp, with "revision" and with the answer of the last undo or redo; "" when
    /// the revision is `known` already.
    std::string history(std::uint64_t known);
    /// What the server refused, see sync/rejected.hpp.
    std::string rejected() const;
    std::string status_json();

    const model::State& state() const { return store_.state(); }
    /// In a follower these two are the numbers of its own edits.
    std::uint64_t durable_seq() const { return memory_only_ ? seq_ : follower_ ? follower_->durable_number() : log_.durable_seq(); }
    std::uint64_t seq() const { return follower_ ? follower_->number() : seq_; }
    /// How far the edits that this tab made under the name `before` of its configuration are in the store.
    std::uint64_t before_number() const { return before_number_; }
    Phase phase() const { return phase_; }

private:
    struct Waiter {
        std::uint64_t ticket = 0;
        std::uint64_t seq = 0;
        bool strict = false;
        std::uint64_t failures = 0;  // of the log when it was registered: only later ones concern it
    };

    FollowerHost& as_host() { return *this; }
    explicit Client(std::string_view seed) : engine_(seed) {}
    base::Result<void> refuse_unless_ready() const;
    /// What an action does. `steps`: what the slice history gets, where the action itself says it.
    base::Result<store::Reduction> reduce(const model::Action& action, std::uint64_t now_ms, std::optional<model::Changes>& steps);
    base::Result<void> refuse_to_keep(const model::Changes& changes, const std::optional<model::Changes>& steps) const;
    base::Result<store::Reduction> move_in_history(std::string_view action, model::Changes& steps);
    /// A commit that no user asked for; `undo_type` not "": but that one may undo.
    void commit_by_core(model::Changes changes, std::uint64_t now_ms, std::string_view undo_type = {});
    /// The whole of what an action commits, notes and undo steps included.
    base::Result<store::Reduction> work_out(const model::Action& action, std::uint64_t at_ms);
    /// Applies, feeds (all but the first `echoed`) and logs.
    /// `asked`: the frame of another tab that led to it, with why it was refused.
    void commit(model::Changes changes, std::size_t echoed, std::uint64_t now_ms, const TabMessage* asked = nullptr);
    /// Answers a ticket, here or in the tab that asked.
    void complete(std::uint64_t ticket, std::string_view result_json);
    void want_files();
    void flush_for(std::uint64_t ticket, bool strict, std::uint64_t now_ms);
    bool is_kept(const model::Change& change) const;
    void set_visibility();
    static std::optional<sync::Command> command_named(std::string_view name);

    // client_tabs.cpp
    base::Result<store::Reduction> reduce(const model::Action& action, const Circumstances& when) override;
    bool is_early(const model::Change& change) const override;
    bool is_hidden(const model::Change& change) const override;
    void noted(model::SliceId slice, std::string_view id) override;
    void show(const model::Change& change) override;
    void show_again(model::SliceId slice) override;
    void show_all_again() override;
    void post(TabMessage message, bool to_writer) override;
    void load_files() override { want_files(); }
    void refused(std::uint64_t number, std::string_view error_json) override { feed_.refused(number, error_json); }
    void done(std::uint64_t ticket, std::string_view result_json) override { feed_.done(ticket, result_json); }
    void post_to(std::string_view origin, TabMessage message);
    void post_commit(const model::Commit& commit, const TabMessage* asked);
    void post_moment(model::Changes changes);
    void post_standing();
    void announce(std::uint64_t now_ms);
    void welcome(const std::string& origin);
    base::Result<model::Changes> work_out_frame(std::string_view frame, const Circumstances& when, store::Actor actor);
    void carry_out_frame(const TabMessage& message, std::uint64_t now_ms);
    void carry_out_command(const TabMessage& message, std::uint64_t now_ms);
    void start_command(std::uint64_t ticket, std::string_view text, std::uint64_t now_ms);
    void follow_files(persist::Recovery&& recovery, std::uint64_t now_ms);
    void open_follower();
    void take_over(persist::Recovery&& recovery, std::uint64_t now_ms);
    void redo(const KeptFrame& frame, std::uint64_t now_ms);
    void pump_follower(std::uint64_t now_ms);
    std::string standing_json() const;
    std::string storage_json() const;
    std::string tabs_json() const;
    void pump(std::uint64_t now_ms);
    void carry_out(sync::Output output, std::uint64_t now_ms);
    void resolve_automatically(const model::Changes& changes, std::uint64_t now_ms);
    void settle_waiters();
    void apply_settings(std::uint64_t now_ms);
    // client_schema.cpp
    base::Result<void> take_schema(std::string_view config);
    void open_schema(std::uint64_t now_ms);
    base::Result<store::Reduction> migrate(const model::Action& action) const;
    /// Adds what `changes` of an action of that type mean for the marks of older items.
    void settle_marks(std::string_view type, model::Changes& changes) const;
    const model::SliceDef* named(std::string_view slice) const;
    /// Requires: read_only_.
    base::Error read_only_error() const;
    bool refuses(const model::Changes& changes) const;
    std::string schema_json() const;
    std::uint64_t status_mark() const;
    std::string_view save_state() const;

    std::vector<std::string> edited_keys_;  // of what work_out() worked out last
    model::SliceTable custom_slices_;  // until a state has them
    std::string slices_json_;  // the application's slices; every state that is recovered learns of them
    store::Store store_;
    store::StagedItems staged_;
    store::History history_;
    store::Actor actor_;
    std::uint64_t at_ms_ = 0;  // of the next dispatches; 0: what they are given
    bool undoable_ = true;
    bool in_turn_ = false;  // edits may follow at once
    bool hold_ = false;  // nothing is written now: the commits of a transaction become one write
    std::string moved_ = "null";  // answer of the last undo or redo
    persist::Log log_;
    sync::Engine engine_;
    ChangesFeed feed_;
    std::vector<Effect> effects_;
    std::vector<Waiter> waiters_;

    std::uint64_t schema_ = model::kFirstSchema;  // the number of the application
    std::string migrated_slices_ = "[]";          // JSON: those that have steps
    bool read_only_ = false;                      // the store is newer than the application
    // Tabs. Without an origin this client is alone.
    std::string origin_;
    std::string before_;  // the name under which this tab sent frames earlier
    std::uint64_t before_number_ = 0;
    std::uint64_t term_ = 0;
    std::unique_ptr<Follower> follower_;
    WriterTabs tabs_;
    std::uint64_t start_seq_ = 0;  // the last commit before this writer's
    std::uint64_t reached_seq_ = 0;  // the last one of an earlier writer that is known here
    bool reign_noted_ = false;  // a commit of this writer says that it is one
    bool takes_over_ = false;  // the lock is here, the files are not
    bool loading_ = false;
    bool load_again_ = false;
    bool visible_ = true;
    std::uint64_t posted_mark_ = 0;
    std::uint64_t posted_durable_ = 0;

    bool memory_only_ = false;
    Phase phase_ = Phase::opening;
    std::uint64_t seq_ = 0;
    std::uint64_t next_ticket_ = 1;
    std::uint64_t open_ticket_ = 0;
    std::vector<std::uint64_t> close_tickets_;
    std::uint64_t close_failures_ = 0;
    std::uint64_t mark_ = 0;
    std::uint64_t told_mark_ = ~std::uint64_t{0};
    std::optional<base::Error> failure_;  // why the phase is failed
    std::uint64_t recovered_items_ = 0, recovered_commits_ = 0, torn_bytes_ = 0, damaged_ = 0;
    // What createCore asked for; it goes before the settings slice.
    std::optional<bool> wanted_auto_;
    std::optional<std::uint64_t> wanted_interval_ms_;
};

}  // namespace codeforge::client
