// The part of a client that follows the writer of another tab. It has the whole state, applies an edit at once
// and sends its frame to the writer, which gives it a place in the one order of all tabs. What the
// writer says happened is applied below the own edits that have no place yet: they are taken back,
// the commit is applied, and they are reduced again on top. An edit that the writer refuses is taken back for good.
// Frames are kept until the commit that carries them is durable: a new writer may not have heard of it.
// It writes nothing to disk and asks no server.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "client/net_changes.hpp"
#include "client/tab_message.hpp"
#include "client/take_back.hpp"
#include "model/change.hpp"
#include "persist/recovery.hpp"
#include "store/store.hpp"

namespace codeforge::client {

/// Bytes of frames that wait for the writer; beyond it dispatch refuses.
inline constexpr std::size_t kMaxKeptBytes = 64u << 20;
/// Bytes of commits kept beyond the writer's durable ones; beyond it the oldest go, and with them only
/// the possibility to bring back what died with the writer's tab.
inline constexpr std::size_t kMaxSeenBytes = 64u << 20;
inline constexpr std::uint64_t kHelloAgainMs = 1000;
/// A first load does not wait longer for a writer that does not answer.
inline constexpr std::uint64_t kWelcomeMs = 1500;
inline constexpr std::uint64_t kUnresponsiveMs = 10'000;

/// Beside a frame: when it was dispatched, the undo group that it belongs to, whether it can be undone.
struct Circumstances {
    std::uint64_t at_ms = 0;
    std::string group;
    bool undoable = true;
};

/// An edit of this tab, from its dispatch until it is durable.
struct KeptFrame {
    std::uint64_t number = 0;
    Circumstances when;
    std::string frame;
    std::uint64_t seq = 0;         // of the commit that carries it; 0: it has no place yet
    model::Changes done;           // what it did here; only while it has no place
    std::vector<Before> before;    // beside done
};

/// A commit of the writer that is not known to be durable.
struct SeenCommit {
    std::uint64_t seq = 0;
    std::string record;
};

/// What the follower needs of its client.
class FollowerHost {
public:
    virtual ~FollowerHost() = default;
    /// All that the writer would commit, undo steps and other notes in hidden slices included.
    virtual base::Result<store::Reduction> reduce(const model::Action& action, const Circumstances& when) = 0;
    /// Whether an own edit does it here before the writer says so: what tabs share and is not of the moment, and its
    /// undo step. The other hidden slices are the writer's alone.
    virtual bool is_early(const model::Change& change) const = 0;
    virtual bool is_hidden(const model::Change& change) const = 0;
    /// A change of a hidden slice was applied, or taken back.
    virtual void noted(model::SliceId slice, std::string_view id) = 0;
    /// Hidden changes are shown to nobody.
    virtual void show(const model::Change& change) = 0;
    /// The mirror must read the slice again: its items changed their order.
    virtual void show_again(model::SliceId slice) = 0;
    virtual void show_all_again() = 0;
    virtual void post(TabMessage message, bool to_writer) = 0;
    virtual void load_files() = 0;
    virtual void refused(std::uint64_t number, std::string_view error_json) = 0;
    virtual void done(std::uint64_t ticket, std::string_view result_json) = 0;
};

class Follower {
public:
    struct Actor {
        std::string session, user;
    };
    Follower(FollowerHost& host, store::Store& store, std::string origin, Actor actor)
        : host_(host), store_(store), origin_(std::move(origin)), actor_(std::move(actor)) {}

    /// Asks for the writer. Once more when this tab heard nothing for a while.
    void open(std::uint64_t now_ms);
    /// Requires: load_files() was asked for.
    void loaded(persist::Recovery&& recovery, std::uint64_t now_ms);
    void load_failed(std::uint64_t now_ms);
    bool is_ready() const { return ready_; }

    struct Done {
        bool echo = false;
        std::uint64_t number = 0;
    };
    /// Errors: those of reduce(), and limit.
    base::Result<Done> dispatch(std::string_view frame, const model::Action& action, const Circumstances& when, std::uint64_t now_ms);
    /// `text`: {"do": "flush"|"configure"|…}. Ticket 0: nobody waits for the answer.
    void command(std::uint64_t ticket, std::string text, std::uint64_t now_ms);
    void receive(TabMessage&& message, std::uint64_t now_ms);
    void tick(std::uint64_t now_ms);
    std::optional<std::uint64_t> next_deadline_ms() const;
    void bye();

