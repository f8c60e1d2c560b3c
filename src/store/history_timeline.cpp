#include "store/history_timeline.hpp"

#include "base/json_text.hpp"

namespace codeforge::store {

using base::number;
using model::Change;
using model::Changes;
using model::SliceId;
using model::State;

bool is_dead(const HistoryStep& step) {
    for (std::size_t i = 0; i < step.changes.size(); ++i)
        if (!step.is_withdrawn(i) && !is_incidental(step.changes[i])) return false;
    return true;
}

bool reachable(const State& state, const Change& change, const Changes& before) {
    if (change.erased || change.path.empty()) return true;
    const model::Path parent(change.path.begin(), change.path.end() - 1);
    if (state.at(change.slice, change.id, parent) != nullptr || (change.id.empty() && parent.empty())) return true;
    return std::any_of(before.begin(), before.end(), [&](const Change& earlier) {
        return earlier.slice == change.slice && earlier.id == change.id && !earlier.erased && is_prefix(earlier.path, parent);
    });
}

std::string slice_name(const State& state, SliceId slice) {
    const model::SliceDef* def = state.table().find(slice);
    return base::quoted(def != nullptr ? def->name : "");
}

std::string withdrawn_entry(const State& state, const Change& change, std::string_view why) {
    std::string path;
    for (const model::PathStep& step : change.path)
        base::append(path, {path.empty() ? "" : ",", step.is_index ? number(step.index) : base::quoted(step.name)});
    return base::concat({R"({"slice":)", slice_name(state, change.slice), R"(,"id":)", base::quoted(change.id), R"(,"path":[)", path,
                         R"(],"why":")", why, "\"}"});
}

// --- one step ----------------------------------------------------------------------------------------

void History::Known::set(const HistoryStep& step, std::size_t json_bytes) {
    number = step.number;
    bytes = json_bytes;
    undone = step.undone;
    marked = !step.withdrawn.empty();
    dead = marked && is_dead(step);
    more_items.clear();
    bool first = true;
    for (const Change& change : step.changes) {
        const std::uint32_t touched = TouchedItems::item_number(change.slice, change.id);
        if (first) item = touched;
        else add_item(touched);
        first = false;
    }
}

void History::Known::add_item(std::uint32_t touched) {
    // Only neighbours are compared: a repeated number costs four bytes and nothing else.
    if (touched != item && (more_items.empty() || more_items.back() != touched)) more_items.push_back(touched);
}

std::uint64_t History::Timeline::lowest() const {
    std::uint64_t found = 0;
    for (const Known& known : slots)
        if (known.number != 0 && (found == 0 || known.number < found)) found = known.number;
    return found;
}

std::uint64_t History::Timeline::newest() const {
    std::uint64_t found = 0;
    for (const Known& known : slots)
        if (!known.undone) found = std::max(found, known.number);
    return found;
}

std::uint64_t History::Timeline::next_undone() const {
    std::uint64_t found = 0;
    for (const Known& known : slots)
        if (known.number != 0 && known.undone && (found == 0 || known.number < found)) found = known.number;
    return found;
}

void History::Timeline::count() {
    last = 0;
    for (const Known& known : slots) last = std::max(last, known.number);
    top = newest();
    const std::uint64_t undone = next_undone();
    if (top == 0 && undone != 0) top = undone - 1;
    last = std::max(last, top);
}

void History::Open::set(std::uint64_t timeline, HistoryStep&& step) {
    key = timeline;
    number = step.number;
    first_ms = step.first_ms;
    last_ms = step.last_ms;
    group = std::move(step.group);
    changes_ = std::move(step.changes);
    items_.clear();
    for (const Change& change : changes_) items_.push_back(TouchedItems::item_number(change.slice, change.id));
}

void History::Open::add(Change&& inverse) {
    items_.push_back(TouchedItems::item_number(inverse.slice, inverse.id));
    changes_.push_back(std::move(inverse));
}

bool History::Open::covers(const Change& change, bool typed) const {
    const std::uint32_t item = TouchedItems::item_number(change.slice, change.id);
    for (std::size_t i = 0; i < items_.size(); ++i) {
        if (items_[i] != item) continue;
        const Change& touched = changes_[i];
        if (touched.slice != change.slice || touched.id != change.id || (typed && touched.path.size() != change.path.size())) continue;
        if (is_prefix(touched.path, change.path)) return true;
    }
    return false;
}

// --- what History knows of the slice ---------------------------------------------------------------------

void History::learn(const State& state) {
    if (known_) return;
    known_ = true;
    for (const auto& [id, item] : state.items(SliceId::history))
        if (id.starts_with("@")) seen(state, id);
    for (const auto& [id, item] : state.items(SliceId::history))
        if (!id.starts_with("@") && !id.starts_with("!")) seen(state, id);
}

