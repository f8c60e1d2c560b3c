// What a run decides once it has seen what the server has.
#include <algorithm>

#include "base/json_check.hpp"
#include "sync/conflict.hpp"
#include "sync/engine.hpp"
#include "sync/key.hpp"
#include "sync/outbox.hpp"
#include "sync/schema_stamp.hpp"

namespace codeforge::sync {

using model::Change;
using model::Changes;
using model::SliceId;
using model::State;

namespace {

void add(Changes& changes, Changes more) {
    changes.insert(changes.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

bool is_parked(const State& state, std::string_view key) { return state.find(SliceId::conflicts, key) != nullptr; }

/// A pull that would remove more than this many of the items that the server had asks for trust
/// that absence alone does not earn: the server may have been reset, and another device may have
/// brought a few keys back already.
std::size_t removal_limit(const State& state) {
    const std::size_t known = state.items(SliceId::shadow).size();
    return std::min(std::max<std::size_t>(20, known / 5), known / 2);
}

}  // namespace

void Engine::select_keys(const State& state, std::uint64_t now_ms) {
    refused_ = 0;
    held_ = 0;
    // Somebody who asks, and an interval, take everything; a push that an edit caused takes what rests.
    const bool all = !run_->tickets.empty() || !config_.sync_on_change || clock_.keys() >= config_.max_queue;
    // In the order in which they became pending: a map's order would let some keys starve.
    for (const auto& [name, record] : state.ordered(SliceId::outbox)) {
        std::string key(name);
        if (is_parked(state, key)) continue;
        if (is_held(key) || !parse_key(state.table(), key)) {
            ++held_;
        } else if (record->value.member("refused") != nullptr) {
            ++refused_;
        } else if (all || clock_.is_resting(key, now_ms)) {
            run_->keys.push_back(std::move(key));
        }
    }
    if (all) clock_.clear();
    else clock_.forget_resting(now_ms);
}

void Engine::look() {
    run_->phase = Phase::fetch;
    run_->tasks.clear();
    run_->remote.clear();
    run_->skipped.clear();
    if (sends_in_bulk()) run_->tasks.push_back({Purpose::fetch_all, {}});
    else
        for (const std::string& key : run_->keys) run_->tasks.push_back({Purpose::fetch_key, {key}});
}

void Engine::freeze(const State& state, const std::string& key, Changes& changes) {
    Pending pending = read_pending(state, key).value_or(Pending{});
    pending.base = run_->remote[key];
    if (server_has(state, key) != pending.base.has_value())
        changes.push_back(pending.base ? Change::put(SliceId::shadow, key, "{}") : Change::erase(SliceId::shadow, key));
    const Key name = *parse_key(state.table(), key);
    pending.entry = Entry{client_, next_mutation_++, local_text(state, name), model::schema_of(state, state.table().at(name.slice), name.id)};
    changes.push_back(pending_change(key, pending));
}

void Engine::record_conflict(const State& state, const std::string& key, const std::optional<std::string>& remote, std::uint64_t now_ms,
                             Changes& changes) {
    ++run_->conflicts;
    // An older item keeps its number in the record, for whoever decides for it.
    const bool is_older = remote && run_->schemas[key] < model::schema_numbers(state).level;
    const std::optional<std::string> shown = is_older ? std::optional(stamped(*remote, run_->schemas[key], true)) : remote;
    if (const model::Item* known = state.find(SliceId::conflicts, key)) {
        const model::Value* version = known->value.member("remoteVersion");
        if (version != nullptr && base::same_json(version->text(), shown.value_or("null"))) return;
    }
    add(changes, conflict_recorded(state, key, shown, now_ms));
}

void Engine::decide_push(const State& state, std::uint64_t now_ms) {
    Changes changes;
    std::vector<Send> sends;
    bool froze = false;
    for (const std::string& key : run_->keys) {
        if (run_->skipped.contains(key) || !read_pending(state, key)) continue;
        const auto& remote = run_->remote[key];
        switch (compare(state, key, remote)) {
            case Comparison::settled: add(changes, acknowledged(state, key, remote)); break;
            case Comparison::conflict: record_conflict(state, key, remote, now_ms, changes); break;
            case Comparison::take: break;  // only of keys without a record
            case Comparison::unchanged:
                // An entry whose fate was unknown goes again as it is, under the same identity.
                if (const auto entry = read_pending(state, key)->entry) {
                    sends.push_back({key, !entry->value});
                    break;
                }
                [[fallthrough]];
            case Comparison::landed:
                freeze(state, key, changes);
                froze = true;
                sends.push_back({key, !local_text(state, *parse_key(state.table(), key))});
                break;
        }
    }
    run_->looked_ms = now_ms;
    queue_sends(state, sends);
    if (changes.empty()) return;
    barrier_pending_ = froze;
    outputs_.push_back(CommitOutput{std::move(changes), froze});
}

std::size_t Engine::import_items(const std::string& key) const {
    // A server that lost what it had gets it back at once: another device that reads it half restored would take what is not
    // there yet for deleted.
    if (restoring_) return kImportItems;
    const std::uint64_t wanted = config_.slices.of_key(key).batch_size;
    if (wanted != 0) return std::min<std::size_t>(wanted, kImportItems);
    return run_->keys.size() > kBacklog ? kImportItems : kBatchItems;
}

void Engine::queue_sends(const State& state, const std::vector<Send>& sends) {
    Task import{Purpose::import, {}};
    std::size_t bytes = 0;
    std::size_t room = kImportItems;  // what the strictest slice of the batch allows
    const auto flush = [&] {
        if (!import.keys.empty()) run_->tasks.push_back(std::move(import));
        import = {Purpose::import, {}};
        bytes = 0;
        room = kImportItems;
    };
    for (const Send& send : sends) {
        if (send.erases) {
            run_->tasks.push_back({Purpose::erase, {send.key}});
        } else if (!sends_in_bulk()) {
            run_->tasks.push_back({Purpose::put, {send.key}});
        } else {
            const std::size_t size = local_text(state, *parse_key(state.table(), send.key)).value_or("").size();
            const std::size_t items = import_items(send.key);
            if (import.keys.size() >= std::min(room, items) || bytes + size > kImportBytes) flush();
            room = std::min(room, items);
            import.keys.push_back(send.key);
            bytes += size;
        }
    }
    flush();
    std::reverse(run_->tasks.begin(), run_->tasks.end());  // the last is next: first come, first sent
}

void Engine::decide_pull(const State& state, std::uint64_t now_ms) {
    Changes changes;
    for (const auto& [key, remote] : run_->remote) {
        const Comparison comparison = compare(state, key, remote);
        if (comparison != Comparison::conflict && is_reopened(state, key)) continue;
        if (comparison != Comparison::conflict && is_parked(state, key)) changes.push_back(Change::erase(SliceId::conflicts, key));
        switch (comparison) {
            case Comparison::unchanged: break;
            case Comparison::settled:
            case Comparison::landed: add(changes, acknowledged(state, key, remote)); break;
            case Comparison::take:
                add(changes, taken(state, key, remote));
                if (remote) add(changes, arrived(state, *parse_key(state.table(), key), run_->schemas[key]));
                ++run_->pulled;
                break;
            case Comparison::conflict:
                record_conflict(state, key, remote, now_ms, changes);
                seen_.erase(key);
                break;
        }
    }
    decide_missing(state, now_ms, changes);
    if (!changes.empty()) show(std::move(changes));
}

void Engine::decide_missing(const State& state, std::uint64_t now_ms, Changes& changes) {
    std::vector<std::string> missing;
    bool answers_for_us = false;  // the server still has something that it had before
    std::size_t clean = 0;
    for (const auto& [key, shadow] : state.items(SliceId::shadow)) {
        if (is_held(key) || !parse_key(state.table(), key)) continue;  // or of a slice that is not defined now
        if (run_->remote.contains(key) || run_->skipped.contains(key)) {
            answers_for_us = true;
            continue;
        }
        missing.push_back(key);
        clean += read_pending(state, key) ? 0 : 1;
    }
    const bool trusted = answers_for_us && clean <= removal_limit(state);
    for (const std::string& key : missing) {
        seen_.erase(key);
        if (is_reopened(state, key)) continue;
        const bool here = local_text(state, *parse_key(state.table(), key)).has_value();
        if (!here) {
            add(changes, acknowledged(state, key, std::nullopt));
        } else if (!trusted) {
            add(changes, forgotten(state, key));
            restoring_ = true;
            ++run_->kept;
        } else if (read_pending(state, key)) {
            record_conflict(state, key, std::nullopt, now_ms, changes);
        } else {
            add(changes, taken(state, key, std::nullopt));
            ++run_->removed;
        }
    }
}

}  // namespace codeforge::sync
