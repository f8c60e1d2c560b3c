// The log: takes commits, says what to write when, and learns what became durable.
// Sans-io: poll() gives the next write, written() brings its outcome, next_deadline_ms() says when
// to come back. The first commit after a pause is written at once; while commits keep coming at
// most one write every 250 ms, because Chromium's store can be torn by a kill in the middle of a
// write and then be wiped at the second kill (9 of 400 kills at 550 writes a second; the risk
// follows the rate). flush() and exits do not wait for that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/change.hpp"
#include "model/state.hpp"
#include "persist/recovery.hpp"
#include "persist/snapshot.hpp"

namespace codeforge::persist {

inline constexpr std::uint64_t kWriteIntervalMs = 250;
inline constexpr std::uint64_t kRetryFirstMs = 250;
inline constexpr std::uint64_t kRetryLimitMs = 10'000;
/// Compaction is due at so many segments or when the log outgrows the snapshot by so many bytes; it
/// waits for a pause in the edits, but not beyond the second number.
inline constexpr std::size_t kSegmentsDue = 32;
inline constexpr std::size_t kSegmentsForced = 256;
inline constexpr std::uint64_t kLogBytesDue = 1u << 20;
inline constexpr std::uint64_t kPauseMs = 1000;
/// A compaction that was due when the store was opened waits: a start has better things to do.
inline constexpr std::uint64_t kStartMs = 2000;
inline constexpr std::size_t kShardBytes = 256u << 10;
inline constexpr std::size_t kShardsLimit = 64;

/// Of a value above 64 KiB Chromium makes a file, which it fetches from the page: a write of up to kCutBytes goes into values
/// below that.
inline constexpr std::size_t kPieceBytes = 60'000;
inline constexpr std::size_t kCutBytes = 512u << 10;

/// Names of segments that a writer which takes over leaves to the one before it.
inline constexpr std::uint32_t kSegmentsLeftFree = 64;

/// One transaction: all of it or nothing becomes durable.
struct Write {
    std::uint64_t id = 0;
    std::vector<File> puts;
    std::vector<std::string> deletes;
    bool strict = false;  // on stable storage before it completes, not only handed to the system
};

class Log {
public:
    /// Goes on where recovery ended.
    void restore(Recovery&& recovery, std::uint64_t now_ms = 0);

    /// After restore(), when another writer may still have a write under way: its file keeps a name of its own.
    void take_over() { next_segment_ += kSegmentsLeftFree; }

    void append(const model::Commit& commit, std::uint64_t now_ms);
    /// Every commit that is not durable, as records, in order.
    std::string undurable_records() const;
    /// The next poll() writes whatever waits, without regard to the interval. strict: it reaches
    /// stable storage.
    void request_flush(bool strict);

    /// Every file is gone (the browser cleared the site's storage under an open store): nothing counts
    /// as durable until the next poll()'s complete snapshot is written.
    void files_lost();

    std::optional<Write> poll(const model::State& state, std::uint64_t now_ms);
    /// `failure` is nullopt on success.
    void written(std::uint64_t id, const std::optional<base::Error>& failure, std::uint64_t now_ms);

    /// When poll() may have something next; nullopt: only after another call.
    std::optional<std::uint64_t> next_deadline_ms() const;

    std::uint64_t durable_seq() const;
    /// Every commit up to this number is in a write that was given out.
    std::uint64_t handed_seq() const { return waiting_.empty() ? appended_seq_ : waiting_.front().first_seq - 1; }
    std::uint64_t strict_seq() const { return strict_seq_; }
    std::size_t unsaved_bytes() const { return unsaved_bytes_; }
    bool writing() const { return !in_flight_.empty(); }
    /// Of the last write; nullopt when it succeeded.
    const std::optional<base::Error>& failure() const { return failure_; }
    /// Failed writes so far.
    std::uint64_t failures() const { return failures_; }
    std::size_t files() const { return segments_ + live_shards_ + 1; }
    std::uint64_t bytes() const { return log_bytes_ + snapshot_bytes_; }

private:
    struct Batch {  // encoded commits first_seq..last_seq
        std::string records;
        std::uint64_t first_seq = 0;
        std::uint64_t last_seq = 0;
    };
    struct InFlight {
        std::uint64_t id = 0;
        Batch batch;  // empty records: nothing but a compaction
        bool strict = false;
        std::optional<Head> head;  // of a compaction
        std::vector<bool> shards;
        std::vector<std::string> deletes;
        std::uint64_t losses = 0;  // losses_ when it was given out
        std::size_t segments = 0;  // files of the batch
    };

    bool flush_wanted(std::uint64_t now_ms) const;
    bool strict_write_owed() const { return strict_seq_ < strict_target_; }
    bool is_lost() const { return losses_ != mended_; }
    std::optional<std::uint64_t> compaction_at_ms() const;
    std::string& new_segment(Write& write, InFlight& flight, std::uint32_t version, std::uint64_t seq, std::size_t bytes);
    void put_segments(Write& write, InFlight& flight);
    void put_snapshot(Write& write, InFlight& flight, const model::State& state);
    void finish_compaction(const InFlight& flight);
    void give_up(const Head& head);
    void mark_dirty(const model::Commit& commit);

    std::vector<Batch> waiting_;
    std::vector<InFlight> in_flight_;
    std::vector<std::string> obsolete_;  // deleted with the next write
    Head head_;
    std::vector<bool> dirty_;  // by shard of head_
    std::uint32_t next_segment_ = 1;
    std::uint32_t next_generation_ = 1;
    std::size_t segments_ = 0;
    std::size_t live_shards_ = 0;
    std::uint64_t log_bytes_ = 0;
    std::uint64_t snapshot_bytes_ = 0;
    std::size_t unsaved_bytes_ = 0;

    std::uint64_t appended_seq_ = 0;
    std::uint64_t appended_ms_ = 0;
    std::uint64_t started_ms_ = 0;
    std::uint64_t strict_seq_ = 0;
    std::uint64_t strict_target_ = 0;  // somebody waits for this number to be on stable storage
    std::uint64_t next_write_ms_ = 0;
    std::uint64_t retry_ms_ = 0;  // current backoff; 0: the last write was good
    std::uint64_t next_id_ = 1;
    bool flush_now_ = false;
    std::uint64_t losses_ = 0;  // how often every file was lost, and up to which loss a snapshot mended it
    std::uint64_t mended_ = 0;
    std::optional<base::Error> failure_;
    std::uint64_t failures_ = 0;
};

}  // namespace codeforge::persist
