// The client's part in undo and redo, whose edits they are, and the actions that more than the store takes part in.
#include <algorithm>
#include <iterator>

#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "client/client.hpp"
#include "store/payload.hpp"
#include "sync/conflict.hpp"
#include "sync/outbox.hpp"
#include "sync/rejected.hpp"

namespace codeforge::client {

using base::JsonKind;
using base::Result;
using model::Changes;

namespace {

/// What a host calls a session, a user or a group, in bytes.
constexpr std::size_t kMaxNameBytes = 512;

}  // namespace

Result<void> Client::context(std::string_view text) {
    const auto malformed = [](std::string_view why) { return base::Error{base::Code::malformed_payload, base::concat({"context: ", why})}; };
    if (base::json_kind(text) != JsonKind::object) return malformed("an object is needed");
    base::JsonLevel level(text);
    while (level.next()) {
        const std::string name = level.name();
        const JsonKind kind = base::json_kind(level.value());
        std::string* target = name == "session" ? &actor_.session : name == "user" ? &actor_.user : name == "group" ? &actor_.group : nullptr;
        if (target != nullptr) {
            if (kind != JsonKind::string) return malformed(base::concat({name, " must be a string"}));
            if (level.value().size() > kMaxNameBytes) return malformed(base::concat({name, " has more than ", base::number(kMaxNameBytes), " bytes"}));
            *target = base::unquoted(level.value());
        } else if (name == "at") {
            at_ms_ = base::parse_number(level.value());
        } else if (name == "undoable") {
            undoable_ = level.value() != "false";
        }
    }
    return level.ok() ? Result<void>() : Result<void>(malformed("is not valid JSON"));
}

Result<store::Reduction> Client::reduce(const model::Action& action, std::uint64_t now_ms, std::optional<Changes>& steps) {
    constexpr std::string_view kHistory = "history/";
    if (action.type.starts_with(kHistory)) return move_in_history(action.type.substr(kHistory.size()), steps.emplace());
    if (action.type == kMigratedAction) {
        steps.emplace();  // the application's own work, not the user's
        return migrate(action);
    }
    const model::ActionRef ref = state().table().find_action(action.type);
    const bool conflict = ref.action != nullptr && ref.action->verb == model::Verb::conflict;
    if (!conflict && (ref.action == nullptr || ref.action->verb != model::Verb::rejected)) return store_.reduce(action, now_ms);
    auto payload = store::text_payload(action);
    if (!payload) return payload.error();
    auto changes = conflict ? sync::carry_out_conflict_action(state(), ref.action->name, *payload, now_ms)
                            : sync::carry_out_rejected_action(state(), ref.action->name, *payload);
    if (!changes) return changes.error();
    return store::Reduction{std::move(*changes), 0, false};
}

Result<store::Reduction> Client::work_out(const model::Action& action, std::uint64_t at_ms) {
    std::optional<Changes> steps;
    auto reduction = reduce(action, at_ms, steps);
    if (!reduction) return reduction.error();
    Changes& changes = reduction->changes;
    if (auto kept = refuse_to_keep(changes, steps); !kept) {
        history_.forget();  // it knows of an undo that does not happen
        return kept.error();
    }
    if (changes.empty() && !steps) return reduction;
    settle_marks(action.type, changes);
    if (!steps) steps = undoable_ ? history_.note(state(), changes, actor_, action.type, at_ms) : history_.note_others(state(), changes);
    edited_keys_.clear();
    Changes notes = sync::note_local(state(), changes, engine_.wants_keys() ? &edited_keys_ : nullptr);
    changes.reserve(changes.size() + notes.size() + steps->size());  // of a load each has thousands: growing would take twice the room
    std::move(notes.begin(), notes.end(), std::back_inserter(changes));
    std::move(steps->begin(), steps->end(), std::back_inserter(changes));
    return reduction;
}

Result<void> Client::refuse_to_keep(const Changes& changes, const std::optional<Changes>& steps) const {
    if (log_.unsaved_bytes() > base::kMaxUnsavedBytes)
        return base::Error{base::Code::limit, base::concat({"storage has failed for so long that ", base::number(log_.unsaved_bytes() >> 20),
                                                            " MiB of edits wait for it; export the project before going on"})};
    if (refuses(changes) || (steps && refuses(*steps))) return read_only_error();
    return {};
}

Result<store::Reduction> Client::move_in_history(std::string_view action, Changes& steps) {
    store::Reduction reduction;
    if (action == "clear") {
        steps = history_.clear(state(), actor_);
        return reduction;
    }
    store::HistoryMove move;
    if (action == "undo") move = history_.undo(state(), actor_);
    else if (action == "redo") move = history_.redo(state(), actor_);
    else if (action == "rollback") move = history_.drop_group(state(), actor_);
    else return base::Error{base::Code::unknown_action, base::concat({"history has no action '", action, "'; it has undo, redo, clear and rollback"})};
    moved_ = move.answer.empty() ? "null" : std::move(move.answer);
    steps = std::move(move.notes);
    reduction.changes = std::move(move.changes);
    Changes parked = sync::conflicts_reopened(state(), reduction.changes);
    std::move(parked.begin(), parked.end(), std::back_inserter(reduction.changes));
    return reduction;
}

void Client::commit_by_core(Changes changes, std::uint64_t now_ms, std::string_view undo_type) {
    Changes steps = undo_type.empty() ? history_.note_others(state(), changes) : history_.note(state(), changes, {actor_.session, actor_.user, {}}, undo_type, now_ms);
    std::move(steps.begin(), steps.end(), std::back_inserter(changes));
    commit(std::move(changes), 0, now_ms);
}

std::string Client::history(std::uint64_t known) {
    if (known == history_.revision()) return {};
    std::string view = history_.view(state(), actor_);
    view.pop_back();
    return base::concat({view, R"(,"revision":)", base::number(history_.revision()), R"(,"moved":)", moved_, "}"});
}

std::string Client::rejected() const { return sync::rejected_json(state()); }

}  // namespace codeforge::client