    /// For the tab that becomes the writer. `recovery`: the files as they are now. Brings the state to where
    /// the new writer begins: what was recovered, and the commits behind it that were seen here. Gives those.
    std::vector<model::Commit> take_over(persist::Recovery& recovery);
    /// Edits that have no place then, in order. The state does not have them any more.
    std::vector<KeptFrame> take_unplaced();
    struct Command {
        std::uint64_t ticket = 0;
        std::string text;
    };
    std::vector<Command> take_commands() { return std::move(commands_); }

    const std::string& origin() const { return origin_; }
    std::uint64_t term() const { return term_; }
    std::uint64_t number() const { return number_; }
    /// The last frame before the first that is not durable.
    std::uint64_t durable_number() const { return kept_.empty() ? number_ : kept_.front().number - 1; }
    std::size_t unplaced() const;
    /// Everything that was in the store when this tab came is durable, or nobody is there who could say so.
    bool is_settled() const { return loads_alone_ || (is_joined() && durable_seq_ >= joined_seq_); }
    bool is_joined() const { return stage_ == Stage::joined; }
    /// Nothing was heard of the writer for kUnresponsiveMs although this tab waits for it.
    bool is_unresponsive() const { return told_unresponsive_; }
    /// The writer's view of the save state and of sync; "" before it was heard.
    const std::string& standing() const { return standing_; }
    /// Grows when something that status() shows differs.
    std::uint64_t revision() const { return revision_; }

private:
    enum class Stage { asking, loading, joined };
    using Keys = base::Numbers;

    // follower.cpp
    void ask(std::uint64_t now_ms);
    void ask_later(std::uint64_t now_ms);
    void heard(std::uint64_t now_ms);
    void waits(std::uint64_t now_ms) { waiting_since_ms_ = waiting_since_ms_ == 0 ? now_ms : waiting_since_ms_; }
    void welcome_by(TabMessage&& message);
    void take_standing(TabMessage&& message);
    void answered(const TabMessage& message);
    void followed(TabMessage&& message, std::uint64_t now_ms);
    bool follow_records(const TabMessage& message);
    void follow(const model::Commit& one, const TabMessage& message);
    void forget_durable();
    void place_known();
    bool is_of_this_writer(const persist::Recovery& recovery) const;

    // follower_edits.cpp
    void send(const KeptFrame& frame);
    void send(const Command& command);
    bool apply(KeptFrame& frame, model::Change&& change, NetChanges* net);
    void reduce_again(KeptFrame& frame, NetChanges* net);
    void take_back_all(NetChanges* net);
    void rebase(const model::Commit& one, KeptFrame* carried);
    void apply_followed(model::Changes changes);
    void commit_followed(const model::Change& change);
    bool moves(const model::Change& change) const;
    bool did_the_same(const KeptFrame& frame, const model::Changes& changes) const;
    model::Changes late_of(const model::Changes& changes) const;
    bool touches_unplaced(const model::Changes& changes) const;
    void note_keys(const KeptFrame& frame, int by);
    void place(KeptFrame& frame, std::uint64_t seq);
    KeptFrame* first_unplaced();

    FollowerHost& host_;
    store::Store& store_;
    const std::string origin_;
    const Actor actor_;

    Stage stage_ = Stage::asking;
    bool ready_ = false;
    bool loads_alone_ = false;  // the first load did not wait for a welcome
    bool reads_in_ = false;     // what the welcome brought is being applied; own frames are compared afterwards
    bool told_unresponsive_ = false;
    std::uint64_t term_ = 0;
    std::string writer_;  // whose commits these are
    std::uint64_t start_seq_ = 0;  // the last one before them
    std::uint64_t confirmed_seq_ = 0;
    std::uint64_t durable_seq_ = 0;
    std::uint64_t joined_seq_ = 0;
    std::string standing_;
    TabMessage welcome_;
    std::deque<TabMessage> early_;  // commits and moments that came while the files were loaded
    std::size_t early_bytes_ = 0;

    std::uint64_t number_ = 0;
    std::deque<KeptFrame> kept_;  // those with a place first
    std::size_t kept_bytes_ = 0;
    Keys unplaced_keys_;          // items and fields that edits without a place touched, and how often
    std::deque<SeenCommit> seen_;
    std::size_t seen_bytes_ = 0;
    std::vector<Command> commands_;

    std::uint64_t hello_ms_ = 0;
    std::uint64_t opened_ms_ = 0;
    std::uint64_t waiting_since_ms_ = 0;
    std::uint64_t revision_ = 1;
};

}  // namespace codeforge::client
