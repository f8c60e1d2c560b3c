// Every crash point. For every script and every storage call: the call is lost, or it is done, or the last
// record that it wrote is torn at every byte, or any subset of what is not yet on stable storage is there.
// From each of these disks the store recovers to the state after some prefix of the commits, which has
// everything that was promised; and a crash during that recovery changes nothing about it.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <optional>

#include "crash/recorder.hpp"
#include "persist/record.hpp"
#include "persist/recovery.hpp"

namespace codeforge::crash {

namespace {

struct Count {
    std::uint64_t states = 0;
    std::uint64_t torn = 0;
    std::uint64_t subsets = 0;
    std::uint64_t second = 0;
};

/// One file operation below the transactions, for what a medium may have kept of them.
struct FileOperation {
    std::string name;
    std::optional<std::string> bytes;  // nullopt: deleted
};

class Enumeration {
public:
    Enumeration(const Script& script, const Recording& recording, Count& count, bool may_nest)
        : script_(script), recording_(recording), count_(count), may_nest_(may_nest) {}

    void run() {
        Files files = recording_.start;
        Files stable = recording_.start;
        std::vector<FileOperation> unstable;
        for (std::size_t call = 0; call < recording_.writes.size() && !::testing::Test::HasFatalFailure(); ++call) {
            const Recorded& recorded = recording_.writes[call];
            at_ = "write " + std::to_string(call);
            check(files, recorded.durable_before, "lost", false);
            if (may_nest_) nest(files, recorded.durable_before, call);
            tear(files, recorded);
            for (const persist::File& file : recorded.write.puts) unstable.push_back({file.name, file.bytes});
            for (const std::string& name : recorded.write.deletes) unstable.push_back({name, std::nullopt});
            choose(stable, unstable, recorded.strict_before, call);
            carry_out(files, recorded.write);
            check(files, recorded.durable_before, "done", false);
            if (may_nest_) nest(files, recorded.durable_before, call);
            if (recorded.write.strict) {
                stable = files;
                unstable.clear();
            }
        }
        at_ = "the end";
        check(files, recording_.durable, "everything done", false);
    }

private:
    /// The disk's files recover to a prefix that has every commit up to `promised`.
    void check(const Files& files, std::uint64_t promised, std::string_view what, bool damaged) {
        ++count_.states;
        auto recovery = persist::recover(listed(files));
        if (!recovery) return say(what, "recovery refused: " + recovery.error().message);
        if (recovery->seq < promised) return say(what, "promised " + std::to_string(promised) + ", recovered " + std::to_string(recovery->seq));
        const auto print = recording_.prints.find(recovery->seq);
        if (print == recording_.prints.end()) return say(what, "recovered commit " + std::to_string(recovery->seq) + ", which nobody made");
        if (print->second != fingerprint(recovery->state)) return say(what, "the state is not the one after commit " + std::to_string(recovery->seq));
        if (!damaged && (recovery->damaged > 0 || recovery->torn_bytes > 0)) say(what, "damage is reported on a disk that has none");
    }

    /// The last record of the call's last file, cut at every byte.
    void tear(const Files& files, const Recorded& recorded) {
        if (recorded.write.puts.empty()) return;
        persist::Write part = recorded.write;
        const std::string whole = part.puts.back().bytes;
        persist::RecordReader records(whole);
        std::size_t last = 0, end = 0;
        while (records.next()) {
            last = end;
            end = static_cast<std::size_t>(records.payload().data() + records.payload().size() - whole.data());
        }
        for (std::size_t bytes = last; bytes < whole.size(); ++bytes) {
            part.puts.back().bytes.assign(whole, 0, bytes);
            part.deletes.clear();
            Files torn = files;
            carry_out(torn, part);
            check(torn, recorded.strict_before, "torn at byte " + std::to_string(bytes), true);
            ++count_.torn;
        }
    }

