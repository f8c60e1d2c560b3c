#include "sync/conflict.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "sync/key.hpp"
#include "sync/outbox.hpp"

namespace codeforge::sync {

using base::Error;
using base::Json;
using base::Result;
using model::Change;
using model::Changes;
using model::SliceId;
using model::State;

namespace {

Error refused(std::initializer_list<std::string_view> why) {
    return {base::Code::malformed_payload, base::concat({"conflicts: ", base::concat(why)})};
}

/// updatedAt of an item's text, 0 without one.
std::string updated_at(const std::optional<std::string>& json) {
    if (!json) return "0";
    const model::Value value{std::string(*json)};
    const model::Value* at = value.member("updatedAt");
    return at != nullptr && at->kind() == base::JsonKind::number ? at->text() : "0";
}

std::optional<std::string> version(const model::Item& conflict, std::string_view name) {
    const model::Value* value = conflict.value.member(name);
    if (value == nullptr || value->kind() == base::JsonKind::null) return std::nullopt;
    return value->text();
}

Json object_of(const std::optional<std::string>& text) {
    auto parsed = text ? base::parse_json(*text, "version") : Result<Json>(Json::object());
    return parsed && parsed->is_object() ? *parsed : Json::object();
}

/// Three-way by member: whoever changed it since the base wins, and the local side where both did.
/// Requires: one side is there.
std::string merged(const std::optional<std::string>& base, const std::optional<std::string>& local, const std::optional<std::string>& remote,
                   std::uint64_t now_ms) {
    if (!local || !remote) return local ? *local : *remote;  // an edit outlives a deletion
    const Json base_members = object_of(base);
    const Json local_members = object_of(local);
    Json result = object_of(remote);
    for (const auto& [name, value] : local_members.items()) {
        const auto old = base_members.find(name);
        if (old == base_members.end() || *old != value) result[name] = value;
    }
    for (const auto& [name, value] : base_members.items())
        if (!local_members.contains(name) && result.contains(name) && result[name] == value) result.erase(name);
    result["updatedAt"] = now_ms;
    return base::dump_json(result);
}

Result<std::string> custom_version(std::string_view key, const std::optional<std::string>& custom) {
    if (!custom) return refused({"Custom version required for manual resolution"});
    auto parsed = base::parse_json(*custom, "conflicts/resolveConflict: customVersion");
    if (!parsed) return parsed.error();
    if (!parsed->is_object()) return refused({"customVersion must be an object"});
    if (const auto name = parse_key(key); name && !name->id.empty()) (*parsed)["id"] = name->id;
    return base::dump_json(*parsed);
}

}  // namespace

Changes conflict_recorded(const State& state, std::string_view key, const std::optional<std::string>& remote, std::uint64_t now_ms) {
    const auto name = parse_key(key);
    const auto local = local_text(state, *name);
    const auto pending = read_pending(state, key);
    const auto text = [](const std::optional<std::string>& value) { return value ? std::string_view(*value) : std::string_view("null"); };
    std::string json = base::concat({R"({"id":)", base::quoted(key), R"(,"entityType":)", base::quoted(model::slice(name->slice).name),
                                     R"(,"baseVersion":)", text(pending ? pending->base : std::nullopt),
                                     R"(,"localVersion":)", text(local), R"(,"remoteVersion":)", text(remote),
                                     R"(,"localTimestamp":)", updated_at(local), R"(,"remoteTimestamp":)", updated_at(remote),
                                     R"(,"conflictDetectedAt":)", base::number(now_ms), "}"});
    return {Change::put(SliceId::conflicts, key, std::move(json))};
}

Result<Changes> conflict_resolved(const State& state, std::string_view key, std::string_view strategy, const std::optional<std::string>& custom,
                                  std::uint64_t now_ms) {
    const model::Item* conflict = state.find(SliceId::conflicts, key);
    const auto name = parse_key(key);
    if (conflict == nullptr || !name) return refused({"Conflict not found: '", key, "'"});
    const auto remote = version(*conflict, "remoteVersion");
    const auto local = local_text(state, *name);
    Changes changes;
    if (strategy == "remote") {
        changes = taken(state, key, remote);
    } else {
        std::optional<std::string> chosen = local;
        if (strategy == "merge") {
            if (local || remote) chosen = merged(version(*conflict, "baseVersion"), local, remote, now_ms);
        } else if (strategy == "manual") {
            auto text = custom_version(key, custom);
            if (!text) return text.error();
            chosen = *text;
        } else if (strategy != "local") {
            return refused({"Invalid resolution strategy '", strategy, "'; it is one of local, remote, merge, manual"});
        }
        if (chosen != local) changes.push_back(local_change(*name, chosen));
        Pending pending;
        pending.base = remote;
        changes.push_back(pending_change(key, pending));
        if (server_has(state, key) != remote.has_value())
            changes.push_back(remote ? Change::put(SliceId::shadow, key, "{}") : Change::erase(SliceId::shadow, key));
    }
    changes.push_back(Change::erase(SliceId::conflicts, key));
    return changes;
}

Result<Changes> carry_out_conflict_action(const State& state, std::string_view action, std::string_view payload, std::uint64_t now_ms) {
    Changes changes;
    if (action == "clearConflicts") {
        for (const auto& [key, conflict] : state.items(SliceId::conflicts)) changes.push_back(Change::erase(SliceId::conflicts, key));
        changes.push_back(Change::field(SliceId::conflicts, "error", "null"));
        return changes;
    }
    auto parsed = base::parse_json(payload, base::concat({"conflicts/", action, ": payload"}));
    if (!parsed) return parsed.error();
    if (action == "removeConflict") {
        if (!parsed->is_string()) return refused({"removeConflict needs the conflict's id, a string"});
        return Changes{Change::erase(SliceId::conflicts, parsed->get_ref<const std::string&>())};
    }
    if (action == "resolveAllConflicts") {
        if (!parsed->is_string()) return refused({"resolveAllConflicts needs a strategy, a string"});
        for (const auto& [key, conflict] : state.ordered(SliceId::conflicts)) {
            auto resolved = conflict_resolved(state, key, parsed->get_ref<const std::string&>(), std::nullopt, now_ms);
            if (!resolved) return resolved;
            changes.insert(changes.end(), resolved->begin(), resolved->end());
        }
        return changes;
    }
    std::optional<std::string> custom;
    if (parsed->is_object() && parsed->contains("customVersion")) custom = base::dump_json((*parsed)["customVersion"]);
    return conflict_resolved(state, base::string_member(*parsed, "conflictId"), base::string_member(*parsed, "strategy"), custom, now_ms);
}

}  // namespace codeforge::sync
