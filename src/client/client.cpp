#include "client/client.hpp"

#include <algorithm>
#include <utility>

#include "base/json_check.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "client/tab_records.hpp"
#include "store/frame.hpp"
#include "store/payload.hpp"
#include "sync/conflict.hpp"
#include "sync/outbox.hpp"

namespace codeforge::client {

using base::Code;
using base::Error;
using base::Result;
using model::Changes;
using model::SliceId;

namespace {

std::string error_json(const Error& error) {
    return base::concat({R"({"error":{"code":)", base::quoted(base::code_name(error.code)), R"(,"message":)", base::quoted(error.message), "}}"});
}

}  // namespace

std::optional<sync::Command> Client::command_named(std::string_view name) {
    if (name == "push" || name == "retry") return sync::Command::push;
    if (name == "pull") return sync::Command::pull;
    if (name == "check") return sync::Command::check;
    if (name == "stats") return sync::Command::stats;
    if (name == "clear") return sync::Command::clear;
    return std::nullopt;
}

Result<std::unique_ptr<Client>> Client::create(std::string_view config) {
    if (auto checked = base::check_json(config, "open: config"); !checked) return checked.error();
    const std::string storage = base::string_member(config, "storage", "indexeddb");
    if (storage != "indexeddb" && storage != "memory")
        return Error{Code::malformed_payload, base::concat({"open: storage must be 'indexeddb' or 'memory', it is '", storage, "'"})};
    if (base::string_member(config, "name").empty()) return Error{Code::malformed_payload, "open: name must be a string that is not empty"};
    std::unique_ptr<Client> client(new Client(base::string_member(config, "seed", "0")));
    client->memory_only_ = storage == "memory";
    for (base::JsonLevel member(config); member.next();)
        if (member.name() == "slices") client->slices_json_ = member.value();
    if (!client->slices_json_.empty())
        if (auto defined = client->custom_slices_.define(client->slices_json_); !defined) return defined.error();
    client->origin_ = base::string_member(config, "origin");
    client->before_ = base::string_member(config, "before");
    if (client->origin_.size() > kMaxOriginBytes) return Error{Code::malformed_payload, "open: origin is too long"};
    if (base::string_member(config, "role") == "follower" && !client->origin_.empty())
        client->follower_ = std::make_unique<Follower>(client->as_host(), client->store_, client->origin_,
                                                       Follower::Actor{base::string_member(config, "session"), base::string_member(config, "user")});
    if (auto taken = client->take_schema(config); !taken) return taken.error();
    client->actor_.session = base::string_member(config, "session");
    client->actor_.user = base::string_member(config, "user");
    if (auto configured = client->configure(config, 0); !configured) return configured.error();
    return Result<std::unique_ptr<Client>>(std::move(client));
}

std::uint64_t Client::open(std::uint64_t now_ms) {
    open_ticket_ = next_ticket_++;
    if (memory_only_) loaded({}, now_ms);
    else if (follower_) follower_->open(now_ms);
    else want_files();
    return open_ticket_;
}

void Client::loaded(const std::vector<persist::File>& files, std::uint64_t now_ms) {
    loading_ = false;
    if (phase_ == Phase::closed || phase_ == Phase::failed) {
        effects_.emplace_back(CloseFiles{});  // closed meanwhile
        return;
    }
    if (std::exchange(load_again_, false)) return want_files();
    auto recovery = persist::recover(files);
    if (!recovery) return load_failed(recovery.error(), now_ms);
    if (!slices_json_.empty()) {
        model::SliceTable table;
        if (auto defined = table.define(slices_json_); !defined) return load_failed(defined.error(), now_ms);
        if (auto adopted = recovery->state.adopt(std::move(table)); !adopted) return load_failed(adopted.error(), now_ms);
    }
    if (takes_over_) return take_over(std::move(*recovery), now_ms);
    if (follower_) return follow_files(std::move(*recovery), now_ms);
    recovered_items_ = recovery->items;
    recovered_commits_ = recovery->commits;
    torn_bytes_ = recovery->torn_bytes;
    damaged_ = recovery->damaged;
    seq_ = recovery->seq;
    start_seq_ = recovery->seq;
    reached_seq_ = recovery->seq;
    store_.restore(std::move(recovery->state));
    history_.forget();
    log_.restore(std::move(*recovery), now_ms);
    engine_.restore(state(), now_ms);
    phase_ = Phase::ready;
    open_schema(now_ms);
    before_number_ = last_frame(state(), before_);
    apply_settings(now_ms);
    feed_.done(open_ticket_, R"({"ok":true})");
    announce(now_ms);
    pump(now_ms);
}

void Client::load_failed(const Error& error, std::uint64_t now_ms) {
    loading_ = false;
    if (std::exchange(load_again_, false)) return want_files();
    if (follower_ && phase_ == Phase::ready && !takes_over_) return follower_->load_failed(now_ms);
    if (phase_ != Phase::opening && !takes_over_) return;
    phase_ = Phase::failed;
    failure_ = error;
    feed_.done(open_ticket_, error_json(error));
    pump(now_ms);
}

Result<void> Client::refuse_unless_ready() const {
    switch (phase_) {
        case Phase::ready: return {};
        case Phase::opening: return Error{Code::not_ready, "the core is still opening"};
        case Phase::failed: return Error{Code::storage, base::concat({"the core could not be opened: ", failure_->message})};
        case Phase::closing:
        case Phase::closed: break;
    }
    return Error{Code::closed, "the core was closed"};
}

Result<void> Client::stage(std::string_view piece) {
    if (!piece.empty()) return staged_.add(piece);
    staged_ = {};
    return {};
}

Result<Dispatched> Client::dispatch(std::string_view frame, std::uint64_t now_ms) {
    store::StagedItems staged = std::exchange(staged_, {});
    if (auto ready = refuse_unless_ready(); !ready) return ready.error();
    auto action = store::parse_frame(frame, &staged);
    if (!action) return action.error();
    const std::uint64_t at_ms = at_ms_ != 0 ? at_ms_ : now_ms;
    const std::uint64_t mark = mark_;
    if (follower_) {
        auto dispatched = follower_->dispatch(frame, *action, {at_ms, actor_.group, undoable_}, now_ms);
        if (!dispatched) return dispatched.error();
        pump(now_ms);
        return Dispatched{dispatched->echo, !feed_.empty(), mark_ != mark, dispatched->number};
    }
    auto reduction = work_out(*action, at_ms);
    if (!reduction) return reduction.error();
    if (!reduction->changes.empty()) {
        commit(std::move(reduction->changes), reduction->echoed, now_ms);
        engine_.edited(edited_keys_, now_ms);
    }
    pump(now_ms);
    return Dispatched{reduction->echo, !feed_.empty(), mark_ != mark, seq_};
}

void Client::commit(Changes changes, std::size_t echoed, std::uint64_t now_ms, const TabMessage* asked) {
    Changes applied = store_.commit(std::move(changes), memory_only_ ? echoed : 0);
    bool settings_changed = false;
    std::vector<const model::SliceDef*> reordered;
    for (std::size_t i = 0; i < applied.size(); ++i) {
        const model::SliceDef* def = i >= echoed ? state().table().find(applied[i].slice) : nullptr;
        // JavaScript carries migrations out, so it hears of their marks.
        if (def != nullptr && (!def->is_hidden() || def->id == SliceId::schema)) feed_.add(def->name, applied[i]);
        if (def != nullptr && applied[i].order != 0 && std::find(reordered.begin(), reordered.end(), def) == reordered.end()) reordered.push_back(def);
        settings_changed = settings_changed || applied[i].slice == SliceId::settings;
    }
    for (const model::SliceDef* slice : reordered) feed_.add_order(state(), *slice);
    if (settings_changed) apply_settings(now_ms);
    std::erase_if(applied, [this](const model::Change& change) { return !is_kept(change); });
    if (applied.empty()) return;
    Changes registrations = store_.register_slices();
    applied.insert(applied.begin(), std::make_move_iterator(registrations.begin()), std::make_move_iterator(registrations.end()));
    if (!origin_.empty() && !std::exchange(reign_noted_, true)) {
        Changes noted = store_.commit({writer_noted(origin_)});
        std::move(noted.begin(), noted.end(), std::back_inserter(applied));
    }
    // Whoever applies it, from the log or in another tab, puts every item in the same place.
    for (model::Change& change : applied) {
        const bool is_put = change.path.empty() && !change.id.empty() && !change.erased;
        const model::Item* item = is_put && !memory_only_ && !is_hidden(change) ? state().find(change.slice, change.id) : nullptr;
        if (item != nullptr) change.order = item->order;
    }
    const model::Commit done{++seq_, now_ms, std::move(applied)};
    if (!memory_only_) log_.append(done, now_ms);
    if (tabs_.any()) post_commit(done, asked);
}

void Client::carry_out(sync::Output output, std::uint64_t now_ms) {
    if (auto* request = std::get_if<sync::HttpRequest>(&output)) {
        effects_.emplace_back(std::move(*request));
    } else if (auto* done = std::get_if<sync::DoneOutput>(&output)) {
        complete(done->ticket, done->json);
    } else if (auto* wanted = std::get_if<sync::CommitOutput>(&output)) {
        const Changes changes = wanted->changes;
        if (tabs_.any()) post_moment(changes);
        commit_by_core(std::move(wanted->changes), now_ms, wanted->undo_type);
        if (wanted->barrier) {
            engine_.barrier_committed(seq_);
            log_.request_flush(true);
        }
        resolve_automatically(changes, now_ms);
    }
}

void Client::resolve_automatically(const Changes& changes, std::uint64_t now_ms) {
    const model::Value* chosen = state().field(SliceId::conflicts, "autoResolveStrategy");
    if (chosen == nullptr || chosen->kind() != base::JsonKind::string) return;
    const std::string strategy = base::unquoted(chosen->text());
    for (const model::Change& change : changes) {
        if (change.slice != SliceId::conflicts || change.erased || change.id.empty()) continue;
        auto resolved = sync::conflict_resolved(state(), change.id, strategy, std::nullopt, now_ms);
        if (!resolved) continue;  // it stays in the list, for a person to decide
        commit_by_core(std::move(*resolved), now_ms);
        std::vector<std::string> at_once;
        engine_.edited(at_once, now_ms);
    }
}

void Client::settle_waiters() {
    const std::uint64_t durable = durable_seq();
    const std::uint64_t strict = memory_only_ || read_only_ ? seq_ : log_.strict_seq();
    std::erase_if(waiters_, [&](const Waiter& waiter) {
        if ((waiter.strict ? strict : durable) >= waiter.seq) complete(waiter.ticket, R"({"ok":true})");
        else if (log_.failure() && log_.failures() > waiter.failures) complete(waiter.ticket, error_json(*log_.failure()));
        else return false;
        return true;
    });
    engine_.strictly_durable(strict);
}

void Client::pump(std::uint64_t now_ms) {
    if (follower_) return pump_follower(now_ms);
    if (phase_ == Phase::ready || phase_ == Phase::closing) {
        settle_waiters();
        while (auto output = engine_.step(state(), now_ms)) {
            carry_out(std::move(*output), now_ms);
            if (memory_only_) engine_.strictly_durable(seq_);
        }
        if (!memory_only_ && !read_only_ && !in_turn_ && (!hold_ || phase_ == Phase::closing))
            while (auto write = log_.poll(state(), now_ms)) effects_.emplace_back(std::move(*write));
    }
    const bool saved = memory_only_ || (log_.durable_seq() == seq_ && !log_.writing());
    if (phase_ == Phase::closing && (saved || log_.failures() > close_failures_)) {
        phase_ = Phase::closed;
        effects_.emplace_back(CloseFiles{});
        for (std::uint64_t ticket : close_tickets_) feed_.done(ticket, saved ? R"({"ok":true})" : error_json(*log_.failure()));
    }
    mark_ = status_mark();
    if (tabs_.any() && (mark_ != posted_mark_ || durable_seq() != posted_durable_)) post_standing();
}

Result<std::uint64_t> Client::sync(std::string_view command, std::uint64_t now_ms) {
    if (auto ready = refuse_unless_ready(); !ready) return ready.error();
    if (auto checked = base::check_json(command, "sync: command"); !checked) return checked.error();
    if (read_only_) return read_only_error();
    const std::string name = base::string_member(command, "do");
    const auto wanted = command_named(name);
    if (!wanted) return Error{Code::malformed_payload, base::concat({"sync: '", name, "' is no command; it is one of push, pull, check, stats, clear"})};
    const std::uint64_t ticket = next_ticket_++;
    if (follower_) follower_->command(ticket, std::string(command), now_ms);
    else engine_.request(*wanted, ticket);
    pump(now_ms);
    return ticket;
}

std::uint64_t Client::flush(bool strict, std::uint64_t now_ms) {
    const std::uint64_t ticket = next_ticket_++;
    if (auto ready = refuse_unless_ready(); !ready) {
        feed_.done(ticket, error_json(ready.error()));
        return ticket;
    }
    flush_for(ticket, strict, now_ms);
    pump(now_ms);
    return ticket;
}

std::uint64_t Client::close(std::uint64_t now_ms) {
    const std::uint64_t ticket = next_ticket_++;
    if (phase_ == Phase::closing) {
        close_tickets_.push_back(ticket);
        return ticket;
    }
    if (phase_ != Phase::ready) {
        if (phase_ == Phase::opening) feed_.done(open_ticket_, error_json({Code::closed, "the core was closed while it opened"}));
        phase_ = Phase::closed;
        feed_.done(ticket, R"({"ok":true})");
        return ticket;
    }
    close_tickets_.push_back(ticket);
    close_failures_ = log_.failures();
    engine_.close();
    // Whether all of this tab is on disk: it may come back and follow another writer.
    if (!follower_ && !origin_.empty() && !memory_only_ && (tabs_.any() || log_.durable_seq() != seq_))
        commit(frame_noted(state(), origin_, seq_ + 1, now_ms), 0, now_ms);
    phase_ = Phase::closing;
    if (follower_) follower_->command(0, R"({"do":"flush"})", now_ms);
    else log_.request_flush(false);
    in_turn_ = false;
    pump(now_ms);
    return ticket;
}

bool Client::begin_turn() { return !memory_only_ && !follower_ && !std::exchange(in_turn_, true); }

void Client::turn_ended(std::uint64_t now_ms) {
    if (std::exchange(in_turn_, false)) pump(now_ms);
}

void Client::written(std::uint64_t write_id, const std::optional<Error>& failure, std::uint64_t now_ms) {
    log_.written(write_id, failure, now_ms);
    settle_waiters();
    pump(now_ms);
}

void Client::files_lost(std::uint64_t now_ms) {
    log_.files_lost();
    pump(now_ms);
}

void Client::answered(const sync::HttpResponse& response, std::uint64_t now_ms) {
    engine_.answered(response, state(), now_ms);
    pump(now_ms);
}

std::optional<Effect> Client::poll() {
    if (effects_.empty()) return std::nullopt;
    Effect effect = std::move(effects_.front());
    effects_.erase(effects_.begin());
    return effect;
}

std::optional<std::uint64_t> Client::next_deadline_ms() const {
    if (follower_ && phase_ != Phase::closed && phase_ != Phase::failed) return follower_->next_deadline_ms();
    if (phase_ != Phase::ready) return std::nullopt;
    auto at = memory_only_ || in_turn_ ? std::nullopt : log_.next_deadline_ms();
    if (const auto sync_at = engine_.next_deadline_ms(state())) at = at ? std::min(*at, *sync_at) : sync_at;
    return at;
}

std::string Client::take_changes() {
    const bool status_changed = mark_ != told_mark_;
    told_mark_ = mark_;
    return feed_.take(status_changed);
}

std::string Client::read(std::string_view slice, std::string_view id) const {
    const model::SliceDef* def = named(slice);
    if (def == nullptr) return {};
    if (id.empty()) return state().fields_text(def->id);
    const model::Item* item = state().find(def->id, id);
    return item != nullptr ? item->value.text() : std::string();
}

std::string Client::read_all(std::string_view slice) const {
    const model::SliceDef* def = named(slice);
    return def != nullptr ? state().slice_text(def->id) : std::string();
}

}  // namespace codeforge::client