    /// Any subset of the file operations since the last strict write, this call's included.
    void choose(const Files& stable, const std::vector<FileOperation>& operations, std::uint64_t promised, std::size_t call) {
        const std::size_t all = operations.size();
        const auto with = [&](const auto& has) {
            Files files = stable;
            for (std::size_t i = 0; i < all; ++i) {
                if (!has(i)) continue;
                if (operations[i].bytes) files[operations[i].name] = *operations[i].bytes;
                else files.erase(operations[i].name);
            }
            check(files, promised, "a subset of what was not stable", true);
            ++count_.subsets;
        };
        constexpr std::size_t kAllOf = 8;
        if (all <= kAllOf) {
            for (std::size_t mask = 0; mask < std::size_t{1} << all; ++mask) with([&](std::size_t i) { return (mask >> i & 1) != 0; });
            return;
        }
        // Too many to try them all at every call: each one alone, all but each one, and random ones.
        const std::size_t from = all - std::min<std::size_t>(all, 16);
        for (std::size_t one = from; one < all; ++one) {
            with([&](std::size_t i) { return i == one; });
            with([&](std::size_t i) { return i != one; });
        }
        base::Random random(script_.name + "/" + std::to_string(call));
        for (int sample = 0; sample < 96; ++sample) {
            const unsigned eighths = 1 + static_cast<unsigned>(random.next() % 7);
            with([&](std::size_t) { return random.next() % 8 < eighths; });
        }
    }

    /// A second life begins on this disk and is interrupted at every one of its storage calls.
    void nest(const Files& files, std::uint64_t promised, std::size_t call) {
        const Script after = aftermath(call % 5);
        const Recording second = record(after, files, 3);
        ASSERT_EQ(second.problem, "") << script_.name << ", after a crash at " << at_;
        ASSERT_TRUE(!second.writes.empty());
        for (const Recorded& recorded : second.writes)
            ASSERT_TRUE(recorded.durable_before >= promised) << script_.name << ": a second life forgot what was promised";
        const std::uint64_t before = count_.states;
        Enumeration(after, second, count_, false).run();
        count_.second += count_.states - before;
    }

    void say(std::string_view what, const std::string& problem) {
        if (++problems_ <= 3) ADD_FAILURE() << script_.name << ", " << at_ << ", " << what << ": " << problem;
    }

    const Script& script_;
    const Recording& recording_;
    Count& count_;
    bool may_nest_;
    std::string at_;
    int problems_ = 0;
};

}  // namespace

TEST(CrashPoints, EveryStorageCallOfEveryScript) {
    const auto began = std::chrono::steady_clock::now();
    Count count;
    std::size_t calls = 0, compactions = 0, number = 0;
    for (const Script& script : scripts()) {
        const Recording recording = record(script, {}, number % 3 == 0 ? 1 : number % 3 == 1 ? 20 : 300);
        ASSERT_EQ(recording.problem, "") << script.name;
        ASSERT_GT(recording.writes.size(), 5u) << script.name;
        calls += recording.writes.size();
        for (const Recorded& recorded : recording.writes)
            for (const persist::File& file : recorded.write.puts) compactions += file.name.starts_with(persist::kHeadPrefix) ? 1 : 0;
        Enumeration(script, recording, count, number % 3 == 0).run();
        if (HasFatalFailure()) return;
        ++number;
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    std::printf("crash points: %zu scripts, %zu storage calls, %zu compactions, %llu disks recovered (%llu torn, %llu subsets, %llu in a second life) in %.1f s\n",
                number, calls, compactions, static_cast<unsigned long long>(count.states), static_cast<unsigned long long>(count.torn),
                static_cast<unsigned long long>(count.subsets), static_cast<unsigned long long>(count.second), seconds);
    EXPECT_EQ(number, 50u);
    EXPECT_GT(compactions, 10u);
    EXPECT_GE(count.states, 200'000u);
}

}  // namespace codeforge::crash