void History::seen(const State& state, std::string_view id) {
    if (!known_ || id.starts_with("!")) return;  // those are sync/rejected's
    ++revision_;
    open_.reset();
    const model::Item* item = state.find(SliceId::history, id);
    if (id.starts_with("@")) {
        const std::uint64_t key = base::parse_number(id.substr(1));
        std::erase_if(lines_, [&](const auto& line) { return line->key == key; });
        if (item == nullptr) return;
        const model::Value* session = item->value.member("session");
        const model::Value* user = item->value.member("user");
        if (session == nullptr || user == nullptr) return;
        auto line = std::make_unique<Timeline>();
        line->key = key;
        line->session = base::unquoted(session->text());
        line->user = base::unquoted(user->text());
        lines_.push_back(std::move(line));
        return;
    }
    Timeline* line = find(base::parse_number(id));
    if (line == nullptr) return;
    Known& known = line->slot(base::parse_number(id.substr(std::min(id.size(), id.find(':') + 1))));
    bytes_ -= known.bytes;
    known = {};
    if (item != nullptr) {
        const HistoryStep step = read_history_step(item->value);
        known.set(step, item->value.text_bytes());
        bytes_ += known.bytes;
        line->used_ms = std::max(line->used_ms, step.first_ms);
    }
    line->count();
}

History::Timeline* History::find(std::uint64_t key) {
    for (const auto& line : lines_)
        if (line->key == key) return line.get();
    return nullptr;
}

History::Timeline* History::find(const Actor& actor) {
    for (const auto& line : lines_)
        if (line->session == actor.session && line->user == actor.user) return line.get();
    return nullptr;
}

History::Timeline& History::timeline(const Actor& actor, Changes& notes) {
    if (Timeline* known = find(actor)) return *known;
    if (lines_.size() >= kTimelines) {
        const auto idle = std::min_element(lines_.begin(), lines_.end(), [](const auto& a, const auto& b) { return a->used_ms < b->used_ms; });
        drop_all(**idle, notes);
        notes.push_back(Change::erase(SliceId::history, base::concat({"@", number((*idle)->key)})));
        lines_.erase(idle);
    }
    auto line = std::make_unique<Timeline>();
    while (find(line->key) != nullptr) ++line->key;
    line->session = actor.session;
    line->user = actor.user;
    notes.push_back(Change::put(SliceId::history, base::concat({"@", number(line->key)}),
                                base::concat({R"({"session":)", base::quoted(actor.session), R"(,"user":)", base::quoted(actor.user), "}"})));
    lines_.push_back(std::move(line));
    return *lines_.back();
}

/// Requires: the line has a newest step.
void History::load_open(const State& state, const Timeline& line) {
    const model::Item* item = state.find(SliceId::history, line.item_id(line.top));
    open_ = std::make_unique<Open>();
    open_->set(line.key, item != nullptr ? read_history_step(item->value) : HistoryStep{});
    open_->number = line.top;
}

std::string History::view(const State& state, const Actor& actor) {
    learn(state);
    bool can_undo = false;
    bool can_redo = false;
    std::string steps;
    Timeline* line = find(actor);
    for (std::uint64_t at = line != nullptr ? line->lowest() : 0; line != nullptr && at != 0 && at <= line->last; ++at) {
        const Known* known = line->at(at);
        const model::Item* item = known != nullptr ? state.find(SliceId::history, line->item_id(at)) : nullptr;
        if (item == nullptr) continue;
        const HistoryStep step = read_history_step(item->value);
        if (!known->dead) (step.undone ? can_redo : can_undo) = true;
        const Change* about = nullptr;
        std::uint64_t items = 0;
        const Change* before = nullptr;
        for (const Change& change : step.changes) {
            if (is_incidental(change)) continue;
            if (about == nullptr) about = &change;
            if (before == nullptr || before->slice != change.slice || before->id != change.id) ++items;
            before = &change;
        }
        if (about == nullptr) continue;
        base::append(steps, {steps.empty() ? "" : ",", R"({"type":")", step.type, R"(","slice":)", slice_name(state, about->slice),
                             R"(,"id":)", base::quoted(about->id), R"(,"items":)", number(items), R"(,"at":)", number(step.first_ms),
                             step.undone ? R"(,"undone":true)" : "", known->dead ? R"(,"withdrawn":true)" : "", "}"});
    }
    return base::concat({R"({"canUndo":)", can_undo ? "true" : "false", R"(,"canRedo":)", can_redo ? "true" : "false", R"(,"steps":[)", steps, "]}"});
}

}  // namespace codeforge::store
