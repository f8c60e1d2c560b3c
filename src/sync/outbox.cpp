#include "sync/outbox.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/json_check.hpp"
#include "base/text.hpp"
#include "sync/kept_text.hpp"

namespace codeforge::sync {

using model::Change;
using model::Changes;
using model::SliceId;
using model::State;
using model::Value;

namespace {

std::uint64_t number_of(const std::optional<std::string>& text) { return text ? base::parse_number(*text) : 0; }

bool same(const std::optional<std::string>& left, const std::optional<std::string>& right) {
    if (!left || !right) return left.has_value() == right.has_value();
    return base::same_json(*left, *right);
}

Change shadow_change(std::string_view key, bool present) {
    return present ? Change::put(SliceId::shadow, key, "{}") : Change::erase(SliceId::shadow, key);
}

/// The key a change touches, "" for what is not synced.
std::string touched_key(const model::SliceTable& table, const Change& change) {
    if (!change.id.empty()) return local_key(table, change.slice, change.id);
    const model::SliceDef* def = table.find(change.slice);
    const std::string_view field = def != nullptr ? def->wire_field : std::string_view();
    const bool synced = !field.empty() && !change.path.empty() && change.path.front() == model::PathStep(field);
    return synced ? local_key(table, change.slice, model::kCurrentId) : std::string();
}

}  // namespace

std::optional<Pending> read_pending(const State& state, std::string_view key) {
    const model::Item* item = state.find(SliceId::outbox, key);
    if (item == nullptr) return std::nullopt;
    Pending pending;
    pending.base = kept_text(item->value, "base");
    if (const Value* entry = item->value.member("entry")) {
        const auto client = kept_text(*entry, "client");
        pending.entry = Entry{client ? base::unquoted(*client) : "", number_of(kept_text(*entry, "mutation")), kept_text(*entry, "value"),
                              std::max<std::uint64_t>(1, number_of(kept_text(*entry, "schema")))};
    }
    if (const auto refused = kept_text(item->value, "refused")) pending.refused = base::unquoted(*refused);
    pending.failures = static_cast<int>(number_of(kept_text(item->value, "failures")));
    return pending;
}

Change pending_change(std::string_view key, const Pending& pending) {
    std::string json = base::concat({R"({"base":)", text_or_null(pending.base)});
    if (const auto& entry = pending.entry)
        base::append(json, {R"(,"entry":{"client":)", base::quoted(entry->client), R"(,"mutation":)", base::number(entry->mutation),
                            R"(,"op":)", entry->value ? R"("put")" : R"("delete")", R"(,"value":)", text_or_null(entry->value),
                            entry->schema > 1 ? base::concat({R"(,"schema":)", base::number(entry->schema)}) : std::string(), "}"});
    if (!pending.refused.empty()) base::append(json, {R"(,"refused":)", base::quoted(pending.refused)});
    if (pending.failures > 0) base::append(json, {R"(,"failures":)", base::number(static_cast<std::uint64_t>(pending.failures))});
    json.push_back('}');
    return Change::put(SliceId::outbox, key, std::move(json));
}

bool server_has(const State& state, std::string_view key) { return state.find(SliceId::shadow, key) != nullptr; }

/// The record of a key that the server never had. Most are this while there is no server.
/// Short enough to stand in the string object itself. Earlier versions wrote {"base":null}.
constexpr std::string_view kNeverPushed = "{}";

Changes note_local(const State& state, const Changes& changes, std::vector<std::string>* keys) {
    Changes notes;
    notes.reserve(changes.size());  // `seen` has views of the ids in it
    std::unordered_set<std::string_view> seen;
    for (const Change& change : changes)
        if (change.slice == SliceId::outbox) seen.insert(change.id);  // whoever made the changes has decided
    const Change* last = nullptr;
    for (const Change& change : changes) {
        // The members of one item come one behind the other, and have one key.
        if (last != nullptr && !change.id.empty() && last->slice == change.slice && last->id == change.id) continue;
        last = &change;
        std::string name = touched_key(state.table(), change);
        if (name.empty()) continue;
        if (keys != nullptr) keys->push_back(name);
        if (const model::Item* record = state.find(SliceId::outbox, name)) {
            // An edit may be what makes the server accept the value after all.
            if (record->value.has_text(kNeverPushed) || record->value.member("refused") == nullptr || seen.contains(name)) continue;
            Pending pending = *read_pending(state, name);
            pending.refused.clear();
            pending.failures = 0;
            notes.push_back(pending_change(name, pending));
            seen.insert(notes.back().id);
            continue;
        }
        const bool alone = changes.size() == 1 && seen.empty();
        if (!alone && seen.contains(name)) continue;
        if (server_has(state, name)) {
            Pending pending;
            pending.base = local_text(state, *parse_key(state.table(), name));
            notes.push_back(pending_change(name, pending));
        } else {
            notes.push_back(Change::put(SliceId::outbox, name, std::string(kNeverPushed)));
        }
        if (!alone) seen.insert(notes.back().id);
    }
    return notes;
}

Comparison compare(const State& state, std::string_view key, const std::optional<std::string>& remote) {
    const auto local = local_text(state, *parse_key(state.table(), key));
    const auto pending = read_pending(state, key);
    if (same(local, remote)) return pending || local.has_value() != server_has(state, key) ? Comparison::settled : Comparison::unchanged;
    if (!pending) {
        // Without a record the local value is what the server had, or there is none.
        return server_has(state, key) || !local ? Comparison::take : Comparison::conflict;
    }
    if (same(pending->base, remote)) return Comparison::unchanged;
    if (pending->entry && same(pending->entry->value, remote)) return Comparison::landed;
    return Comparison::conflict;
}

Changes acknowledged(const State& state, std::string_view key, const std::optional<std::string>& value) {
    Changes changes;
    if (server_has(state, key) != value.has_value()) changes.push_back(shadow_change(key, value.has_value()));
    const auto local = local_text(state, *parse_key(state.table(), key));
    if (same(local, value)) {
        changes.push_back(Change::erase(SliceId::outbox, key));
    } else {
        Pending pending;
        pending.base = value;
        changes.push_back(pending_change(key, pending));
    }
    return changes;
}

Changes taken(const State& state, std::string_view key, const std::optional<std::string>& remote) {
    const Key name = *parse_key(state.table(), key);
    Changes changes{local_change(state.table(), name, remote), shadow_change(key, remote.has_value()), Change::erase(SliceId::outbox, key)};
    if (name.slice != SliceId::project) return changes;
    // The open project is shown from a copy of its item.
    const Value* current = state.field(SliceId::project, "currentProject");
    const Value* id = current != nullptr ? current->member("id") : nullptr;
    if (id != nullptr && id->text() == base::quoted(name.id))
        changes.push_back(Change::field(SliceId::project, "currentProject", remote.value_or("null")));
    return changes;
}

Changes forgotten(const State& state, std::string_view key) {
    Changes changes{shadow_change(key, false)};
    if (local_text(state, *parse_key(state.table(), key))) changes.push_back(pending_change(key, {}));
    else changes.push_back(Change::erase(SliceId::outbox, key));
    return changes;
}

}  // namespace codeforge::sync
