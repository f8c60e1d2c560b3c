#include "sim/tabs_world.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

#include "base/json.hpp"
#include "unit/support/frames.hpp"
#include "unit/support/own_client.hpp"

namespace codeforge::sim {

using model::SliceId;
using testing::frame_json;

TabsWorld::TabsWorld(const TabsOptions& options) : options_(options), random_("tabs" + std::to_string(options.seed)) {
    const std::size_t count = options.tabs != 0 ? static_cast<std::size_t>(options.tabs) : 2 + random_.next() % 7;
    tabs_.resize(count);
    if (options.disk_trouble && random_.next() % 3 == 0) disk_.failure_rate = 0.1;
}

void TabsWorld::say(const std::string& text) {
    trace("VIOLATION " + text);
    if (outcome_.violations.size() < 20) outcome_.violations.push_back(text);
}

void TabsWorld::trace(const std::string& text) const {
    if (options_.verbose) std::printf("%6llu %s\n", static_cast<unsigned long long>(now_ms_ % 1'000'000), text.c_str());
}

// --- the life of a tab --------------------------------------------------------------------------------

void TabsWorld::start_client(std::size_t index, const std::string& before) {
    Tab& tab = tabs_[index];
    tab.origin = "o" + std::to_string(next_origin_++);
    const bool writes = holder_ == index;
    tab.was_follower = !writes;
    tab.mirror = model::State();
    tab.flushes.clear();
    tab.replayed = false;
    base::Random seeds(std::to_string(options_.seed) + tab.origin);
    tab.client = testing::make_client(R"({"name":"t","storage":"indexeddb","seed":")" + seeds.hex(32) + R"(","origin":")" + tab.origin + R"(","before":")" +
                                      before + R"(","session":"tab)" + std::to_string(index) + R"(","user":"u","role":")" + (writes ? "writer" : "follower") + R"("})");
    trace("tab " + std::to_string(index) + " starts as " + tab.origin + (writes ? " writer" : " follower"));
    tab.client->open(now_ms_);
    settle(index);
}

void TabsWorld::open_tab(std::size_t index, bool again) {
    Tab& tab = tabs_[index];
    if (!again) tab.entries.clear();
    tab.open = true;
    tab.frozen = false;
    tab.kept_lock = false;
    const std::string before = tab.origin;
    if ((!holder_ && queue_.empty()) || options_.two_writers) holder_ = index;
    else queue_.push_back(index);
    start_client(index, again ? before : "");
}

/// What a page does with a fresh instance: dispatch again what the store does not have.
void TabsWorld::replay(std::size_t index, std::uint64_t after) {
    Tab& tab = tabs_[index];
    std::deque<Entry> missing, there;
    for (Entry& entry : tab.entries) (entry.seq > after ? missing : there).push_back(std::move(entry));
    for (Entry& entry : there) entry.seq = tab.client->seq();
    tab.entries = std::move(there);
    trace("tab " + std::to_string(index) + " replays " + std::to_string(missing.size()) + " after " + std::to_string(after));
    for (const Entry& entry : missing) dispatch(index, entry.frame, entry.mark);
}

void TabsWorld::give_up_lock(std::size_t index) {
    std::erase(queue_, index);
    if (holder_ != index) return;
    holder_.reset();
    grant_ms_ = now_ms_ + random_.next() % 20;
}

void TabsWorld::is_durable(const Entry& entry) {
    if (const auto mark = marks_.find(entry.mark); mark != marks_.end()) mark->second = true;
}

/// What was not said to be durable may go with its page.
void TabsWorld::lose(const Entry& entry) {
    const auto mark = marks_.find(entry.mark);
    if (mark == marks_.end() || mark->second) return;
    marks_.erase(mark);
    ++outcome_.lost;
}

void TabsWorld::crash(std::size_t index) {
    trace("tab " + std::to_string(index) + " crashes");
    Tab& tab = tabs_[index];
    if (disk_user_ == index) {
        disk_.kill(random_, DiskFault::none);
        disk_user_.reset();
    }
    for (const Entry& entry : tab.entries) lose(entry);
    const std::string origin = tab.origin;
    tab = Tab{};
    give_up_lock(index);
    for (Tab& other : tabs_)
        if (other.client) other.client->tab_gone(origin, now_ms_);
    for (std::size_t i = 0; i < tabs_.size(); ++i) settle(i);
}

