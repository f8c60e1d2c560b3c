// A simulated disk with the promises of IndexedDB and no more. A transaction happens whole or not at
// all, and transactions happen in order. One that completed survives the end of the process. Only a
// strict one, and what completed before it, survives a power loss; later relaxed ones may survive,
// in order. A write can fail (quota), or happen without an answer.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "persist/log.hpp"

namespace codeforge::sim {

enum class DiskFault { none, forgets_completed, tears_transactions };

class Disk {
public:
    using Files = std::map<std::string, std::string>;
    struct Done {
        std::uint64_t id = 0;
        std::optional<base::Error> failure;
    };

    void submit(persist::Write write, std::uint64_t now_ms, base::Random& random) {
        // Answers keep the order of the writes: IndexedDB runs them one after the other.
        const std::uint64_t after = open_.empty() ? now_ms : std::max(now_ms, open_.back().at_ms);
        Open open{std::move(write), after + 1 + random.next() % 30, Fate::completes};
        if (random.unit() < failure_rate) open.fate = Fate::fails;
        else if (random.unit() < silence_rate) {
            // The caller's watchdog answers "failed", whatever really happened.
            open.fate = random.next() % 2 == 0 ? Fate::happens_in_silence : Fate::fails;
            open.at_ms += 10'000;
        }
        open_.push_back(std::move(open));
    }

    std::optional<std::uint64_t> next_ms() const { return open_.empty() ? std::nullopt : std::optional(open_.front().at_ms); }

    /// The answer of the oldest open write. Requires: there is one.
    Done complete() {
        Open open = std::move(open_.front());
        open_.pop_front();
        if (open.fate != Fate::fails) happen(open.write);
        if (open.fate == Fate::completes) return {open.write.id, std::nullopt};
        ++failures_;
        return {open.write.id, base::Error{base::Code::storage, open.fate == Fate::fails ? "quota: full" : "unknown: no answer"}};
    }

    /// The process ends: of the open writes the first few may still happen.
    void kill(base::Random& random, DiskFault fault) {
        std::size_t happening = open_.empty() ? 0 : random.next() % (open_.size() + 1);
        for (const Open& open : open_) {
            if (happening == 0 || open.fate == Fate::fails) break;
            --happening;
            if (fault == DiskFault::tears_transactions) {
                persist::Write part = open.write;
                if (!part.puts.empty()) part.puts.back().bytes.resize(part.puts.back().bytes.size() / 2);
                happen(part);
            } else {
                happen(open.write);
            }
        }
        open_.clear();
        if (fault == DiskFault::forgets_completed) lose_unstable(0);
    }

    void lose_power(base::Random& random) {
        kill(random, DiskFault::none);
        lose_unstable(unstable_.empty() ? 0 : random.next() % (unstable_.size() + 1));
    }

    std::vector<persist::File> files() const {
        std::vector<persist::File> list;
        for (const auto& [name, bytes] : files_) list.push_back({name, bytes});
        return list;
    }
    std::size_t open_writes() const { return open_.size(); }
    std::size_t file_count() const { return files_.size(); }
    int failures() const { return failures_; }

    double failure_rate = 0;
    double silence_rate = 0;

private:
    enum class Fate { completes, fails, happens_in_silence };
    struct Open {
        persist::Write write;
        std::uint64_t at_ms = 0;
        Fate fate = Fate::completes;
    };

    static void apply(Files& files, const persist::Write& write) {
        for (const persist::File& file : write.puts) files[file.name] = file.bytes;
        for (const std::string& name : write.deletes) files.erase(name);
    }

    void happen(const persist::Write& write) {
        apply(files_, write);
        unstable_.push_back(write);
        if (!write.strict) return;
        stable_ = files_;
        unstable_.clear();
    }

    /// Keeps the first `kept` writes after the last strict one.
    void lose_unstable(std::size_t kept) {
        for (std::size_t i = 0; i < kept; ++i) apply(stable_, unstable_[i]);
        unstable_.clear();
        files_ = stable_;
    }

    Files files_;   // what a new process finds
    Files stable_;  // what a new process finds after a power loss, at least
    std::vector<persist::Write> unstable_;
    std::deque<Open> open_;
    int failures_ = 0;  // writes that were answered with an error
};

}  // namespace codeforge::sim
