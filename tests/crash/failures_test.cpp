// The n-th allocation fails, for every n, once and for ever; the n-th write or load fails, for every n,
// once and for ever. Never a crash; the error is told; the state is what it would have been without.
//
// An allocation that fails inside WebAssembly stops the instance. The TypeScript client then drops it, opens a
// fresh one from the same files and replays what was not durable (web/src/crash-recovery.ts). Supervisor does the same here.
#include <gtest/gtest.h>

#include <cstdio>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "crash/failing_allocator.hpp"
#include "crash/recorder.hpp"
#include "unit/support/own_client.hpp"

namespace codeforge::crash {

namespace {

constexpr std::uint64_t kStartMs = 1'700'000'000'000;
constexpr const char* kConfig = R"({"name":"crash","storage":"indexeddb","seed":"00112233445566778899aabbccddeeff"})";
constexpr std::size_t kArenaBytes = 64u << 20;

/// What TypeScript keeps of an accepted action until it is durable.
struct Kept {
    std::uint64_t seq = 0;
    std::uint64_t at_ms = 0;
    std::string frame;
};

/// Runs a script like the TypeScript client: one instance at a time, in an arena of its own.
class Supervisor {
public:
    void run(const Script& script, std::uint64_t fail_at, bool for_ever) {
        fail_at_ = fail_at;
        for_ever_ = for_ever;
        begin();
        for (const Step& step : script.steps) {
            if (step.kind == Step::Kind::dispatch) dispatch(step.frame, now_ms_);
            else if (step.kind != Step::Kind::pause) inside([&] { client_->flush(step.kind == Step::Kind::strict_flush, now_ms_); });
            pump();
            now_ms_ += step.pause_ms;
            pump();
        }
        now_ms_ += 20'000;
        pump();
    }

    std::uint64_t allocations() const { return arena_ ? arena_->allocations() : 0; }
    int deaths() const { return deaths_; }
    bool gave_up() const { return gave_up_; }
    std::uint64_t print() const { return fingerprint(client_->state()); }
    /// What a next start would find.
    std::uint64_t print_on_disk() const {
        auto recovery = persist::recover(listed(disk_));
        return recovery ? fingerprint(recovery->state) : 0;
    }
    ~Supervisor() { client_.release(); }  // it lies in the arena

private:
    /// Enters the instance. false when it died of it.
    template <class Step>
    bool inside(Step&& step) {
        if (gave_up_) return false;
        if (arena_->run(step)) return true;
        ++deaths_;
        restart();
        return false;
    }

    void begin() {
        arena_.emplace(kArenaBytes);
        arena_->fail_at(fail_at_, for_ever_);
        fail_at_ = for_ever_ && fail_at_ != 0 ? 1 : 0;  // once: the next instance is spared
        const std::vector<persist::File> files = listed(disk_);
        const bool alive = arena_->run([&] {
            client_ = testing::make_client(kConfig);
            client_->open(now_ms_);
            client_->poll();
            client_->loaded(files, now_ms_);
        });
        if (!alive) {
            ++deaths_;
            return restart();
        }
        ASSERT_EQ(client_->phase(), client::Phase::ready);
    }

    void restart() {
        client_.release();
        open_.clear();
        if (deaths_ > 5) {
            gave_up_ = true;  // as the TypeScript client: the UI is told, the files stay as they are
            return;
        }
        begin();
        if (gave_up_) return;
        const std::uint64_t recovered = client_->seq();
        std::deque<Kept> again;
        again.swap(kept_);
        for (Kept& kept : again)
            if (kept.seq > recovered) dispatch(kept.frame, kept.at_ms);
    }

    void dispatch(const std::string& frame, std::uint64_t at_ms) {
        if (gave_up_) return;
        std::uint64_t seq = 0;
        bool refused = false;
        const auto before = deaths_;
        const bool alive = inside([&] {
            auto done = client_->dispatch(frame, at_ms);
            refused = !done.ok();
            seq = refused ? 0 : done->seq;
        });
        if (alive) {
            ASSERT_FALSE(refused);
            kept_.push_back({seq, at_ms, frame});
            return;
        }
        ASSERT_GT(deaths_, before);
        dispatch(frame, at_ms);  // the suspect: once more in the fresh instance
    }

