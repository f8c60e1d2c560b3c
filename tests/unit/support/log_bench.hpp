// A log with its state and a disk of files: commits go in, writes are carried out or fail on demand.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/state.hpp"
#include "persist/log.hpp"
#include "persist/recovery.hpp"

namespace codeforge::testing {

class LogBench {
public:
    using Files = std::map<std::string, std::string>;

    /// One commit: a put into `files`, or any changes.
    std::uint64_t commit(std::string_view id, std::string json) { return commit({model::Change::put(model::SliceId::files, id, std::move(json))}); }
    std::uint64_t commit(model::Changes changes) {
        model::Commit made{++seq, now_ms, std::move(changes)};
        for (const model::Change& change : made.changes) state.apply(change);
        log.append(made, now_ms);
        texts[seq] = text(state);
        return seq;
    }

    std::optional<persist::Write> poll() { return log.poll(state, now_ms); }
    void carry_out(const persist::Write& write) {
        for (const persist::File& file : write.puts) disk[file.name] = file.bytes;
        for (const std::string& name : write.deletes) disk.erase(name);
    }
    void succeed(const persist::Write& write) {
        carry_out(write);
        log.written(write.id, std::nullopt, now_ms);
    }
    void fail(const persist::Write& write) { log.written(write.id, base::Error{base::Code::storage, "quota: full"}, now_ms); }
    /// Writes everything that waits, compaction included; returns how many writes it took.
    int settle() {
        int count = 0;
        while (const auto at = log.next_deadline_ms()) {
            now_ms = std::max(now_ms, *at);
            const auto write = poll();
            if (!write) break;
            succeed(*write);
            ++count;
        }
        return count;
    }
    void flush() {
        log.request_flush(false);
        while (const auto write = poll()) succeed(*write);
    }

    std::vector<persist::File> files() const { return files_of(disk); }
    static std::vector<persist::File> files_of(const Files& disk) {
        std::vector<persist::File> list;
        for (const auto& [name, bytes] : disk) list.push_back({name, bytes});
        return list;
    }
    /// Name of the newest head, "" before the first compaction.
    std::string head() const {
        std::uint32_t newest = 0;
        for (const auto& [name, bytes] : disk) newest = std::max(newest, persist::head_generation(name));
        return newest == 0 ? "" : persist::head_name(newest);
    }
    /// Everything that a user could see, in order.
    static std::string text(const model::State& state) {
        std::string out;
        for (const model::SliceDef& def : model::slices()) out += state.slice_text(def.id);
        return out;
    }

    model::State state;
    persist::Log log;
    Files disk;
    std::uint64_t seq = 0;
    std::uint64_t now_ms = 1'000'000;
    std::map<std::uint64_t, std::string> texts{{0, text(model::State())}};  // by seq
};

}  // namespace codeforge::testing