/// The instance stops, the page goes on with another one.
void TabsWorld::trap(std::size_t index) {
    Tab& tab = tabs_[index];
    const bool writes = !tab.client->is_follower();
    trace("tab " + std::to_string(index) + " traps");
    if (disk_user_ == index) finish_writes();
    const std::string before = tab.origin;
    tab.kept_lock = writes;
    tab.client.reset();
    tab.inbox.clear();
    if (!writes) {
        std::erase(queue_, index);
        if (holder_ != index) queue_.push_back(index);
    }
    start_client(index, before);
}

/// Every write that is under way happens or fails, and nobody hears of it.
void TabsWorld::finish_writes() {
    while (disk_.next_ms()) disk_.complete();
    disk_user_.reset();
}

void TabsWorld::freeze(std::size_t index) {
    Tab& tab = tabs_[index];
    trace("tab " + std::to_string(index) + " freezes");
    if (!tab.client->is_follower()) {
        tab.client->close(now_ms_);
        settle(index);
        if (disk_user_ == index) finish_writes();
    }
    tab.frozen = true;
    tab.inbox.clear();  // it hears nothing any more
    if (!tab.client->is_follower()) tab.client.reset();
    give_up_lock(index);
}

void TabsWorld::thaw(std::size_t index) {
    Tab& tab = tabs_[index];
    trace("tab " + std::to_string(index) + " thaws");
    tab.frozen = false;
    if (!tab.client) return open_tab(index, true);
    queue_.push_back(index);
    tab.client->join_again(now_ms_);
    settle(index);
}

