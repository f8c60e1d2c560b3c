// Some tabs of one browser on one simulated disk: a lock that is never stolen, messages that keep the order
// of their sender and nothing else, and somebody who edits, closes, crashes, freezes and traps them at
// random. Every edit leaves a mark that no other edit takes away, so that none can be lost unseen.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "client/client.hpp"
#include "sim/disk.hpp"

namespace codeforge::sim {

struct TabsOptions {
    std::uint64_t seed = 1;
    int tabs = 0;      // 0: two to eight, by the seed
    int actions = 80;
    bool crashes = true;
    bool freezes = true;
    bool disk_trouble = true;
    bool verbose = false;
    // Planted faults: a world with one of them must fail its checks.
    bool loses_messages = false;
    bool two_writers = false;
};

struct TabsOutcome {
    std::vector<std::string> violations;
    int edits = 0;
    int lost = 0;        // with their tab, before they were durable
    int take_overs = 0;
    int refusals = 0;
};

class TabsWorld {
public:
    explicit TabsWorld(const TabsOptions& options);
    TabsOutcome run();

private:
    struct Entry {  // what the page keeps until it is durable
        std::uint64_t seq = 0;
        std::string frame, mark;  // mark "": it leaves none, but what comes behind may build on it
    };
    struct Message {
        std::uint64_t at_ms = 0;
        std::string bytes;
    };
    struct Tab {
        std::string origin;
        std::unique_ptr<client::Client> client;  // nullptr: frozen or gone
        bool open = false;
        bool frozen = false;
        bool was_follower = false;
        std::deque<Entry> entries;
        std::map<std::size_t, std::deque<Message>> inbox;  // by sender
        model::State mirror;
        std::map<std::uint64_t, std::uint64_t> flushes;  // ticket -> seq
        bool kept_lock = false;  // the instance replaces a writer that only stopped
        bool replayed = false;  // the instance has what the page kept
    };

    void act();
    void open_tab(std::size_t index, bool again);
    void start_client(std::size_t index, const std::string& before);
    void replay(std::size_t index, std::uint64_t after);
    void edit(std::size_t index);
    void undo_own(std::size_t index);
    void dispatch(std::size_t index, const std::string& frame, const std::string& mark);
    void is_durable(const Entry& entry);
    void lose(const Entry& entry);
    void crash(std::size_t index);
    void trap(std::size_t index);
    void freeze(std::size_t index);
    void thaw(std::size_t index);
    void shut(std::size_t index);
    void give_up_lock(std::size_t index);
    void settle(std::size_t index);
    void take_feed(std::size_t index);
    void reload(std::size_t index, model::SliceId slice);
    void deliver(const client::PostToTabs& post, std::size_t from);
    void finish_writes();
    void pass(std::uint64_t ms);
    bool step(std::uint64_t until_ms);
    void converge();
    void check_end();
    void check_mirror(std::size_t index);
    void say(const std::string& text);
    void trace(const std::string& text) const;
    std::optional<std::size_t> any_running();

    TabsOptions options_;
    base::Random random_;
    Disk disk_;
    std::deque<Tab> tabs_;
    std::optional<std::size_t> holder_;
    std::optional<std::size_t> disk_user_;  // whose writes are open
    std::deque<std::size_t> queue_;
    std::uint64_t grant_ms_ = 0;
    std::uint64_t now_ms_ = 1'700'000'000'000;
    std::uint64_t next_mark_ = 1;
    std::uint64_t next_origin_ = 1;
    std::map<std::string, bool> marks_;  // mark -> it was said to be durable
    TabsOutcome outcome_;
};

TabsOutcome run_tabs_world(const TabsOptions& options);

}  // namespace codeforge::sim
