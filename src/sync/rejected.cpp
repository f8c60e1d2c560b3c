#include "sync/rejected.hpp"

#include "base/json_check.hpp"
#include "base/text.hpp"
#include "sync/kept_text.hpp"
#include "sync/key.hpp"
#include "sync/outbox.hpp"

namespace codeforge::sync {

using base::Error;
using base::Result;
using model::Change;
using model::Changes;
using model::SliceId;
using model::State;

namespace {

bool is_letter(std::string_view id) { return id.starts_with("!"); }

std::string key_of(const model::Item& letter) {
    const model::Value* key = letter.value.member("key");
    return key != nullptr && key->kind() == base::JsonKind::string ? base::unquoted(key->text()) : std::string();
}

void append_entry(std::string& out, const State& state, std::string_view key, std::string_view reason, std::string_view at, const std::optional<std::string>& value,
                  const std::optional<std::string>& base_value, bool rolled_back) {
    const auto name = parse_key(state.table(), key);
    if (!name) return;
    base::append(out, {out.size() > 1 ? "," : "", R"({"key":)", base::quoted(key), R"(,"slice":)", base::quoted(state.table().find(name->slice)->name),
                       R"(,"id":)", base::quoted(name->id), R"(,"reason":)", reason, R"(,"at":)", at, R"(,"value":)", text_or_null(value),
                       R"(,"base":)", text_or_null(base_value), R"(,"isRolledBack":)", rolled_back ? "true}" : "false}"});
}

}  // namespace

std::size_t rejected_letters(const State& state) {
    std::size_t count = 0;
    for (const auto& [id, item] : state.items(SliceId::history)) count += is_letter(id) ? 1 : 0;
    return count;
}

Changes rolled_back(const State& state, std::string_view key, std::string_view reason, std::uint64_t now_ms) {
    if (rejected_letters(state) >= kRejectedLimit) return {};
    const auto pending = read_pending(state, key);
    const auto local = local_text(state, *parse_key(state.table(), key));
    // The slice of the key is defined now, or it would not have been sent.
    Changes changes = taken(state, key, pending->base);
    // The same value refused again, because the roll-back was undone, is the same letter.
    for (const auto& [id, item] : state.items(SliceId::history))
        if (is_letter(id) && key_of(item) == key && base::same_json(kept_text(item.value, "value").value_or("null"), text_or_null(local)))
            changes.push_back(Change::erase(SliceId::history, id));
    changes.push_back(Change::put(SliceId::history, base::concat({"!", base::number(now_ms), "-", key}),
                                  base::concat({R"({"key":)", base::quoted(key), R"(,"reason":)", base::quoted(reason), R"(,"at":)", base::number(now_ms),
                                                R"(,"value":)", text_or_null(local), R"(,"base":)", text_or_null(pending->base), "}"})));
    return changes;
}

Result<Changes> carry_out_rejected_action(const State& state, std::string_view action, std::string_view payload) {
    const auto refused = [&](std::string_view why) { return Error{base::Code::malformed_payload, base::concat({"sync/", action, ": ", why})}; };
    if (auto checked = base::check_json(payload, base::concat({"sync/", action, ": payload"})); !checked) return checked.error();
    const std::string key = base::string_member(payload, "key");
    const auto name = parse_key(state.table(), key);
    if (!name) return refused("payload needs the string key, for example \"files:a\"");
    const bool retry = action == "retryRejected";
    const model::Item* letter = nullptr;
    std::string letter_id;
    for (const auto& [id, item] : state.ordered(SliceId::history))
        if (is_letter(id) && key_of(*item) == key) {
            letter = item;
            letter_id = id;
        }
    if (letter != nullptr) {
        Changes changes;
        const auto value = kept_text(letter->value, "value");
        if (retry && value != local_text(state, *name)) changes.push_back(local_change(state.table(), *name, value));
        changes.push_back(Change::erase(SliceId::history, letter_id));
        return changes;
    }
    auto pending = read_pending(state, key);
    if (!pending || pending->refused.empty()) return refused(base::concat({"nothing of '", key, "' was rejected"}));
    if (!retry) return taken(state, key, pending->base);
    pending->refused.clear();
    pending->failures = 0;
    return Changes{pending_change(key, *pending)};
}

std::string rejected_json(const State& state) {
    std::string out = "[";
    for (const auto& [id, item] : state.ordered(SliceId::history))
        if (is_letter(id)) append_entry(out, state, key_of(*item), kept_text(item->value, "reason").value_or(R"("")"), kept_text(item->value, "at").value_or("0"), kept_text(item->value, "value"), kept_text(item->value, "base"), true);
    for (const auto& [key, record] : state.ordered(SliceId::outbox)) {
        if (record->value.member("refused") == nullptr) continue;
        const auto name = parse_key(state.table(), key);
        if (!name) continue;
        append_entry(out, state, key, record->value.member("refused")->text(), "0", local_text(state, *name), kept_text(record->value, "base"), false);
    }
    return out + "]";
}

}  // namespace codeforge::sync
