// The follower's life with the writer: asking, loading, following, and giving everything over.
#include "client/follower.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "client/tab_records.hpp"
#include "persist/record.hpp"

namespace codeforge::client {

using model::Changes;
using model::Commit;

namespace {

/// Calls `use` for every commit in `records`; false when some bytes are none.
template <class Use>
bool each_commit(std::string_view records, Use use) {
    persist::RecordReader reader(records);
    while (reader.next()) {
        auto commit = persist::read_commit(reader.payload());
        if (!commit) return false;
        use(*commit);
    }
    return reader.intact();
}

}  // namespace

void Follower::open(std::uint64_t now_ms) {
    opened_ms_ = now_ms;
    waiting_since_ms_ = 0;
    ask(now_ms);
}

void Follower::ask_later(std::uint64_t now_ms) {
    if (stage_ != Stage::asking) ++revision_;
    stage_ = Stage::asking;
    early_.clear();
    early_bytes_ = 0;
    hello_ms_ = now_ms;
    waits(now_ms);
}

void Follower::ask(std::uint64_t now_ms) {
    ask_later(now_ms);
    TabMessage hello;
    hello.kind = TabMessageKind::hello;
    host_.post(std::move(hello), true);
}

void Follower::bye() {
    TabMessage message;
    message.kind = TabMessageKind::bye;
    host_.post(std::move(message), true);
}

void Follower::tick(std::uint64_t now_ms) {
    if (stage_ == Stage::asking && now_ms >= hello_ms_ + kHelloAgainMs) ask(now_ms);
    if (!ready_ && !loads_alone_ && stage_ == Stage::asking && now_ms >= opened_ms_ + kWelcomeMs) {
        loads_alone_ = true;
        host_.load_files();
    }
    if (waiting_since_ms_ != 0 && now_ms >= waiting_since_ms_ + kUnresponsiveMs && !told_unresponsive_) {
        told_unresponsive_ = true;
        ++revision_;
    }
}

std::optional<std::uint64_t> Follower::next_deadline_ms() const {
    std::optional<std::uint64_t> at;
    const auto sooner = [&at](std::uint64_t time) { at = at ? std::min(*at, time) : time; };
    if (stage_ == Stage::asking) sooner(hello_ms_ + kHelloAgainMs);
    if (!ready_ && !loads_alone_ && stage_ == Stage::asking) sooner(opened_ms_ + kWelcomeMs);
    if (waiting_since_ms_ != 0 && !told_unresponsive_) sooner(waiting_since_ms_ + kUnresponsiveMs);
    return at;
}

void Follower::heard(std::uint64_t now_ms) {
    const bool still_waits = stage_ != Stage::joined || first_unplaced() != nullptr;
    waiting_since_ms_ = still_waits ? now_ms : 0;
    if (told_unresponsive_) ++revision_;
    told_unresponsive_ = false;
}

void Follower::receive(TabMessage&& message, std::uint64_t now_ms) {
    using enum TabMessageKind;
    const TabMessageKind kind = message.kind;
    if (kind == hello || kind == frame || kind == command || kind == bye) return;  // the writer's to read
    if (message.term < term_) return;  // of a writer that is gone
    const bool is_mine = message.origin == origin_;
    const bool is_new = message.term > term_ || message.from != writer_;
    term_ = message.term;
    if (is_new && !(kind == welcome && is_mine)) {
        if (stage_ != Stage::asking || kind == announce || message.from != writer_) {
            writer_ = message.from;
            ask(now_ms);
        }
        return;
    }
    writer_ = message.from;
    if (kind == announce && (message.origin.empty() || is_mine)) return ask(now_ms);
    heard(now_ms);
    if (kind == welcome && is_mine && stage_ != Stage::joined) welcome_by(std::move(message));
    else if (kind == answer && is_mine) answered(message);
    else if (kind == standing) take_standing(std::move(message));
    else if (kind == commit || kind == moment) followed(std::move(message), now_ms);
}

void Follower::welcome_by(TabMessage&& message) {
    stage_ = Stage::loading;
    start_seq_ = message.number;
    early_.clear();
    early_bytes_ = 0;
    welcome_ = std::move(message);
    host_.load_files();
}

void Follower::take_standing(TabMessage&& message) {
    if (stage_ == Stage::loading) {
        // What became durable meanwhile is told once only.
        welcome_.durable_seq = std::max(welcome_.durable_seq, message.durable_seq);
        welcome_.text = std::move(message.text);
        return;
    }
    if (stage_ != Stage::joined) return;
    durable_seq_ = std::max(durable_seq_, message.durable_seq);
    standing_ = std::move(message.text);
    ++revision_;
    forget_durable();
}

void Follower::answered(const TabMessage& message) {
    const auto it = std::find_if(commands_.begin(), commands_.end(), [&](const Command& command) { return command.ticket == message.number; });
    if (it == commands_.end()) return;
    host_.done(it->ticket, message.text);
    commands_.erase(it);
}

void Follower::followed(TabMessage&& message, std::uint64_t now_ms) {
    if (stage_ == Stage::loading) {
        early_bytes_ += message.records.size();
        if (early_bytes_ > kMaxSeenBytes) return ask(now_ms);  // too slow for this writer: once more from the files
        early_.push_back(std::move(message));
        return;
    }
    if (stage_ != Stage::joined) return;
    if (!follow_records(message)) ask(now_ms);
}

/// false when something is missing before it.
bool Follower::follow_records(const TabMessage& message) {
    bool complete = true;
    const bool whole = each_commit(message.records, [&](const Commit& one) {
        if (one.seq == 0) return apply_followed(one.changes);
        if (one.seq <= confirmed_seq_ || !complete) return;
        if (one.seq > confirmed_seq_ + 1) complete = false;
        else follow(one, message);
    });
    // Also when the commit was in the files already: whoever asked has to hear why it was refused.
    if (message.kind == TabMessageKind::commit && message.origin == origin_ && !message.text.empty()) host_.refused(message.number, message.text);
    return whole && complete;
}

void Follower::follow(const Commit& one, const TabMessage& message) {
    confirmed_seq_ = one.seq;
    SeenCommit seen{one.seq, {}};
    persist::append_commit(seen.record, one);
    seen_bytes_ += seen.record.size();
    seen_.push_back(std::move(seen));
    while (seen_bytes_ > kMaxSeenBytes) {
        seen_bytes_ -= seen_.front().record.size();
        seen_.pop_front();
    }
    if (reads_in_) return apply_followed(one.changes);
    const bool own = message.origin == origin_;
    KeptFrame* first = first_unplaced();
    if (own && first != nullptr && first->number == message.number) {
        if (message.text.empty() && did_the_same(*first, one.changes)) {
            place(*first, one.seq);
            apply_followed(late_of(one.changes));
        } else {
            rebase(one, first);
        }
        forget_durable();
    } else if (first != nullptr && touches_unplaced(one.changes)) {
        rebase(one, nullptr);
    } else {
        apply_followed(one.changes);
    }
}

void Follower::forget_durable() {
    while (!kept_.empty() && kept_.front().seq != 0 && kept_.front().seq <= durable_seq_) {
        kept_bytes_ -= kept_.front().frame.size();
        kept_.pop_front();
        ++revision_;
    }
    while (!seen_.empty() && seen_.front().seq <= durable_seq_) {
        seen_bytes_ -= seen_.front().record.size();
        seen_.pop_front();
    }
}

void Follower::loaded(persist::Recovery&& recovery, std::uint64_t now_ms) {
    bool joins = stage_ == Stage::loading;
    if (joins && !is_of_this_writer(recovery)) {
        ask_later(now_ms);  // somebody took over meanwhile
        joins = false;
    }
    if (!joins && ready_) return;  // the writer of that welcome is gone; the next one is asked already
    store_.restore(std::move(recovery.state));
    confirmed_seq_ = recovery.seq;
    durable_seq_ = recovery.seq;
    seen_.clear();
    seen_bytes_ = 0;
    ready_ = true;
    ++revision_;
    // What was shown of own edits went with the old state: they are reduced again when it is complete.
    for (KeptFrame& frame : kept_) {
        frame.seq = 0;
        frame.done.clear();
        frame.before.clear();
    }
    unplaced_keys_.clear();
    bool complete = true;
    if (joins) {
        standing_ = std::move(welcome_.text);
        welcome_.text.clear();
        reads_in_ = true;
        complete = follow_records(welcome_);
        while (complete && !early_.empty()) {
            complete = follow_records(early_.front());
            early_.pop_front();
        }
        reads_in_ = false;
        complete = complete && confirmed_seq_ >= welcome_.seq;  // a write behind a failed one is in neither place
    }
    early_.clear();
    place_known();
    for (KeptFrame& frame : kept_)
        if (frame.seq == 0) reduce_again(frame, nullptr);
    host_.show_all_again();
    if (!joins) return;
    if (!complete) return ask_later(now_ms);
    stage_ = Stage::joined;
    joined_seq_ = confirmed_seq_;
    durable_seq_ = std::max(durable_seq_, welcome_.durable_seq);
    welcome_ = {};
    heard(now_ms);
    forget_durable();
    for (const KeptFrame& frame : kept_)
        if (frame.seq == 0) send(frame);
    for (const Command& command : commands_) send(command);
}

/// Whether the files end in this writer's commits, or before them: numbers mean the same then.
bool Follower::is_of_this_writer(const persist::Recovery& recovery) const {
    return recovery.seq <= start_seq_ || writer_of(recovery.state) == writer_;
}

void Follower::load_failed(std::uint64_t now_ms) {
    if (ready_) ask_later(now_ms);
}

void Follower::place_known() {
    const std::uint64_t known = last_frame(store_.state(), origin_);
    for (KeptFrame& frame : kept_)
        if (frame.number <= known) place(frame, confirmed_seq_);
}

std::vector<Commit> Follower::take_over(persist::Recovery& recovery) {
    std::vector<Commit> behind;
    const bool follows = stage_ == Stage::joined && is_of_this_writer(recovery) && recovery.seq <= confirmed_seq_ &&
                         (recovery.seq == confirmed_seq_ || (!seen_.empty() && seen_.front().seq <= recovery.seq + 1));
    if (follows) {
        for (const SeenCommit& seen : seen_)
            each_commit(seen.record, [&](Commit& one) {
                if (one.seq > recovery.seq) behind.push_back(std::move(one));
            });
        for (const KeptFrame& frame : kept_)
            for (const model::Change& change : frame.done) host_.show_again(change.slice);
        take_back_all(nullptr);
    } else {
        store_.restore(std::move(recovery.state));
        confirmed_seq_ = recovery.seq;
        for (KeptFrame& frame : kept_) frame.seq = 0;
        place_known();
        host_.show_all_again();
    }
    return behind;
}

std::vector<KeptFrame> Follower::take_unplaced() {
    std::vector<KeptFrame> frames;
    for (KeptFrame& frame : kept_)
        if (frame.seq == 0) frames.push_back(std::move(frame));
    kept_.clear();
    return frames;
}

}  // namespace codeforge::client
