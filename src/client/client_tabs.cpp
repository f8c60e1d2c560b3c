// The client among the tabs of one browser: as the writer, which answers, carries out and tells, and
// as a follower until it takes over.
#include <algorithm>
#include <utility>

#include "base/json_check.hpp"
#include "base/text.hpp"
#include "client/client.hpp"
#include "client/tab_records.hpp"
#include "persist/record.hpp"
#include "store/frame.hpp"

namespace codeforge::client {

using base::Error;
using model::Change;
using model::Changes;

namespace {

constexpr std::string_view kWriter = "writer";

std::string error_json(const Error& error) {
    return base::concat({R"({"code":)", base::quoted(base::code_name(error.code)), R"(,"message":)", base::quoted(error.message), "}"});
}

}  // namespace

/// Whether the log keeps it: the persistent slices but for the fields that describe the moment.
bool Client::is_kept(const Change& change) const {
    const model::SliceDef* def = state().table().find(change.slice);
    if (def == nullptr) return true;  // another program's
    if (!change.id.empty()) return def->persist;
    for (const model::StateFieldDef& field : def->fields)
        if (!change.path.empty() && change.path.front() == model::PathStep(field.name)) return field.persist;
    return false;
}

bool Client::is_hidden(const Change& change) const {
    const model::SliceDef* def = state().table().find(change.slice);
    return def == nullptr || def->is_hidden();
}

bool Client::is_early(const Change& change) const { return change.slice == model::SliceId::history || (!is_hidden(change) && is_kept(change)); }

void Client::noted(model::SliceId slice, std::string_view id) {
    if (slice == model::SliceId::history) history_.seen(state(), id);
}

void Client::show(const Change& change) {
    const model::SliceDef* def = state().table().find(change.slice);
    if (def == nullptr || (def->is_hidden() && def->id != model::SliceId::schema)) return;
    feed_.add(def->name, change);
    if (change.order != 0) feed_.add_order(state(), *def);
}

/// A follower's own edit.
base::Result<store::Reduction> Client::reduce(const model::Action& action, const Circumstances& when) {
    std::string group = std::exchange(actor_.group, when.group);
    const bool undoable = std::exchange(undoable_, when.undoable);
    auto reduction = work_out(action, when.at_ms);
    undoable_ = undoable;
    actor_.group = std::move(group);
    return reduction;
}

void Client::show_again(model::SliceId slice) {
    const model::SliceDef* def = state().table().find(slice);
    if (def != nullptr && !def->is_hidden()) feed_.add_reload(def->name);
}

void Client::show_all_again() {
    for (std::size_t slice = 0; slice < state().slice_count(); ++slice) show_again(static_cast<model::SliceId>(slice));
}

void Client::flush_for(std::uint64_t ticket, bool strict, std::uint64_t now_ms) {
    if (follower_) return follower_->command(ticket, strict ? R"({"do":"flush","strict":true})" : R"({"do":"flush"})", now_ms);
    waiters_.push_back({ticket, seq_, strict, log_.failures()});
    in_turn_ = false;
    log_.request_flush(strict);
}

void Client::want_files() {
    if (loading_) {
        load_again_ = true;
        return;
    }
    loading_ = true;
    effects_.emplace_back(LoadFiles{});
}

void Client::set_visibility() { engine_.set_visible(visible_ || tabs_.any_visible()); }

void Client::complete(std::uint64_t ticket, std::string_view result_json) {
    const auto asked = tabs_.take_asked(ticket);
    if (!asked) return feed_.done(ticket, result_json);
    TabMessage answer;
    answer.kind = TabMessageKind::answer;
    answer.number = asked->ticket;
    answer.text = result_json;
    post_to(asked->origin, std::move(answer));
}

void Client::post(TabMessage message, bool to_writer) {
    message.term = follower_ ? follower_->term() : term_;
    message.from = origin_;
    effects_.emplace_back(PostToTabs{std::string(to_writer ? kWriter : std::string_view()), encode(message)});
}

void Client::post_to(std::string_view origin, TabMessage message) {
    message.term = term_;
    message.from = origin_;
    message.origin = origin;
    effects_.emplace_back(PostToTabs{std::string(origin), encode(message)});
}

void Client::post_commit(const model::Commit& commit, const TabMessage* asked) {
    TabMessage message;
    message.kind = TabMessageKind::commit;
    message.seq = commit.seq;
    if (asked != nullptr) {
        message.origin = asked->from;
        message.number = asked->number;
        message.text = asked->text;
    }
    persist::append_commit(message.records, commit);
    post(std::move(message), false);
}

/// What describes the moment is in no commit: the state of a sync run, for example.
void Client::post_moment(Changes changes) {
    std::erase_if(changes, [this](const Change& change) { return is_hidden(change) || is_kept(change); });
    if (changes.empty()) return;
    TabMessage message;
    message.kind = TabMessageKind::moment;
    persist::append_commit(message.records, {0, 0, std::move(changes)});
    post(std::move(message), false);
}

void Client::post_standing() {
    posted_mark_ = mark_;
    posted_durable_ = durable_seq();
    TabMessage message;
    message.kind = TabMessageKind::standing;
    message.seq = seq_;
    message.durable_seq = posted_durable_;
    message.text = standing_json();
    post(std::move(message), false);
}

void Client::announce(std::uint64_t now_ms) {
    if (origin_.empty() || memory_only_) return;
    term_ = std::max(term_ + 1, now_ms);
    TabMessage message;
    message.kind = TabMessageKind::announce;
    post(std::move(message), false);
}

void Client::receive(std::string_view bytes, std::uint64_t now_ms) {
    if (phase_ == Phase::closed || phase_ == Phase::failed || origin_.empty()) return;
    auto message = decode_tab_message(bytes);
    if (!message || message->from == origin_) return;
    if (follower_) {
        if (!takes_over_) follower_->receive(std::move(*message), now_ms);
        return pump(now_ms);
    }
    if (phase_ == Phase::opening) return;  // announce() will bring them back
    const TabMessageKind kind = message->kind;
    if (message->term > term_) {  // the clock went back; a reign must come after all that were heard of
        term_ = message->term;
        announce(now_ms);
    } else if (kind == TabMessageKind::hello) {
        welcome(message->from);
    } else if (kind == TabMessageKind::bye) {
        tab_gone(message->from, now_ms);
    } else if (message->term == term_ && phase_ == Phase::ready) {
        if (kind == TabMessageKind::frame) carry_out_frame(*message, now_ms);
        if (kind == TabMessageKind::command) carry_out_command(*message, now_ms);
    }
    pump(now_ms);
}

void Client::welcome(const std::string& origin) {
    if (!tabs_.add(origin)) return;
    set_visibility();
    TabMessage message;
    message.kind = TabMessageKind::welcome;
    message.seq = seq_;
    message.durable_seq = durable_seq();
    message.number = start_seq_;
    message.text = standing_json();
    message.records = log_.undurable_records();
    Changes moment;
    const model::SliceDef& sync = model::slice(model::SliceId::sync);
    for (const model::StateFieldDef& field : sync.fields)
        if (const model::Value* value = state().field(sync.id, field.name); value != nullptr && !field.persist)
            moment.push_back(Change::field(sync.id, field.name, value->text()));
    persist::append_commit(message.records, {0, 0, std::move(moment)});
    post_to(origin, std::move(message));
    post_standing();  // the others count one more
}

void Client::tab_gone(std::string_view origin, std::uint64_t now_ms) {
    if (follower_) return;
    tabs_.remove(origin);
    set_visibility();
    if (tabs_.any()) post_standing();
    pump(now_ms);
}

/// What of an edit in another tab, or of one that was made for another writer, is kept.
base::Result<Changes> Client::work_out_frame(std::string_view frame, const Circumstances& when, store::Actor actor) {
    auto action = store::parse_frame(frame);
    if (!action) return action.error();
    actor.group = when.group;
    std::swap(actor, actor_);
    const bool undoable = std::exchange(undoable_, when.undoable);
    auto reduction = work_out(*action, when.at_ms);
    undoable_ = undoable;
    std::swap(actor, actor_);
    if (!reduction) return reduction.error();
    std::erase_if(reduction->changes, [this](const Change& change) { return !is_kept(change); });
    return std::move(reduction->changes);
}

void Client::carry_out_frame(const TabMessage& message, std::uint64_t now_ms) {
    const std::uint64_t known = last_frame(state(), message.from);
    if (message.number <= known) return;  // sent again; its commit, or the files, say so
    if (message.number > known + 1 || !tabs_.add(message.from)) {
        TabMessage again;
        again.kind = TabMessageKind::announce;
        return post_to(message.from, std::move(again));
    }
    TabMessage asked;
    asked.from = message.from;
    asked.number = message.number;
    auto worked = work_out_frame(message.text, {message.at_ms, message.records, message.seq == 0}, {message.session, message.user, {}});
    Changes changes;
    if (worked) changes = std::move(*worked);
    else asked.text = error_json(worked.error());
    Changes noted = frame_noted(state(), message.from, message.number, now_ms);
    std::move(noted.begin(), noted.end(), std::back_inserter(changes));
    commit(std::move(changes), 0, now_ms, &asked);
    engine_.edited(edited_keys_, now_ms);
}

void Client::carry_out_command(const TabMessage& message, std::uint64_t now_ms) {
    if (!base::check_json(message.text, "a command of another tab")) return;
    const model::Value command(message.text);
    const model::Value* what = command.member("do");
    if (what == nullptr) {
        const bool visible = std::exchange(visible_, true);
        if (!configure(message.text, now_ms)) return void(visible_ = visible);
        if (command.member("visible") != nullptr) tabs_.set_visible(message.from, visible_);
        visible_ = visible;
        set_visibility();
        return;
    }
    const std::uint64_t ticket = next_ticket_++;
    if (message.number != 0 && !tabs_.stands_for(ticket, {message.from, message.number})) return;
    start_command(ticket, message.text, now_ms);
    post_standing();  // so that it is known that somebody listens, however long the command takes
}

/// Requires: `text` is well-formed JSON.
void Client::start_command(std::uint64_t ticket, std::string_view text, std::uint64_t now_ms) {
    const model::Value command{std::string(text)};
    const model::Value* what = command.member("do");
    const model::Value* strict = command.member("strict");
    const std::string name = what != nullptr ? base::unquoted(what->text()) : std::string();
    if (name == "flush") flush_for(ticket, strict != nullptr && strict->text() == "true", now_ms);
    else if (const auto wanted = command_named(name)) engine_.request(*wanted, ticket);
    else complete(ticket, base::concat({R"({"error":)", error_json({base::Code::unsupported, "the writer does not know this command"}), "}"}));
}

void Client::pump_follower(std::uint64_t now_ms) {
    if (phase_ == Phase::opening || phase_ == Phase::ready || phase_ == Phase::closing) follower_->tick(now_ms);
    open_follower();
    const bool saved = follower_->durable_number() == follower_->number();
    if (phase_ == Phase::closing && (saved || follower_->is_unresponsive())) {
        follower_->bye();
        phase_ = Phase::closed;
        effects_.emplace_back(CloseFiles{});
        const std::string result = saved ? R"({"ok":true})" : base::concat({R"({"error":)", error_json({base::Code::storage,
            base::concat({"another window holds the store and does not answer; ", base::number(follower_->number() - follower_->durable_number()),
                          " edits of this one are not saved by it"})}), "}"});
        for (const std::uint64_t ticket : close_tickets_) feed_.done(ticket, result);
    }
    mark_ = status_mark();
}

void Client::follow_files(persist::Recovery&& recovery, std::uint64_t now_ms) {
    recovered_items_ = recovery.items;
    recovered_commits_ = recovery.commits;
    history_.forget();
    read_only_ = model::schema_numbers(recovery.state).level > schema_;
    follower_->loaded(std::move(recovery), now_ms);
    if (phase_ == Phase::opening && !before_.empty()) follower_->command(0, R"({"do":"flush"})", now_ms);
    pump(now_ms);
}

/// An instance that replaces another one of this tab begins when it is certain which of that one's edits stay.
void Client::open_follower() {
    if (phase_ != Phase::opening || !follower_->is_ready() || (!before_.empty() && !follower_->is_settled())) return;
    phase_ = Phase::ready;
    before_number_ = last_frame(state(), before_);
    feed_.done(open_ticket_, R"({"ok":true})");
}

void Client::become_writer(std::uint64_t now_ms) {
    if (!follower_ || phase_ == Phase::closed || phase_ == Phase::failed) return;
    takes_over_ = true;
    want_files();
    pump(now_ms);
}

void Client::join_again(std::uint64_t now_ms) {
    if (!follower_ || takes_over_ || phase_ == Phase::closed || phase_ == Phase::failed) return;
    follower_->open(now_ms);
    pump(now_ms);
}

void Client::take_over(persist::Recovery&& recovery, std::uint64_t now_ms) {
    takes_over_ = false;
    recovered_items_ = recovery.items;
    recovered_commits_ = recovery.commits;
    torn_bytes_ = recovery.torn_bytes;
    damaged_ = recovery.damaged;
    const std::unique_ptr<Follower> follower = std::move(follower_);
    seq_ = recovery.seq;
    start_seq_ = recovery.seq;
    const std::vector<model::Commit> behind = follower->take_over(recovery);
    history_.forget();
    log_.restore(std::move(recovery));
    log_.take_over();
    for (const model::Commit& commit : behind) {
        seq_ = commit.seq;
        log_.append(commit, now_ms);
    }
    reached_seq_ = seq_;
    // In the same write as those of the writer before: whoever reads them reads whose they became.
    if (!behind.empty()) commit({writer_noted(origin_)}, 0, now_ms);
    term_ = follower->term();
    engine_.restore(state(), now_ms);
    open_schema(now_ms);
    if (phase_ == Phase::opening) {
        phase_ = Phase::ready;
        before_number_ = last_frame(state(), before_);
        feed_.done(open_ticket_, R"({"ok":true})");
    }
    apply_settings(now_ms);
    for (const KeptFrame& frame : follower->take_unplaced()) redo(frame, now_ms);
    announce(now_ms);
    for (const Follower::Command& command : follower->take_commands()) start_command(command.ticket, command.text, now_ms);
    if (phase_ == Phase::closing) log_.request_flush(false);
    told_mark_ = ~std::uint64_t{0};  // the role is another one
    pump(now_ms);
}

/// An edit of this tab that the writer before did not place. It is shown already.
void Client::redo(const KeptFrame& frame, std::uint64_t now_ms) {
    auto worked = work_out_frame(frame.frame, frame.when, actor_);
    if (!worked) return feed_.refused(frame.number, error_json(worked.error()));
    Changes changes = std::move(*worked);
    if (changes.empty()) return;
    for (const Change& change : changes) show_again(change.slice);
    const std::size_t count = changes.size();
    commit(std::move(changes), count, now_ms);
    engine_.edited(edited_keys_, now_ms);
}

}  // namespace codeforge::client