    void pump() {
        for (int turns = 0; turns < 1000 && !gave_up_; ++turns) {
            std::vector<persist::Write> writes;
            // Effects leave the instance as copies: what is handed to IndexedDB does not die with it.
            std::optional<client::Effect> effect;
            const bool alive = inside([&] { effect = client_->poll(); });
            if (!alive) continue;
            if (effect) {
                if (const auto* write = std::get_if<persist::Write>(&*effect)) {
                    carry_out(disk_, persist::Write(*write));
                    open_.push_back(write->id);
                }
                new (&effect) std::optional<client::Effect>();  // its memory belongs to the arena
                continue;
            }
            if (!open_.empty()) {
                const std::uint64_t id = open_.front();
                open_.pop_front();
                inside([&] { client_->written(id, std::nullopt, now_ms_); });
                if (!gave_up_)
                    while (!kept_.empty() && kept_.front().seq <= client_->durable_seq()) kept_.pop_front();
                continue;
            }
            std::optional<std::uint64_t> due;
            if (inside([&] { due = client_->next_deadline_ms(); }) && due && *due <= now_ms_) {
                inside([&] { client_->tick(now_ms_); });
                continue;
            }
            return;
        }
    }

    std::uint64_t now_ms_ = kStartMs;
    std::uint64_t fail_at_ = 0;
    bool for_ever_ = false;
    bool gave_up_ = false;
    int deaths_ = 0;
    Files disk_;
    std::deque<Kept> kept_;
    std::deque<std::uint64_t> open_;
    std::unique_ptr<client::Client> client_;
    std::optional<Arena> arena_;
};

std::vector<Script> thirty() {
    // Tables that are built at their first use belong to the program here, not to an instance.
    static const Recording warm = record(scripts()[4], {}, 1);
    EXPECT_EQ(warm.problem, "");
    std::vector<Script> all = scripts();
    all.resize(30);
    for (Script& script : all)
        if (script.steps.size() > 24) script.steps.resize(24);
    return all;
}

TEST(NthAllocation, AnInstanceThatRunsOutOfMemoryLosesNothing) {
    std::uint64_t tried = 0, deaths = 0;
    for (const Script& script : thirty()) {
        Supervisor whole;
        whole.run(script, 0, false);
        ASSERT_EQ(whole.deaths(), 0) << script.name;
        const std::uint64_t expected = whole.print();
        ASSERT_EQ(whole.print_on_disk(), expected) << script.name;
        const std::uint64_t all = whole.allocations();
        ASSERT_GT(all, 100u) << script.name;
        for (std::uint64_t n = 1;; ++n) {
            Supervisor again;
            again.run(script, n, false);
            ++tried;
            deaths += static_cast<std::uint64_t>(again.deaths());
            ASSERT_EQ(again.print(), expected) << script.name << ", allocation " << n;
            ASSERT_EQ(again.print_on_disk(), expected) << script.name << ", allocation " << n;
            if (again.deaths() == 0) {
                ASSERT_GT(n, all) << script.name << ": allocation " << n << " did not fail";
                break;
            }
        }
    }
    std::printf("allocations: %llu runs with one failure each, %llu instances died\n", static_cast<unsigned long long>(tried), static_cast<unsigned long long>(deaths));
}

TEST(NthAllocation, WithoutMemoryForEverItGivesUpAndTheFilesStayGood) {
    for (const Script& script : thirty()) {
        Supervisor whole;
        whole.run(script, 0, false);
        const Recording recording = record(script, {}, 1);
        for (std::uint64_t n = 1; n <= whole.allocations(); n += 1 + n / 16) {
            Supervisor again;
            again.run(script, n, true);
            ASSERT_TRUE(again.gave_up()) << script.name << ", from allocation " << n;
            const std::uint64_t left = again.print_on_disk();
            bool is_prefix = false;
            for (const auto& [seq, print] : recording.prints) is_prefix = is_prefix || print == left;
            ASSERT_TRUE(is_prefix) << script.name << ", from allocation " << n;
        }
    }
}

/// Runs a script on a disk whose n-th write fails.
class FailingDisk {
public:
    struct Outcome {
        std::size_t writes = 0;
        bool told = false;            // the status named the error while it lasted
        bool unsaved_after = false;
        std::uint64_t print = 0;
        std::uint64_t print_on_disk = 0;
    };

