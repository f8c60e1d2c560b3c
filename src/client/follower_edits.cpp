// The follower's own edits: shown at once, sent, taken back and done again below what others did.
#include <algorithm>

#include "base/text.hpp"
#include "client/follower.hpp"
#include "store/frame.hpp"

namespace codeforge::client {

using base::Result;
using model::Change;
using model::Changes;

namespace {

std::string key_of(model::SliceId slice, const std::string& id) { return static_cast<char>(slice) + id; }

bool same(const Change& left, const Change& right) {
    return left.slice == right.slice && left.erased == right.erased && left.id == right.id && left.path == right.path && left.json == right.json &&
           left.order == right.order;
}

}  // namespace

Result<Follower::Done> Follower::dispatch(std::string_view frame, const model::Action& action, const Circumstances& when, std::uint64_t now_ms) {
    if (kept_bytes_ + frame.size() > kMaxKeptBytes)
        return base::Error{base::Code::limit, base::concat({"another window holds the store, and this one keeps at most ", base::number(kMaxKeptBytes >> 20),
                                                            " MiB of edits for it; ", base::number(kept_bytes_ >> 20), " MiB wait, and this edit has ",
                                                            base::number(frame.size() >> 20), " MiB"})};
    auto reduction = host_.reduce(action, when);
    if (!reduction) return reduction.error();
    KeptFrame kept{number_ + 1, when, std::string(frame), 0, {}, {}};
    std::size_t index = 0;
    bool is_wanted = false;
    for (Change& change : reduction->changes) {
        const bool early = host_.is_early(change);
        const bool hidden = host_.is_hidden(change);
        is_wanted = is_wanted || early || hidden;
        if (hidden && !early) continue;
        const Change shown = change;
        const bool applied = early ? apply(kept, std::move(change), nullptr) : !store_.commit({std::move(change)}).empty();
        if (applied && index >= reduction->echoed) host_.show(shown);
        index += applied ? 1 : 0;
    }
    if (!is_wanted) return Done{reduction->echo, number_};
    ++number_;
    kept_bytes_ += kept.frame.size();
    note_keys(kept, 1);
    kept_.push_back(std::move(kept));
    waits(now_ms);
    ++revision_;
    if (stage_ == Stage::joined) send(kept_.back());
    return Done{reduction->echo, number_};
}

void Follower::command(std::uint64_t ticket, std::string text, std::uint64_t now_ms) {
    Command command{ticket, std::move(text)};
    if (stage_ == Stage::joined) send(command);
    if (ticket == 0) return;
    commands_.push_back(std::move(command));
    waits(now_ms);
}

void Follower::send(const KeptFrame& frame) {
    TabMessage message;
    message.kind = TabMessageKind::frame;
    message.number = frame.number;
    message.at_ms = frame.when.at_ms;
    message.seq = frame.when.undoable ? 0 : 1;
    message.records = frame.when.group;
    message.text = frame.frame;
    message.session = actor_.session;
    message.user = actor_.user;
    host_.post(std::move(message), true);
}

void Follower::send(const Command& command) {
    TabMessage message;
    message.kind = TabMessageKind::command;
    message.number = command.ticket;
    message.text = command.text;
    host_.post(std::move(message), true);
}

/// false when it led nowhere.
bool Follower::apply(KeptFrame& frame, Change&& change, NetChanges* net) {
    Before place = before(store_.state(), change);
    if (net != nullptr && !host_.is_hidden(change)) {
        net->watch(change.slice, change.id, change.path);
        if (is_structural(place, change)) net->moved(change.slice, false);
    }
    Changes applied = store_.commit({std::move(change)});
    if (applied.empty()) return false;
    Change& done = applied.front();
    if (const model::Item* item = done.path.empty() && !host_.is_hidden(done) ? store_.state().find(done.slice, done.id) : nullptr) done.order = item->order;
    frame.done.push_back(std::move(done));
    frame.before.push_back(std::move(place));
    return true;
}

void Follower::reduce_again(KeptFrame& frame, NetChanges* net) {
    auto action = store::parse_frame(frame.frame);
    if (!action) return;
    auto reduction = host_.reduce(*action, frame.when);
    if (!reduction) return;  // so the writer will refuse it, and say why
    for (Change& change : reduction->changes)
        if (host_.is_early(change)) apply(frame, std::move(change), net);
    note_keys(frame, 1);
}

void Follower::take_back_all(NetChanges* net) {
    for (auto frame = kept_.rbegin(); frame != kept_.rend() && frame->seq == 0; ++frame) {
        note_keys(*frame, -1);
        for (std::size_t i = frame->before.size(); i > 0; --i) {
            const Before& place = frame->before[i - 1];
            const Change& done = frame->done[i - 1];
            if (net != nullptr && !host_.is_hidden(done)) {
                net->watch(place.slice, place.id, done.path);
                if (is_structural(place, done)) net->moved(place.slice, false);
            }
            take_back(store_, place);
            if (host_.is_hidden(done)) host_.noted(place.slice, place.id);
        }
        frame->done.clear();
        frame->before.clear();
    }
}

/// Takes back what has no place, applies the commit, does the rest again. `carried`: the frame that the commit carries out.
void Follower::rebase(const model::Commit& one, KeptFrame* carried) {
    NetChanges net(store_.state());
    take_back_all(&net);
    for (const Change& change : one.changes) {
        if (!host_.is_hidden(change)) {
            net.watch(change.slice, change.id, change.path);
            if (is_structural(before(store_.state(), change), change)) net.moved(change.slice, true);
            if (moves(change)) net.reorder(change.slice);
        }
        commit_followed(change);
    }
    if (carried != nullptr) place(*carried, one.seq);
    for (KeptFrame& frame : kept_)
        if (frame.seq == 0) reduce_again(frame, &net);
    const NetChanges::Outcome outcome = net.outcome();
    for (const Change& change : outcome.changes) host_.show(change);
    for (std::size_t number = 0; number < outcome.reordered.size(); ++number)
        if (outcome.reordered[number]) host_.show_again(static_cast<model::SliceId>(number));
}

void Follower::apply_followed(Changes changes) {
    for (Change& change : changes) {
        Change shown = change;
        if (!moves(change)) shown.order = 0;
        if (store_.commit({std::move(change)}).empty()) continue;
        if (host_.is_hidden(shown)) host_.noted(shown.slice, shown.id);
        host_.show(shown);
    }
}

/// Whether a whole item comes to a place that is neither its own nor the end.
bool Follower::moves(const Change& change) const {
    if (change.order == 0) return false;
    const model::Item* item = store_.state().find(change.slice, change.id);
    return item != nullptr ? item->order != change.order : change.order < store_.state().next_order(change.slice);
}

void Follower::commit_followed(const Change& change) {
    store_.commit({change});
    if (host_.is_hidden(change)) host_.noted(change.slice, change.id);
}

bool Follower::did_the_same(const KeptFrame& frame, const Changes& changes) const {
    std::size_t index = 0;
    for (const Change& change : changes) {
        if (!host_.is_early(change)) continue;
        if (index >= frame.done.size() || !same(frame.done[index], change)) return false;
        ++index;
    }
    return index == frame.done.size();
}

/// What an own edit did not do here yet.
Changes Follower::late_of(const Changes& changes) const {
    Changes late;
    for (const Change& change : changes)
        if (!host_.is_early(change)) late.push_back(change);
    return late;
}

bool Follower::touches_unplaced(const Changes& changes) const {
    return std::any_of(changes.begin(), changes.end(), [this](const Change& change) {
        if (unplaced_keys_.contains(key_of(change.slice, change.id))) return true;
        if (host_.is_hidden(change)) return false;
        // Items that come and go on both sides have an order among each other.
        return change.path.empty() && unplaced_keys_.contains(key_of(change.slice, "\n")) && is_structural(before(store_.state(), change), change);
    });
}

void Follower::note_keys(const KeptFrame& frame, int by) {
    const auto count = [&](std::string key) {
        std::uint64_t& uses = unplaced_keys_[key];
        uses += static_cast<std::uint64_t>(by);
        if (static_cast<std::int64_t>(uses) <= 0) unplaced_keys_.erase(key);
    };
    for (std::size_t i = 0; i < frame.done.size(); ++i) {
        count(key_of(frame.done[i].slice, frame.done[i].id));
        if (is_structural(frame.before[i], frame.done[i])) count(key_of(frame.done[i].slice, "\n"));
    }
}

void Follower::place(KeptFrame& frame, std::uint64_t seq) {
    note_keys(frame, -1);
    frame.seq = seq;
    frame.done = {};
    frame.before = {};
}

KeptFrame* Follower::first_unplaced() {
    const auto it = std::find_if(kept_.begin(), kept_.end(), [](const KeptFrame& frame) { return frame.seq == 0; });
    return it != kept_.end() ? &*it : nullptr;
}

std::size_t Follower::unplaced() const {
    return static_cast<std::size_t>(std::count_if(kept_.begin(), kept_.end(), [](const KeptFrame& frame) { return frame.seq == 0; }));
}

}  // namespace codeforge::client
