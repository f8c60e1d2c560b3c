// Scheduling: which run is next, how it advances, what it leaves behind.
#include "sync/engine.hpp"

#include <algorithm>
#include <utility>

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "sync/rejected.hpp"

namespace codeforge::sync {

using model::Change;
using model::SliceId;
using model::State;

namespace {

std::string error_json(const base::Error& error) {
    return base::concat({R"({"code":)", base::quoted(base::code_name(error.code)), R"(,"message":)", base::quoted(error.message), "}"});
}

std::string number_or_null(std::uint64_t value) { return value == 0 ? std::string("null") : base::number(value); }

std::uint64_t waiting_keys(const State& state) {
    const std::size_t parked = state.items(SliceId::conflicts).size();
    const std::size_t all = state.items(SliceId::outbox).size();
    return all > parked ? all - parked : 0;
}

}  // namespace

void Engine::configure(Config config, std::uint64_t now_ms) {
    const bool held_some = config_.slices.holds_any();
    config_ = std::move(config);
    if (!config_.sync_on_change) clock_.clear();
    // What stayed at home may have to go now.
    if (held_some) first_edit_ms_ = std::max<std::uint64_t>(now_ms, 1);
}

void Engine::came_online(std::uint64_t now_ms) { next_try_ms_ = std::min(next_try_ms_, now_ms); }

void Engine::restore(const State& state, std::uint64_t now_ms) {
    changes_ = state.items(SliceId::outbox).size();
    if (changes_ > 0) first_edit_ms_ = std::max<std::uint64_t>(now_ms, 1);
    if (const model::Value* at = state.field(SliceId::sync, "lastSyncedAt"); at != nullptr && at->kind() == base::JsonKind::number)
        last_synced_ms_ = base::parse_number(at->text());
}

void Engine::request(Command command, std::uint64_t ticket) { wanted_[static_cast<std::size_t>(command)].push_back(ticket); }

void Engine::edited(std::vector<std::string>& keys, std::uint64_t now_ms) {
    if (first_edit_ms_ == 0) first_edit_ms_ = now_ms;
    if (keys.empty()) return;
    ++changes_;
    if (!config_.sync_on_change) return;
    for (std::string& key : keys) {
        const SliceSettings& settings = config_.slices.of_key(key);
        if (settings.goes()) clock_.edited(std::move(key), settings.debounce_ms, now_ms);
    }
}

std::uint64_t Engine::held_keys(const State& state) const {
    if (!config_.slices.holds_any()) return 0;
    std::uint64_t held = 0;
    for (const auto& [key, record] : state.items(SliceId::outbox)) held += is_held(key) ? 1 : 0;
    return held;
}

void Engine::close() {
    const std::string closed = base::concat({R"({"error":)", error_json({base::Code::closed, "the core was closed"}), "}"});
    if (run_)
        for (std::uint64_t ticket : run_->tickets) outputs_.push_back(DoneOutput{ticket, closed});
    for (auto& tickets : wanted_) {
        for (std::uint64_t ticket : tickets) outputs_.push_back(DoneOutput{ticket, closed});
        tickets.clear();
    }
    run_.reset();
    barrier_seq_.reset();
    barrier_pending_ = false;
    config_.api_url.clear();
}

void Engine::strictly_durable(std::uint64_t seq) {
    if (barrier_seq_ && seq >= *barrier_seq_) {
        barrier_seq_.reset();
        barrier_pending_ = false;
    }
}

std::optional<std::uint64_t> Engine::push_at_ms(const State& state) const {
    if (first_edit_ms_ == 0 || waiting_keys(state) == 0) return std::nullopt;
    if (backoff_.failures() > 0) return next_try_ms_;
    if (!config_.sync_on_change) return std::max(first_edit_ms_, last_push_ms_) + config_.interval_ms;
    if (clock_.keys() >= config_.max_queue) return 0;
    // What waits without an edit goes at once, but not what a server lost: other devices look at it meanwhile.
    return clock_.earliest_ms().value_or(restoring_ ? first_edit_ms_ + kEditWaitMs : first_edit_ms_);
}

std::optional<std::uint64_t> Engine::next_deadline_ms(const State& state) const {
    if (config_.api_url.empty() || !config_.auto_sync || run_) return std::nullopt;
    std::optional<std::uint64_t> at = push_at_ms(state);
    if (!visible_) return at;
    // Pulls go on while the page is in view; after failures at the pace of the backoff.
    const std::uint64_t pull_at = backoff_.failures() > 0 ? next_try_ms_ : last_pull_ms_ == 0 ? 0 : last_pull_ms_ + config_.interval_ms;
    return at ? std::min(*at, pull_at) : pull_at;
}

std::optional<Command> Engine::due(const State& state, std::uint64_t now_ms) const {
    const auto at = next_deadline_ms(state);
    if (!at || *at > now_ms) return std::nullopt;
    const auto push = push_at_ms(state);
    return push && *push <= now_ms ? Command::push : Command::pull;
}

std::optional<Output> Engine::step(const State& state, std::uint64_t now_ms) {
    clock_.settle(now_ms);
    for (;;) {
        if (!outputs_.empty()) {
            Output output = std::move(outputs_.front());
            outputs_.erase(outputs_.begin());
            return output;
        }
        if (!run_) {
            const auto wanted = std::find_if(wanted_.begin(), wanted_.end(), [](const auto& tickets) { return !tickets.empty(); });
            if (wanted != wanted_.end()) {
                start(static_cast<Command>(wanted - wanted_.begin()), std::exchange(*wanted, {}), state, now_ms);
            } else if (const auto command = due(state, now_ms)) {
                start(*command, {}, state, now_ms);
            } else {
                return std::nullopt;
            }
            continue;
        }
        if (barrier_pending_) return std::nullopt;  // until what was frozen is on stable storage
        const bool stale = run_->phase == Phase::send && run_->in_flight.empty() && now_ms > run_->looked_ms + kLookMs;
        if (stale && !run_->tasks.empty()) look();
        if (!run_->tasks.empty() && run_->in_flight.size() < kRequestsInFlight) {
            Task task = std::move(run_->tasks.back());
            run_->tasks.pop_back();
            HttpRequest request = request_of(task, state);
            request.id = next_request_++;
            run_->in_flight.push_back({request.id, std::move(task), now_ms});
            return request;
        }
        if (!run_->in_flight.empty()) return std::nullopt;
        advance(state, now_ms);
    }
}

void Engine::start(Command command, std::vector<std::uint64_t> tickets, const State& state, std::uint64_t now_ms) {
    run_.emplace();
    run_->command = command;
    run_->tickets = std::move(tickets);
    if (config_.api_url.empty()) {
        run_->error = base::Error{base::Code::no_server, "no server address is configured"};
        run_->phase = Phase::finish;
        return;
    }
    const bool asked = !run_->tickets.empty();
    switch (command) {
        case Command::push: {
            select_keys(state, now_ms);
            if (run_->keys.empty()) {
                run_->phase = Phase::finish;
            } else {
                look();
            }
            run_->changes = changes_;
            run_->visible = asked || !run_->keys.empty();
            break;
        }
        case Command::pull:
            run_->tasks.push_back({Purpose::fetch_all, {}});
            run_->visible = asked;
            break;
        case Command::check: run_->tasks = {{Purpose::stats, {}}, {Purpose::health, {}}}; break;  // health first
        case Command::stats: run_->tasks.push_back({Purpose::stats, {}}); break;
        case Command::clear: run_->tasks.push_back({Purpose::clear, {}}); break;
    }
    if (run_->visible) show({Change::field(SliceId::sync, "status", R"("syncing")"), Change::field(SliceId::sync, "error", "null")});
}

void Engine::advance(const State& state, std::uint64_t now_ms) {
    const bool failed = run_->error.has_value();
    if (run_->phase == Phase::fetch && !failed && run_->command == Command::push) {
        run_->phase = Phase::send;
        decide_push(state, now_ms);
    } else if (run_->phase == Phase::fetch && !failed && run_->command == Command::pull) {
        run_->phase = Phase::finish;
        decide_pull(state, now_ms);
    } else {
        finish(state, now_ms);
    }
}

std::string Engine::result_json() const {
    const Run& run = *run_;
    if (run.error) return base::concat({R"({"error":)", error_json(*run.error), "}"});
    std::string json = R"({"ok":true)";
    const auto add = [&json](std::string_view name, std::uint64_t value) {
        base::append(json, {",", base::quoted(name), ":", base::number(value)});
    };
    if (run.command == Command::push) {
        add("pushed", run.pushed);
        add("deleted", run.deleted);
        add("conflicts", run.conflicts);
        add("refused", refused_);
    }
    if (run.command == Command::pull) {
        add("pulled", run.pulled);
        add("removed", run.removed);
        add("kept", run.kept);
        add("conflicts", run.conflicts);
        add("unreadable", run.unreadable);
    }
    if (!run.stats.empty()) base::append(json, {R"(,"stats":)", run.stats});
    json.push_back('}');
    return json;
}

void Engine::finish(const State& state, std::uint64_t now_ms) {
    Run& run = *run_;
    const bool spoke = run.phase != Phase::fetch || run.command != Command::push || run.error;
    if (run.error && run.error->code != base::Code::no_server) {
        last_error_ = run.error;
        next_try_ms_ = backoff_.after_failure(now_ms, run.retry_after, random_);
        if (run.error->code == base::Code::offline || run.error->code == base::Code::timeout) connected_ = false;
    } else if (!run.error && spoke && !(run.command == Command::push && run.keys.empty())) {
        last_error_.reset();
        backoff_.succeeded();
        connected_ = true;
    }
    if (run.command == Command::push) {
        last_push_ms_ = now_ms;
        if (!run.error) changes_ -= std::min(changes_, run.changes);
    }
    // What still waits (an edit made meanwhile, a newer value behind a resent entry, an item that the
    // server lost) is for the next run.
    if (!run.error && first_edit_ms_ + waiting_keys(state) != 0) {
        const bool more = waiting_keys(state) > refused_ + held_ && !(run.command == Command::push && run.keys.empty());
        first_edit_ms_ = more ? std::max<std::uint64_t>(now_ms, 1) : 0;
    }
    if (run.command == Command::pull) last_pull_ms_ = now_ms;
    model::Changes shown;
    const bool connected = connected_.value_or(false);
    const model::Value* flag = state.field(SliceId::sync, "flaskConnected");
    if (flag != nullptr && flag->text() != (connected ? "true" : "false"))
        shown.push_back(Change::field(SliceId::sync, "flaskConnected", connected ? "true" : "false"));
    const bool moves = run.command == Command::push || run.command == Command::pull;
    if (moves && !run.error && !(run.command == Command::push && run.keys.empty())) last_synced_ms_ = now_ms;
    if (run.visible) {
        shown.push_back(Change::field(SliceId::sync, "status", run.error ? R"("error")" : R"("success")"));
        shown.push_back(Change::field(SliceId::sync, "error", run.error ? base::quoted(run.error->message) : "null"));
        if (!run.error && last_synced_ms_ != 0) shown.push_back(Change::field(SliceId::sync, "lastSyncedAt", base::number(last_synced_ms_)));
    }
    if (!run.stats.empty() || run.command == Command::clear) {
        const std::string stats = run.command == Command::clear ? R"({"totalKeys":0,"totalSizeBytes":0})" : run.stats;
        if (!run.error) shown.push_back(Change::field(SliceId::sync, "flaskStats", stats));
    }
    if (!shown.empty()) show(std::move(shown));
    const std::string result = result_json();
    for (std::uint64_t ticket : run.tickets) outputs_.push_back(DoneOutput{ticket, result});
    run_.reset();
}

void Engine::answered(const HttpResponse& response, const State& state, std::uint64_t now_ms) {
    if (!run_) return;
    const auto it = std::find_if(run_->in_flight.begin(), run_->in_flight.end(), [&](const Sent& sent) { return sent.id == response.id; });
    if (it == run_->in_flight.end()) return;  // of a run that is over
    const Sent sent = std::move(*it);
    run_->in_flight.erase(it);
    const bool good = response.outcome == HttpResponse::Outcome::answered && response.status >= 200 && response.status < 300;
    metrics_.add(good || response.status == 404, now_ms - std::min(now_ms, sent.at_ms), now_ms);
    if (response.outcome == HttpResponse::Outcome::timed_out) give_up(base::Code::timeout, "the server did not answer in time");
    else if (response.outcome == HttpResponse::Outcome::failed) give_up(base::Code::offline, "the server cannot be reached");
    else if (good) accept(sent.task, response, state);
    else refuse(sent.task, response, state, now_ms);
}

std::uint64_t Engine::status_mark(const State& state) const {
    const std::uint64_t phase = run_ ? 1 + static_cast<std::uint64_t>(run_->command) : 0;
    const std::uint64_t connection = !connected_ ? 0 : *connected_ ? 1 : 2;
    const std::uint64_t flags = phase | connection << 3 | static_cast<std::uint64_t>(backoff_.failures() > 0) << 5 |
                                static_cast<std::uint64_t>(config_.api_url.empty()) << 6 | ((refused_ + rejected_revision_) & 0xff) << 7;
    return flags | waiting_keys(state) << 16 | static_cast<std::uint64_t>(state.items(SliceId::conflicts).size()) << 44;
}

std::string Engine::status_json(const State& state) const {
    std::string phase = "idle";
    if (config_.api_url.empty()) phase = "disabled";
    else if (run_) phase = run_->command == Command::push ? "pushing" : run_->command == Command::pull ? "pulling" : "checking";
    else if (connected_ == false) phase = "offline";
    else if (backoff_.failures() > 0) phase = "waiting";
    const std::string conflicts = base::number(state.items(SliceId::conflicts).size());
    const std::uint64_t waiting = waiting_keys(state);
    const auto next_at = next_deadline_ms(state);
    return base::concat({R"({"level":"plain","phase":)", base::quoted(phase),
                         R"(,"connected":)", !connected_ ? "null" : *connected_ ? "true" : "false",
                         R"(,"pending":)", base::number(waiting - std::min(waiting, held_keys(state))), R"(,"parked":)", conflicts, R"(,"conflicts":)", conflicts,
                         R"(,"lastSyncedAt":)", number_or_null(last_synced_ms_),
                         R"(,"lastError":)", last_error_ ? error_json(*last_error_) : "null",
                         R"(,"nextTryAt":)", backoff_.failures() > 0 ? number_or_null(next_try_ms_) : "null",
                         R"(,"rejected":)", base::number(refused_ + rejected_letters(state)), R"(,"changes":)", base::number(changes_),
                         R"(,"nextSyncAt":)", number_or_null(next_at.value_or(0)),
                         R"(,"autoSync":{"enabled":)", config_.auto_sync ? "true" : "false", R"(,"intervalMs":)", base::number(config_.interval_ms),
                         R"(,"syncOnChange":)", config_.sync_on_change ? "true" : "false", R"(,"maxQueueSize":)", base::number(config_.max_queue),
                         R"(},"metrics":)", metrics_.json(), "}"});
}

}  // namespace codeforge::sync