void TabsWorld::shut(std::size_t index) {
    Tab& tab = tabs_[index];
    trace("tab " + std::to_string(index) + " closes");
    tab.client->close(now_ms_);
    settle(index);
    for (int i = 0; i < 4000 && tab.client->phase() != client::Phase::closed && tab.client->phase() != client::Phase::failed; ++i)
        if (!step(now_ms_ + 20'000)) break;
    if (tab.client->phase() != client::Phase::closed) return say("tab " + std::to_string(index) + " does not close: phase " + std::to_string(static_cast<int>(tab.client->phase())) + " seq " + std::to_string(tab.client->seq()) + " durable " + std::to_string(tab.client->durable_seq()) + " " + tab.client->status_json());
    if (!tab.client) return;
    // A failed write can end a close with an error; the page's own copy has the rest then.
    const bool saved = tab.client->durable_seq() == tab.client->seq();
    for (const Entry& entry : tab.entries) {
        if (saved) is_durable(entry);
        else lose(entry);
    }
    tab.entries.clear();
    crash(index);
}

// --- surroundings -------------------------------------------------------------------------------------

void TabsWorld::deliver(const client::PostToTabs& post, std::size_t from) {
    for (std::size_t i = 0; i < tabs_.size(); ++i) {
        Tab& tab = tabs_[i];
        if (i == from || !tab.open || tab.frozen) continue;
        if (!post.to.empty() && post.to != "writer" && post.to != tab.origin) continue;
        if (options_.loses_messages && random_.next() % 10 == 0) continue;
        std::deque<Message>& queue = tab.inbox[from];
        const std::uint64_t soonest = queue.empty() ? now_ms_ : std::max(now_ms_, queue.back().at_ms);
        queue.push_back({soonest + (random_.next() % 8 == 0 ? random_.next() % 60 : random_.next() % 4), post.bytes});
    }
}

void TabsWorld::settle(std::size_t index) {
    Tab& tab = tabs_[index];
    if (!tab.client) return;
    while (auto effect = tab.client->poll()) {
        if (auto* write = std::get_if<persist::Write>(&*effect)) {
            if (tab.client->is_follower()) say("a follower writes");
            if (disk_user_ && disk_user_ != index && !options_.two_writers) say("two tabs write");
            if (holder_ != index) say("tab " + std::to_string(index) + " writes without the lock");
            disk_user_ = index;
            std::string what;
            for (const persist::File& file : write->puts) what += " " + file.name;
            for (const std::string& name : write->deletes) what += " -" + name;
            trace("tab " + std::to_string(index) + " writes" + what);
            disk_.submit(std::move(*write), now_ms_, random_);
        } else if (std::holds_alternative<client::LoadFiles>(*effect)) {
            tab.client->loaded(disk_.files(), now_ms_);
        } else if (const auto* post = std::get_if<client::PostToTabs>(&*effect)) {
            deliver(*post, index);
        }
    }
    if (tab.was_follower && !tab.client->is_follower() && tab.client->phase() != client::Phase::opening) {
        ++outcome_.take_overs;
        trace("tab " + std::to_string(index) + " took over at " + std::to_string(tab.client->seq()));
        if (tab.replayed)
            for (Entry& entry : tab.entries) entry.seq = tab.client->seq();
        take_feed(index);
        tab.was_follower = false;
    }
    take_feed(index);
    while (tab.replayed && !tab.entries.empty() && tab.entries.front().seq <= tab.client->durable_seq()) {
        is_durable(tab.entries.front());
        tab.entries.pop_front();
    }
}

void TabsWorld::reload(std::size_t index, SliceId slice) {
    Tab& tab = tabs_[index];
    std::vector<std::string> old;
    for (const auto& [id, item] : tab.mirror.ordered(slice)) old.emplace_back(id);
    for (const std::string& id : old) tab.mirror.apply(model::Change::erase(slice, id));
    for (const auto& [id, item] : tab.client->state().ordered(slice)) tab.mirror.apply(model::Change::put(slice, id, item->value.text()));
    for (const model::StateFieldDef& field : model::slice(slice).fields)
        tab.mirror.apply(model::Change::field(slice, field.name, tab.client->state().field(slice, field.name)->text()));
}

void TabsWorld::take_feed(std::size_t index) {
    Tab& tab = tabs_[index];
    if (!tab.client->has_news()) return;
    const base::Json feed = base::Json::parse(tab.client->take_changes(), nullptr, false);
    if (feed.is_discarded()) return say("the feed is not JSON");
    std::set<SliceId> again;
    for (const base::Json& entry : feed["changes"])
        if (entry.size() == 1) again.insert(model::find_slice(entry[0].get<std::string>())->id);
    for (const base::Json& entry : feed["changes"]) {
        if (entry.size() == 1) continue;
        model::Change change{model::find_slice(entry[0].get<std::string>())->id, entry.size() == 3, entry[1].get<std::string>(), {}, {}};
        if (again.contains(change.slice)) continue;
        for (const base::Json& step : entry[2])
            if (step.is_number()) change.path.emplace_back(step.get<std::uint32_t>());
            else change.path.emplace_back(step.get<std::string>());
        if (entry.size() == 4) change.json = entry[3].dump();
        if (change.id.empty() && change.path.empty()) {
            std::uint64_t order = 0;
            for (const base::Json& id : entry[3])
                if (const model::Item* item = tab.mirror.find(change.slice, id.get<std::string>()))
                    tab.mirror.restore(change.slice, id.get<std::string>(), std::string(item->value.text()), ++order);
            continue;
        }
        tab.mirror.apply(change);
    }
    for (const SliceId slice : again) reload(index, slice);
    if (feed.contains("refused")) outcome_.refusals += static_cast<int>(feed["refused"].size());
    bool opened = false;
    for (const base::Json& entry : feed["done"]) {
        const auto ticket = entry[0].get<std::uint64_t>();
        opened = opened || ticket == 1;
        const auto flush = tab.flushes.find(ticket);
        if (flush == tab.flushes.end()) continue;
        if (entry[1].contains("ok"))
            for (const Entry& kept : tab.entries)
                if (kept.seq <= flush->second) is_durable(kept);
        tab.flushes.erase(flush);
    }
    if (!opened || tab.client->phase() != client::Phase::ready) return;
    for (std::size_t slice = 0; slice < model::kPublicSliceCount; ++slice) reload(index, static_cast<SliceId>(slice));
    tab.replayed = true;
    replay(index, tab.kept_lock ? tab.client->seq() : tab.client->before_number());
}

// --- time ---------------------------------------------------------------------------------------------

bool TabsWorld::step(std::uint64_t until_ms) {
    std::uint64_t at = until_ms + 1;
    int what = 0;
    std::size_t who = 0;
    std::size_t sender = 0;
    const auto consider = [&](std::uint64_t time, int kind, std::size_t tab, std::size_t from) {
        if (time < at) at = time, what = kind, who = tab, sender = from;
    };
    if (const auto disk_at = disk_.next_ms()) consider(*disk_at, 1, 0, 0);
    if (!holder_ && !queue_.empty()) consider(std::max(now_ms_, grant_ms_), 2, 0, 0);
    for (std::size_t i = 0; i < tabs_.size(); ++i) {
        if (!tabs_[i].client || tabs_[i].frozen) continue;
        if (const auto due = tabs_[i].client->next_deadline_ms()) consider(std::max(*due, now_ms_), 3, i, 0);
        for (const auto& [from, queue] : tabs_[i].inbox)
            if (!queue.empty()) consider(std::max(now_ms_, queue.front().at_ms), 4, i, from);
    }
    if (what == 0) {
        now_ms_ = until_ms;
        return false;
    }
    now_ms_ = at;
    if (what == 1) {
        const Disk::Done done = disk_.complete();
        if (disk_user_ && tabs_[*disk_user_].client) {
            const std::size_t user = *disk_user_;
            tabs_[user].client->written(done.id, done.failure, now_ms_);
            if (!disk_.next_ms()) disk_user_.reset();
            settle(user);
        }
        if (!disk_.next_ms()) disk_user_.reset();
    } else if (what == 2) {
        holder_ = queue_.front();
        queue_.pop_front();
        trace("tab " + std::to_string(*holder_) + " has the lock");
        tabs_[*holder_].client->become_writer(now_ms_);
        settle(*holder_);
    } else if (what == 3) {
        tabs_[who].client->tick(now_ms_);
        settle(who);
    } else {
        std::deque<Message>& queue = tabs_[who].inbox[sender];
        const std::string bytes = std::move(queue.front().bytes);
        queue.pop_front();
        tabs_[who].client->receive(bytes, now_ms_);
        settle(who);
    }
    return true;
}

void TabsWorld::pass(std::uint64_t ms) {
    const std::uint64_t until = now_ms_ + ms;
    int steps = 0;
    while (step(until))
        if (++steps > 200'000) return say("time does not pass: something goes round in circles");
}

std::optional<std::size_t> TabsWorld::any_running() {
    std::vector<std::size_t> running;
    for (std::size_t i = 0; i < tabs_.size(); ++i)
        if (tabs_[i].client && !tabs_[i].frozen && tabs_[i].client->phase() == client::Phase::ready) running.push_back(i);
    if (running.empty()) return std::nullopt;
    return running[random_.next() % running.size()];
}

void TabsWorld::act() {
    const auto running = any_running();
    const auto dice = random_.next() % 100;
    const std::size_t any = random_.next() % tabs_.size();
    if (!running || dice < 8) {
        if (!tabs_[any].open) open_tab(any, false);
        else if (tabs_[any].frozen) thaw(any);
    } else if (dice < 60) {
        for (auto count = 1 + random_.next() % 4; count > 0; --count) edit(*running);
    } else if (dice < 68) {
        Tab& tab = tabs_[*running];
        tab.flushes[tab.client->flush(random_.next() % 4 == 0, now_ms_)] = tab.client->seq();
        settle(*running);
    } else if (dice < 74 && options_.crashes) {
        crash(*running);
    } else if (dice < 76 && options_.crashes) {
        trap(*running);
    } else if (dice < 80 && options_.freezes) {
        freeze(*running);
    } else if (dice < 83) {
        shut(*running);
    }
    const auto pause = random_.next() % 10;
    pass(pause < 5 ? random_.next() % 5 : pause < 9 ? random_.next() % 80 : random_.next() % 3000);
}

}  // namespace codeforge::sim
