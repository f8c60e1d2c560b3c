#include "sync/conflict.hpp"

#include "base/json_check.hpp"
#include "base/text.hpp"
#include "sync/kept_text.hpp"
#include "sync/key.hpp"
#include "sync/outbox.hpp"
#include "sync/schema_stamp.hpp"

namespace codeforge::sync {

using base::Error;
using base::Result;
using model::Change;
using model::Changes;
using model::SliceId;
using model::State;

namespace {

Error refused(std::initializer_list<base::Part> why) {
    return {base::Code::malformed_payload, base::concat({"conflicts: ", base::concat(why)})};
}

/// updatedAt of an item's text, 0 without one.
std::string updated_at(const std::optional<std::string>& json) {
    if (!json) return "0";
    const model::Value value{std::string(*json)};
    const model::Value* at = value.member("updatedAt");
    return at != nullptr && at->kind() == base::JsonKind::number ? at->text() : "0";
}

model::Value object_of(const std::optional<std::string>& text) {
    return model::Value(text && base::json_kind(*text) == base::JsonKind::object ? *text : "{}");
}

bool same(const model::Value* left, const model::Value& right) { return left != nullptr && base::same_json(left->text(), right.text()); }

/// Three-way by member: whoever changed it since the base wins, and the local side where both did.
/// Requires: one side is there.
std::string merged(const std::optional<std::string>& base, const std::optional<std::string>& local, const std::optional<std::string>& remote,
                   std::uint64_t now_ms) {
    if (!local || !remote) return local ? *local : *remote;  // an edit outlives a deletion
    const model::Value before = object_of(base);
    const model::Value mine = object_of(local);
    model::Value result = object_of(remote);
    for (const auto& [name, value] : mine.members())
        if (!same(before.member(name), value)) result.set({model::PathStep(name)}, value);
    for (const auto& [name, value] : before.members())
        if (mine.member(name) == nullptr && same(result.member(name), value)) result.erase({model::PathStep(name)});
    result.set({"updatedAt"}, model::Value(base::number(now_ms)));
    return result.text();
}

Result<std::string> custom_version(const State& state, std::string_view key, const std::optional<std::string>& custom) {
    if (!custom) return refused({"Custom version required for manual resolution"});
    auto text = base::canonical_json(*custom, "conflicts/resolveConflict: customVersion");
    if (!text) return text;
    if (base::json_kind(*text) != base::JsonKind::object) return refused({"customVersion must be an object"});
    model::Value version(std::move(*text));
    if (const auto name = parse_key(state.table(), key); name && !name->id.empty()) version.set({"id"}, model::Value(base::quoted(name->id)));
    return version.text();
}

}  // namespace

Changes conflict_recorded(const State& state, std::string_view key, const std::optional<std::string>& remote, std::uint64_t now_ms) {
    const auto name = parse_key(state.table(), key);
    const auto local = local_text(state, *name);
    const auto pending = read_pending(state, key);
    const std::optional<std::string> base = pending ? pending->base : std::nullopt;
    std::string json = base::concat({R"({"id":)", base::quoted(key), R"(,"entityType":)", base::quoted(state.table().at(name->slice).name),
                                     R"(,"baseVersion":)", text_or_null(base),
                                     R"(,"localVersion":)", text_or_null(local), R"(,"remoteVersion":)", text_or_null(remote),
                                     R"(,"localTimestamp":)", updated_at(local), R"(,"remoteTimestamp":)", updated_at(remote),
                                     R"(,"conflictDetectedAt":)", base::number(now_ms), "}"});
    return {Change::put(SliceId::conflicts, key, std::move(json))};
}

Result<Changes> conflict_resolved(const State& state, std::string_view key, std::string_view strategy, const std::optional<std::string>& custom,
                                  std::uint64_t now_ms) {
    const model::Item* conflict = state.find(SliceId::conflicts, key);
    const auto name = parse_key(state.table(), key);
    if (conflict == nullptr || !name) return refused({"Conflict not found: '", key, "'"});
    auto remote = kept_text(conflict->value, "remoteVersion");
    const bool is_older = remote && remote->find(model::kSchemaMember) != std::string::npos;
    const std::uint64_t schema = is_older ? take_stamp(*remote) : model::schema_numbers(state).level;
    const auto local = local_text(state, *name);
    const bool reopened = is_reopened(state, key);
    Changes changes;
    if (strategy == "remote" && !reopened) {
        changes = taken(state, key, remote);
    } else {
        std::optional<std::string> chosen = strategy == "remote" ? remote : local;
        if (strategy == "merge" && is_older) return refused({"'", key, "' is of an older schema on the server: choose local or remote"});
        if (strategy == "merge") {
            if (local || remote) chosen = merged(kept_text(conflict->value, "baseVersion"), local, remote, now_ms);
        } else if (strategy == "manual") {
            auto text = custom_version(state, key, custom);
            if (!text) return text.error();
            chosen = *text;
        } else if (strategy != "local" && strategy != "remote") {
            return refused({"Invalid resolution strategy '", strategy, "'; it is one of local, remote, merge, manual"});
        }
        if (chosen != local) changes.push_back(local_change(state.table(), *name, chosen));
        Pending pending;
        pending.base = remote;
        // What the server has when a conflict came back is in the outbox, not in the conflict.
        if (!reopened) changes.push_back(pending_change(key, pending));
        if (!reopened && server_has(state, key) != remote.has_value())
            changes.push_back(remote ? Change::put(SliceId::shadow, key, "{}") : Change::erase(SliceId::shadow, key));
    }
    if (strategy == "remote" && remote) {
        const Changes marks = arrived(state, *name, schema);
        changes.insert(changes.end(), marks.begin(), marks.end());
    }
    changes.push_back(Change::erase(SliceId::conflicts, key));
    return changes;
}

bool is_reopened(const State& state, std::string_view key) {
    const model::Item* conflict = state.find(SliceId::conflicts, key);
    return conflict != nullptr && conflict->value.member("reopened") != nullptr;
}

Changes conflicts_reopened(const State& state, Changes& changes) {
    Changes records;
    for (Change& change : changes) {
        if (change.slice != SliceId::conflicts || change.erased || change.id.empty() || !change.path.empty()) continue;
        model::Value conflict(std::move(change.json));
        conflict.set({"reopened"}, model::Value("true"));
        change.json = conflict.text();
        if (const auto name = parse_key(state.table(), change.id); name && !read_pending(state, change.id)) {
            Pending pending;
            if (server_has(state, change.id)) pending.base = local_text(state, *name);
            records.push_back(pending_change(change.id, pending));
        }
    }
    return records;
}

Result<Changes> carry_out_conflict_action(const State& state, std::string_view action, std::string_view payload, std::uint64_t now_ms) {
    Changes changes;
    if (action == "clearConflicts") {
        for (const auto& [key, conflict] : state.items(SliceId::conflicts)) changes.push_back(Change::erase(SliceId::conflicts, key));
        changes.push_back(Change::field(SliceId::conflicts, "error", "null"));
        return changes;
    }
    if (auto checked = base::check_json(payload, base::concat({"conflicts/", action, ": payload"})); !checked) return checked.error();
    const bool is_string = base::json_kind(payload) == base::JsonKind::string;
    if (action == "removeConflict") {
        if (!is_string) return refused({"removeConflict needs the conflict's id, a string"});
        return Changes{Change::erase(SliceId::conflicts, base::unquoted(payload))};
    }
    if (action == "resolveAllConflicts") {
        if (!is_string) return refused({"resolveAllConflicts needs a strategy, a string"});
        const std::string strategy = base::unquoted(payload);
        for (const auto& [key, conflict] : state.ordered(SliceId::conflicts)) {
            auto resolved = conflict_resolved(state, key, strategy, std::nullopt, now_ms);
            if (!resolved) return resolved;
            changes.insert(changes.end(), resolved->begin(), resolved->end());
        }
        return changes;
    }
    std::optional<std::string> custom;
    if (const auto text = base::json_member(payload, "customVersion")) custom = *text;
    return conflict_resolved(state, base::string_member(payload, "conflictId"), base::string_member(payload, "strategy"), custom, now_ms);
}

}  // namespace codeforge::sync
