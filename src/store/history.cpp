#include "store/history.hpp"

#include <algorithm>

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "model/inverse.hpp"
#include "store/history_timeline.hpp"

namespace codeforge::store {

using base::number;
using model::Change;
using model::Changes;
using model::SliceId;
using model::State;

namespace {

/// Whether a step takes it back: the documents, and what lies beside them in their slices.
bool is_recorded(const State& state, const Change& change) {
    const model::SliceDef* def = state.table().find(change.slice);
    if (def == nullptr || !def->persist || !def->undo || def->is_hidden() || change.slice == SliceId::settings || change.slice == SliceId::sync) return false;
    if (!change.id.empty()) return true;
    for (const model::StateFieldDef& field : def->fields)
        if (!change.path.empty() && change.path.front() == model::PathStep(field.name)) return field.persist;
    return false;
}

bool has_document(const State& state, const Changes& changes) {
    return std::any_of(changes.begin(), changes.end(), [&](const Change& change) { return is_recorded(state, change) && !is_incidental(change); });
}

}  // namespace

History::History() = default;
History::~History() = default;
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;

void History::forget() {
    known_ = false;
    lines_.clear();
    open_.reset();
    bytes_ = 0;
    ++revision_;
}

// --- what an edit leaves ---------------------------------------------------------------------------

Changes History::note(const State& state, const Changes& changes, const Actor& actor, std::string_view type, std::uint64_t now_ms) {
    Changes notes;
    const bool has_own = has_document(state, changes);
    // Which item is chosen is no step, but it goes with a group that is being made.
    if (!has_own && (actor.group.empty() || open_ == nullptr || open_->group != actor.group)) return notes;
    learn(state);
    Timeline& line = timeline(actor, notes);
    line.used_ms = now_ms;
    if (lines_.size() > 1) withdraw(state, changes, &line, notes);
    if (!actor.group.empty() && actor.group == lost_group_) return notes;
    if (join(state, line, changes, actor, now_ms, notes) || !has_own) return notes;
    for (std::uint64_t undone = line.top + 1; undone <= line.last; ++undone) drop(line, undone, notes);
    line.last = line.top;
    HistoryStep step;
    step.number = line.top + 1;
    step.type = type;
    step.first_ms = step.last_ms = now_ms;
    step.group = actor.group;
    step.changes.reserve(changes.size());
    for (const Change& change : changes) {
        if (!is_recorded(state, change)) continue;
        const model::Value* value = nullptr;
        step.changes.push_back(model::inverse_place_of(state, change, value));
        step.values.push_back(value);
    }
    add_step(line, std::move(step), notes);
    return notes;
}

Changes History::note_others(const State& state, const Changes& changes) {
    Changes notes;
    learn(state);
    if (!lines_.empty()) withdraw(state, changes, nullptr, notes);
    return notes;
}

/// Whether the edit needs no step of its own.
bool History::join(const State& state, Timeline& line, const Changes& changes, const Actor& actor, std::uint64_t now_ms, Changes& notes) {
    Known* newest = line.at(line.top);
    if (newest == nullptr || newest->marked || line.last != line.top) return false;
    if (open_ == nullptr || open_->key != line.key || open_->number != line.top) load_open(state, line);
    if (open_->group != actor.group) return false;
    if (actor.group.empty()) {
        const bool soon = open_->last_ms <= now_ms && now_ms - open_->last_ms <= kGroupPauseMs && now_ms - open_->first_ms <= kGroupSpanMs;
        if (!soon) return false;
        for (const Change& change : changes)
            if (is_recorded(state, change) && (change.path.empty() || !open_->covers(change, true))) return false;
        open_->last_ms = now_ms;
        notes.push_back({SliceId::history, false, line.item_id(line.top), {"l"}, number(now_ms), 0});
        return true;
    }
    for (const Change& change : changes) {
        if (!is_recorded(state, change) || open_->covers(change, false)) continue;
        Change inverse = model::inverse_of(state, change);
        std::string json;
        append_history_change(json, inverse);
        // It may now be too long to be kept at all, and what came before cannot be undone without it.
        if (newest->bytes + json.size() > kHistoryBytes) {
            lost_group_ = actor.group;
            drop_all(line, notes);
            return true;
        }
        make_room(json.size(), line, notes);
        newest->bytes += json.size();
        bytes_ += json.size();
        newest->add_item(TouchedItems::item_number(inverse.slice, inverse.id));
        notes.push_back({SliceId::history, false, line.item_id(line.top), {"c", static_cast<std::uint32_t>(open_->size())}, std::move(json), 0});
        inverse.json.clear();
        open_->add(std::move(inverse));
        ++revision_;
    }
    return true;
}

void History::add_step(Timeline& line, HistoryStep&& step, Changes& notes) {
    std::string json = step.json();
    if (json.size() > kHistoryBytes) {
        lost_group_ = step.group;
        drop_all(line, notes);
        return;
    }
    make_room(json.size(), line, notes);
    Known& known = line.slot(step.number);
    if (known.number != 0) bytes_ -= known.bytes;
    known.set(step, json.size());
    bytes_ += json.size();
    line.top = line.last = step.number;
    ++revision_;
    notes.push_back(Change::put(SliceId::history, line.item_id(step.number), std::move(json)));
    if (open_ == nullptr) open_ = std::make_unique<Open>();
    // Outside of a group only another edit of the same member joins: thousands of items that were put need no memory.
    if (step.group.empty() && !step.changes.empty() && step.changes.front().path.empty()) {
        std::erase_if(step.changes, [](const Change& change) { return change.path.empty(); });
        step.changes.shrink_to_fit();
    }
    open_->set(line.key, std::move(step));
}

// --- bounds ------------------------------------------------------------------------------------------

void History::drop(Timeline& line, std::uint64_t number, Changes& notes) {
    Known* known = line.at(number);
    if (known == nullptr) return;
    bytes_ -= known->bytes;
    *known = {};
    ++revision_;
    notes.push_back(Change::erase(SliceId::history, line.item_id(number)));
}

void History::drop_all(Timeline& line, Changes& notes) {
    for (Known& known : line.slots)
        if (known.number != 0) drop(line, known.number, notes);
    line.last = line.top;
}

void History::make_room(std::size_t bytes, Timeline& keep, Changes& notes) {
    while (bytes_ + bytes > kHistoryBytes) {
        Timeline* oldest = nullptr;
        for (const auto& line : lines_)
            if (line->lowest() != 0 && (oldest == nullptr || (oldest == &keep) || (line.get() != &keep && line->used_ms < oldest->used_ms)))
                oldest = line.get();
        if (oldest == nullptr) return;
        drop(*oldest, oldest->lowest(), notes);
    }
}

Changes History::clear(const State& state, const Actor& actor) {
    Changes notes;
    learn(state);
    if (Timeline* line = find(actor)) drop_all(*line, notes);
    return notes;
}

// --- edits of others -----------------------------------------------------------------------------------

void History::withdraw(const State& state, const Changes& changes, const Timeline* except, Changes& notes) {
    const TouchedItems touched(changes);
    for (const auto& line : lines_) {
        if (line.get() == except) continue;
        for (Known& known : line->slots) {
            if (known.number == 0 || known.dead || !known.touches(touched)) continue;
            const std::string id = line->item_id(known.number);
            const model::Item* item = state.find(SliceId::history, id);
            if (item == nullptr) continue;
            HistoryStep step = read_history_step(item->value);
            step.withdrawn.resize(step.changes.size());
            bool marked = false;
            for (std::size_t i = 0; i < step.changes.size(); ++i) {
                if (!step.withdrawn[i].empty()) continue;
                step.withdrawn[i] = touched.withdraws(state, step.changes[i]);
                marked = marked || !step.withdrawn[i].empty();
            }
            if (!marked) continue;
            known.marked = true;
            known.dead = is_dead(step);
            ++revision_;
            notes.push_back({SliceId::history, false, id, {"x"}, withdrawn_json(step.withdrawn), 0});
        }
    }
}

// --- undo and redo -----------------------------------------------------------------------------------

HistoryMove History::move(const State& state, const Actor& actor, bool redo, bool keep) {
    HistoryMove done;
    learn(state);
    std::string withdrawn;
    std::string type = "null";
    if (Timeline* line = find(actor)) {
        // Steps of which nothing is left are passed over, and told.
        for (;;) {
            Known* known = line->at(redo ? line->next_undone() : line->newest());
            if (known == nullptr) break;
            if (!move_step(state, *line, *known, redo, keep, done, withdrawn)) continue;
            type = base::quoted(done.type);
            break;
        }
    }
    std::string items;
    for (const Change& change : done.changes) {
        if (change.id.empty()) continue;
        const std::string item = base::concat({"[", slice_name(state, change.slice), ",", base::quoted(change.id), "]"});
        if (!items.ends_with(item)) base::append(items, {items.empty() ? "" : ",", item});
    }
    done.answer = base::concat({R"({"type":)", type, R"(,"items":[)", items, R"(],"withdrawn":[)", withdrawn, "]}"});
    return done;
}

HistoryMove History::drop_group(const State& state, const Actor& actor) {
    learn(state);
    const Timeline* line = find(actor);
    if (line == nullptr || line->last != line->top || actor.group.empty()) return {};
    const model::Item* item = state.find(SliceId::history, line->item_id(line->top));
    if (item == nullptr || read_history_step(item->value).group != actor.group) return {};
    return move(state, actor, false, false);
}

/// false when nothing is left of the step; it is gone then.
bool History::move_step(const State& state, Timeline& line, Known& known, bool redo, bool keep, HistoryMove& done, std::string& withdrawn) {
    const std::uint64_t at = known.number;
    const std::string id = line.item_id(at);
    const model::Item* item = state.find(SliceId::history, id);
    HistoryStep step = item != nullptr ? read_history_step(item->value) : HistoryStep{};
    Changes live;
    bool alive = false;
    for (std::size_t i = step.changes.size(); i > 0; --i) {
        Change& change = step.changes[i - 1];
        const std::string_view why = step.is_withdrawn(i - 1) ? std::string_view(step.withdrawn[i - 1]) : reachable(state, change, live) ? "" : "gone";
        if (why.empty()) {
            alive = alive || !is_incidental(change);
            live.push_back(std::move(change));
        } else if (!is_incidental(change)) {
            base::append(withdrawn, {withdrawn.empty() ? "" : ",", withdrawn_entry(state, change, why)});
        }
    }
    drop(line, at, done.notes);
    line.top = redo ? at : at - 1;
    line.last = std::max(line.last, at);
    if (!alive) {
        if (redo) --line.top;
        return false;
    }
    done.type = step.type;
    if (keep) {
        HistoryStep opposite;
        opposite.number = at;
        opposite.type = step.type;
        opposite.first_ms = step.first_ms;
        opposite.undone = !redo;
        for (const Change& change : live) opposite.changes.push_back(model::inverse_of(state, change));
        std::string json = opposite.json();
        known.set(opposite, json.size());
        bytes_ += json.size();
        done.notes.pop_back();  // put over what drop() takes out
        done.notes.push_back(Change::put(SliceId::history, id, std::move(json)));
    }
    open_.reset();
    done.changes = std::move(live);
    return true;
}

}  // namespace codeforge::store