    static Outcome run(const Script& script, std::size_t fail_at, std::size_t failures, const char* error, bool happens) {
        Outcome outcome;
        Files disk;
        std::uint64_t now_ms = kStartMs;
        auto client = testing::make_client(kConfig);
        client->open(now_ms);
        client->poll();
        client->loaded({}, now_ms);
        const auto settle = [&] {
            while (auto effect = client->poll()) {
                auto* write = std::get_if<persist::Write>(&*effect);
                if (write == nullptr) continue;
                ++outcome.writes;
                const bool fails = fail_at != 0 && outcome.writes >= fail_at && outcome.writes < fail_at + failures;
                if (!fails || happens) carry_out(disk, *write);
                if (!fails) {
                    client->written(write->id, std::nullopt, now_ms);
                    continue;
                }
                client->written(write->id, base::Error{base::Code::storage, std::string(error) + ": told by the disk"}, now_ms);
                const std::string status = client->status_json();
                outcome.told = status.find("\"code\":\"" + std::string(error) + "\"") != std::string::npos && status.find(R"("save":"problem")") != std::string::npos;
                EXPECT_TRUE(outcome.told) << script.name << ": " << status;
            }
        };
        const auto pass = [&](std::uint64_t ms) {
            const std::uint64_t until = now_ms + ms;
            settle();
            for (auto due = client->next_deadline_ms(); due && *due <= until; due = client->next_deadline_ms()) {
                now_ms = std::max(now_ms, *due);
                client->tick(now_ms);
                settle();
            }
            now_ms = until;
        };
        for (const Step& step : script.steps) {
            if (step.kind == Step::Kind::dispatch) EXPECT_TRUE(client->dispatch(step.frame, now_ms).ok()) << script.name;
            else if (step.kind != Step::Kind::pause) client->flush(step.kind == Step::Kind::strict_flush, now_ms);
            pass(step.pause_ms);
        }
        pass(120'000);
        outcome.unsaved_after = client->durable_seq() != client->seq();
        outcome.print = fingerprint(client->state());
        auto recovery = persist::recover(listed(disk));
        if (recovery) outcome.print_on_disk = fingerprint(recovery->state);
        return outcome;
    }
};

TEST(NthWrite, FailsOnceAndIsRepeated) {
    const char* const errors[] = {"quota", "connection-lost", "aborted", "blocked", "unavailable", "unknown"};
    std::size_t tried = 0;
    for (const Script& script : thirty()) {
        const auto whole = FailingDisk::run(script, 0, 0, "", false);
        ASSERT_EQ(whole.print, whole.print_on_disk);
        for (std::size_t n = 1; n <= whole.writes; ++n) {
            const char* error = errors[tried % std::size(errors)];
            for (const bool happens : {false, true}) {
                const auto failed = FailingDisk::run(script, n, 1, error, happens);
                ++tried;
                ASSERT_TRUE(failed.told);
                ASSERT_FALSE(failed.unsaved_after) << script.name << ", write " << n;
                ASSERT_EQ(failed.print, whole.print) << script.name << ", write " << n;
                ASSERT_EQ(failed.print_on_disk, whole.print) << script.name << ", write " << n << (happens ? ", which happened" : "");
            }
        }
    }
    std::printf("writes: %zu runs with one failure each\n", tried);
}

TEST(NthWrite, FailsForEverAndEverythingStaysInMemory) {
    for (const Script& script : thirty()) {
        const auto whole = FailingDisk::run(script, 0, 0, "", false);
        const Recording recording = record(script, {}, 1);
        for (std::size_t n = 1; n <= whole.writes; ++n) {
            const auto failed = FailingDisk::run(script, n, 1'000'000, "quota", false);
            ASSERT_TRUE(failed.told);
            ASSERT_EQ(failed.print, whole.print) << script.name << ", from write " << n;
            bool is_prefix = false;
            for (const auto& [seq, print] : recording.prints) is_prefix = is_prefix || print == failed.print_on_disk;
            ASSERT_TRUE(is_prefix) << script.name << ", from write " << n;
        }
    }
}

TEST(NthWrite, FailsForAMinuteAndEverythingGetsThere) {
    for (const Script& script : thirty()) {
        const auto whole = FailingDisk::run(script, 0, 0, "", false);
        for (std::size_t n = 1; n <= whole.writes; n += 3) {
            const auto failed = FailingDisk::run(script, n, 8, "connection-lost", n % 2 == 0);
            ASSERT_FALSE(failed.unsaved_after) << script.name << ", from write " << n;
            ASSERT_EQ(failed.print_on_disk, whole.print) << script.name << ", from write " << n;
        }
    }
}

TEST(Load, ThatFailsIsToldAndNothingIsWritten) {
    for (const char* error : {"quota", "connection-lost", "aborted", "blocked", "unavailable", "unknown"}) {
        auto client = testing::make_client(kConfig);
        client->open(kStartMs);
        client->poll();
        client->load_failed({base::Code::storage, std::string(error) + ": told by the disk"}, kStartMs);
        EXPECT_EQ(client->phase(), client::Phase::failed);
        const auto refused = client->dispatch(aftermath(1).steps[0].frame, kStartMs);
        ASSERT_FALSE(refused.ok());
        EXPECT_NE(refused.error().message.find("told by the disk"), std::string::npos);
        EXPECT_NE(client->status_json().find(std::string(R"("code":")") + error), std::string::npos) << client->status_json();
        while (auto effect = client->poll()) EXPECT_FALSE(std::holds_alternative<persist::Write>(*effect));
    }
}

}  // namespace
}  // namespace codeforge::crash
