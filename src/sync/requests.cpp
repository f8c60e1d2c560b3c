// Tasks become requests, answers become facts: what a status code and a body mean.
#include <algorithm>

#include "base/json_check.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "sync/engine.hpp"
#include "sync/key.hpp"
#include "sync/outbox.hpp"
#include "sync/rejected.hpp"
#include "sync/schema_stamp.hpp"

namespace codeforge::sync {

using base::Code;
using model::State;

namespace {

/// The server's value as the state would hold it: compact, and with the id that its key names. `schema`
/// gets its number. Errors: unsupported when it is newer than what this program knows.
base::Result<std::string> item_of(const State& state, std::string_view key, std::string_view json, std::uint64_t& schema) {
    const auto name = parse_key(state.table(), key);
    if (!name) return base::Error{Code::malformed_payload, "no slice"};
    if (json.size() > base::kMaxItemBytes) return base::Error{Code::limit, "too large"};
    auto text = base::canonical_json(json, key);
    if (!text) return text;
    if (base::json_kind(*text) != base::JsonKind::object) return base::Error{Code::malformed_payload, "not an object"};
    schema = take_stamp(*text);
    if (const std::uint64_t level = model::schema_numbers(state).level; schema > level)
        return base::Error{Code::unsupported, base::concat({"it is of schema ", base::number(schema), ", this program knows ", base::number(level)})};
    if (name->id.empty() || base::string_member(*text, "id") == name->id) return text;
    model::Value value(std::move(*text));
    value.set({"id"}, model::Value(base::quoted(name->id)));
    return value.text();
}

bool is_json_object(std::string_view body) {
    return base::json_kind(body) == base::JsonKind::object && base::check_json(body, "body").ok();
}

std::string frozen_text(const State& state, const std::string& key) {
    const auto pending = read_pending(state, key);
    return pending && pending->entry && pending->entry->value ? stamped(*pending->entry->value, pending->entry->schema) : "null";
}

/// Statuses that say no to this value and will say no again.
bool is_refusal(int status) { return status == 400 || status == 405 || status == 409 || status == 413 || status == 415 || status == 422; }

}  // namespace

HttpRequest Engine::request_of(const Task& task, const State& state) const {
    const std::string storage = config_.api_url + "/api/storage/";
    const auto item_url = [&] { return storage + percent_encoded(wire_key(task.keys.front())); };
    switch (task.purpose) {
        case Purpose::fetch_all: return {0, "GET", storage + "export", "", kBulkTimeoutMs};
        case Purpose::fetch_key: return {0, "GET", item_url(), "", kItemTimeoutMs};
        case Purpose::put: return {0, "PUT", item_url(), base::concat({R"({"value":)", frozen_text(state, task.keys.front()), "}"}), kItemTimeoutMs};
        case Purpose::erase: return {0, "DELETE", item_url(), "", kItemTimeoutMs};
        case Purpose::health: return {0, "GET", config_.api_url + "/health", "", kItemTimeoutMs};
        case Purpose::stats: return {0, "GET", storage + "stats", "", kItemTimeoutMs};
        case Purpose::clear: return {0, "POST", storage + "clear", "", kBulkTimeoutMs};
        case Purpose::import: break;
    }
    std::string body = "{";
    for (const std::string& key : task.keys) {
        if (body.size() > 1) body.push_back(',');
        base::append_quoted(body, wire_key(key));
        body.push_back(':');
        body += frozen_text(state, key);
    }
    return {0, "POST", storage + "import", body + "}", kBulkTimeoutMs};
}

void Engine::give_up(Code code, std::string message) {
    if (!run_->error) run_->error = base::Error{code, std::move(message)};
    run_->tasks.clear();
}

void Engine::accept_value(const std::string& key, std::string_view body, const State& state) {
    if (!is_json_object(body)) return give_up(Code::server, base::concat({"the server sent unreadable data for key '", key, "'"}));
    for (base::JsonLevel level(body); level.next();) {
        if (level.name() != "value") continue;
        std::uint64_t schema = model::kFirstSchema;
        auto item = item_of(state, key, level.value(), schema);
        if (!item && item.error().code == Code::unsupported) {
            run_->skipped.insert(key);  // a newer program's: it is neither taken nor overwritten
            return;
        }
        if (!item) return give_up(Code::server, base::concat({"the server's value of key '", key, "' cannot be used: ", item.error().message}));
        run_->schemas[key] = schema;
        run_->remote[key] = std::move(*item);
        return;
    }
    give_up(Code::server, base::concat({"the server sent no value for key '", key, "'"}));
}

void Engine::note_export(const std::string& key, std::string_view json, const State& state) {
    const std::size_t hash = std::hash<std::string_view>{}(json);
    const auto known = seen_.find(key);
    if (run_->command == Command::pull && known != seen_.end() && known->second == hash) {
        run_->skipped.insert(key);
        return;
    }
    std::uint64_t schema = model::kFirstSchema;
    auto item = item_of(state, key, json, schema);
    if (!item) {
        // One bad value must not keep the others from being read; it stays on the server as it is.
        ++run_->unreadable;
        run_->skipped.insert(key);
        return;
    }
    if (run_->command == Command::pull) seen_[key] = hash;
    run_->schemas[key] = schema;
    run_->remote[key] = std::move(*item);
}

void Engine::accept_export(std::string_view body, const State& state) {
    std::unordered_set<std::string_view> asked(run_->keys.begin(), run_->keys.end());
    base::JsonLevel level(body);
    while (level.next()) {
        const std::string key = local_of_wire(level.name());
        if (run_->command == Command::push ? !asked.contains(key) : is_held(key)) continue;
        if (parse_key(state.table(), key)) note_export(key, level.value(), state);
    }
    // A page that is cut off says nothing about what is missing in it: none of it counts.
    if (!level.ok() || base::json_kind(body) != base::JsonKind::object) {
        seen_.clear();
        give_up(Code::server, "the server sent unreadable data instead of its export");
        return;
    }
    for (const std::string& key : run_->keys)
        if (!run_->remote.contains(key) && !run_->skipped.contains(key)) run_->remote[key] = std::nullopt;
}

void Engine::accept(const Task& task, const HttpResponse& response, const State& state) {
    model::Changes changes;
    for (const std::string& key : task.keys) {
        if (task.purpose != Purpose::put && task.purpose != Purpose::import && task.purpose != Purpose::erase) break;
        seen_.erase(key);
        const auto pending = read_pending(state, key);
        const auto value = pending && pending->entry ? pending->entry->value : std::nullopt;
        const model::Changes settled = acknowledged(state, key, value);
        changes.insert(changes.end(), settled.begin(), settled.end());
        ++(task.purpose == Purpose::erase ? run_->deleted : run_->pushed);
    }
    if (!changes.empty()) show(std::move(changes));
    if (task.purpose == Purpose::fetch_all) accept_export(response.body, state);
    if (task.purpose == Purpose::fetch_key) accept_value(task.keys.front(), response.body, state);
    if (task.purpose == Purpose::stats) {
        if (!is_json_object(response.body)) return give_up(Code::server, "the server sent unreadable statistics");
        const auto number = [&](std::string_view name) { return base::number(static_cast<std::uint64_t>(std::clamp(base::number_member(response.body, name, 0), 0.0, 9e15))); };
        run_->stats = base::concat({R"({"totalKeys":)", number("total_keys"), R"(,"totalSizeBytes":)", number("total_size_bytes"),
                                    R"(,"databasePath":)", base::quoted(base::string_member(response.body, "database_path")), "}"});
    }
    if (task.purpose == Purpose::clear) {
        seen_.clear();
        model::Changes lost;
        for (const auto& [key, shadow] : state.items(model::SliceId::shadow)) {
            if (!parse_key(state.table(), key)) continue;
            const model::Changes more = forgotten(state, key);
            lost.insert(lost.end(), more.begin(), more.end());
        }
        if (!lost.empty()) show(std::move(lost));
    }
}

/// The server will not take this value of the key, or failed at it.
void Engine::refuse_value(const std::string& key, const HttpResponse& response, const std::string& said, const State& state, std::uint64_t now_ms) {
    Pending pending = read_pending(state, key).value_or(Pending{});
    const auto sent = pending.entry ? pending.entry->value : std::nullopt;
    const auto local = local_text(state, *parse_key(state.table(), key));
    ++pending.failures;
    if (!is_refusal(response.status) && pending.failures < kRefusedAfter) {
        if (!run_->error) run_->error = base::Error{Code::server, base::concat({said, " to key '", key, "'"})};
        return show({pending_change(key, pending)});
    }
    pending.entry.reset();
    if (local.value_or("null") != sent.value_or("null")) {
        // It was edited meanwhile, and the newer value may do better.
        pending.failures = 0;
        return show({pending_change(key, pending)});
    }
    // A page of something in between (a proxy, another server) says nothing about the value.
    if (config_.rolls_back && is_refusal(response.status) && is_json_object(response.body)) {
        if (model::Changes changes = rolled_back(state, key, said, now_ms); !changes.empty()) {
            ++rejected_revision_;
            outputs_.push_back(CommitOutput{std::move(changes), false, "sync/rollBack"});
            return;
        }
    }
    pending.refused = said;
    ++refused_;
    show({pending_change(key, pending)});
}

void Engine::refuse(const Task& task, const HttpResponse& response, const State& state, std::uint64_t now_ms) {
    const int status = response.status;
    const bool absent = status == 404 && is_json_object(response.body);
    if (absent && task.purpose == Purpose::fetch_key) {
        run_->remote[task.keys.front()] = std::nullopt;
        return;
    }
    if (absent && task.purpose == Purpose::erase) return accept(task, response, state);
    // A browser cannot read a plain server's /health from another origin; /stats decides then.
    if (task.purpose == Purpose::health && status == 404) return;
    const std::string said = base::concat({"the server answered ", base::number(static_cast<std::uint64_t>(status))});
    if (status == 429 || status == 503) {
        run_->retry_after = response.retry_after;
        return give_up(Code::server, said);
    }
    if (status == 401 || status == 403) return give_up(Code::rejected, said);
    if (task.purpose == Purpose::import && (is_refusal(status) || status == 500)) {
        // One of many values is the reason: send them singly, so that the others get through.
        for (const std::string& key : task.keys) run_->tasks.push_back({Purpose::put, {key}});
        return;
    }
    const bool single = task.purpose == Purpose::put || task.purpose == Purpose::erase;
    if (!single || (!is_refusal(status) && status != 500)) return give_up(Code::server, said);
    refuse_value(task.keys.front(), response, said, state, now_ms);
}

}  // namespace codeforge::sync
