#include "persist/log.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "persist/record.hpp"

namespace codeforge::persist {

void Log::restore(Recovery&& recovery, std::uint64_t now_ms) {
    started_ms_ = now_ms;
    head_ = std::move(recovery.head);
    next_segment_ = recovery.next_segment;
    next_generation_ = recovery.next_generation;
    segments_ = recovery.segments.size();
    log_bytes_ = recovery.log_bytes;
    obsolete_ = std::move(recovery.obsolete);
    appended_seq_ = recovery.seq;
    // Compactions are strict. What the segments hold may still be in the system's cache only.
    strict_seq_ = head_.covered_seq;
    for (const ShardEntry& shard : head_.shards) {
        snapshot_bytes_ += shard.bytes;
        live_shards_ += shard.generation != 0 ? 1 : 0;
    }
    // What the log's segments touched is not known any more, so the first compaction writes every
    // shard; without segments the snapshot is complete.
    dirty_.assign(head_.shards.size(), segments_ > 0);
}

void Log::mark_dirty(const model::Commit& commit) {
    if (dirty_.empty()) return;
    for (const model::Change& change : commit.changes) dirty_[shard_of(change.slice, change.id, dirty_.size())] = true;
}

void Log::append(const model::Commit& commit, std::uint64_t now_ms) {
    // A batch holds commits in a row: after a failed write an older batch may wait beside newer
    // commits that are durable, and replay skips whatever is older than what it has seen.
    if (waiting_.empty() || waiting_.back().last_seq + 1 != commit.seq) waiting_.push_back({{}, commit.seq, commit.seq});
    Batch& batch = waiting_.back();
    const std::size_t before = batch.records.size();
    append_commit(batch.records, commit);
    batch.last_seq = commit.seq;
    unsaved_bytes_ += batch.records.size() - before;
    appended_seq_ = commit.seq;
    appended_ms_ = now_ms;
    mark_dirty(commit);
}

void Log::request_flush(bool strict) {
    flush_now_ = true;
    if (strict) strict_target_ = appended_seq_;
}

void Log::files_lost() {
    ++losses_;
    strict_seq_ = 0;
}

std::uint64_t Log::durable_seq() const {
    if (is_lost()) return 0;
    std::uint64_t first_missing = appended_seq_ + 1;
    for (const Batch& batch : waiting_) first_missing = std::min(first_missing, batch.first_seq);
    for (const InFlight& flight : in_flight_)
        if (!flight.batch.records.empty()) first_missing = std::min(first_missing, flight.batch.first_seq);
    return first_missing - 1;
}

std::string Log::undurable_records() const {
    std::vector<const Batch*> batches;
    for (const Batch& batch : waiting_) batches.push_back(&batch);
    for (const InFlight& flight : in_flight_) batches.push_back(&flight.batch);
    std::sort(batches.begin(), batches.end(), [](const Batch* left, const Batch* right) { return left->first_seq < right->first_seq; });
    std::string records;
    for (const Batch* batch : batches) records += batch->records;
    return records;
}

std::optional<std::uint64_t> Log::compaction_at_ms() const {
    const bool due = is_lost() || segments_ >= kSegmentsDue || log_bytes_ > kLogBytesDue + snapshot_bytes_;
    if (!due || !in_flight_.empty()) return std::nullopt;
    if (is_lost()) return retry_ms_ > 0 ? next_write_ms_ : 0;
    const std::uint64_t at = segments_ >= kSegmentsForced ? 0 : std::max(appended_ms_ + kPauseMs, started_ms_ + kStartMs);
    return std::max(at, next_write_ms_);
}

bool Log::flush_wanted(std::uint64_t now_ms) const {
    if (flush_now_) {
        // A strict flush with nothing waiting still has to make earlier relaxed writes stable.
        return !waiting_.empty() || (strict_write_owed() && in_flight_.empty());
    }
    return (!waiting_.empty() || strict_write_owed()) && in_flight_.empty() && now_ms >= next_write_ms_;
}

std::string& Log::new_segment(Write& write, InFlight& flight, std::uint32_t version, std::uint64_t seq, std::size_t bytes) {
    std::string header;
    base::ByteWriter out(header);
    out.varint(version);
    out.varint(seq);
    write.puts.push_back({segment_name(next_segment_++), {}});
    ++flight.segments;
    std::string& file = write.puts.back().bytes;
    file.reserve(bytes + 32);
    append_record(file, RecordType::segment_header, header);
    return file;
}

/// The batch as one file, or as several: of whole records, or of one part of a record.
void Log::put_segments(Write& write, InFlight& flight) {
    Batch batch = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    while (!waiting_.empty() && waiting_.front().first_seq == batch.last_seq + 1) {
        batch.records += waiting_.front().records;
        batch.last_seq = waiting_.front().last_seq;
        waiting_.erase(waiting_.begin());
    }
    const bool is_cut = batch.records.size() > kPieceBytes && batch.records.size() <= kCutBytes;
    std::uint64_t seq = batch.first_seq;
    for (std::string_view rest = batch.records; !rest.empty();) {
        const std::uint64_t first = seq;
        std::size_t bytes = is_cut ? 0 : rest.size();
        while (bytes < rest.size()) {
            const std::size_t more = record_bytes(rest.substr(bytes));
            if (bytes > 0 && bytes + more > kPieceBytes) break;
            bytes += more;
            ++seq;  // a batch has every number once
        }
        const std::string_view piece = rest.substr(0, bytes);
        rest.remove_prefix(bytes);
        if (!is_cut || bytes <= kPieceBytes) new_segment(write, flight, kFormatVersion, first, bytes) += piece;
        else
            for (const std::string& part : commit_parts(piece, kPieceBytes)) new_segment(write, flight, kPartsVersion, first, part.size()) += part;
    }
    flight.batch = std::move(batch);
}

void Log::put_snapshot(Write& write, InFlight& flight, const model::State& state) {
    std::size_t wanted = 1;
    const std::uint64_t estimate = snapshot_bytes_ + log_bytes_;
    while (wanted < kShardsLimit && wanted * kShardBytes < estimate) wanted *= 2;
    Head head = head_;
    head.generation = next_generation_++;  // never given twice: a name means one content
    head.covered_seq = appended_seq_;
    head.first_segment = next_segment_;
    flight.shards = dirty_;
    if (wanted > head.shards.size()) {  // grows only: a store that shrank keeps small shards
        head.shards.assign(wanted, {});
        flight.shards.assign(wanted, true);
    }
    std::vector<std::string> files = shard_bytes(state, flight.shards, head.generation);
    for (std::size_t shard = 0; shard < files.size(); ++shard) {
        if (!flight.shards[shard]) continue;
        std::string& bytes = files[shard];
        if (bytes.empty()) {
            head.shards[shard] = {};
            continue;
        }
        head.shards[shard] = {head.generation, static_cast<std::uint32_t>(bytes.size()), base::crc32c(bytes)};
        write.puts.push_back({shard_name(head.generation, shard), std::move(bytes)});
    }
    write.puts.push_back({head_name(head.generation), head_text(head)});
    dirty_.assign(head.shards.size(), false);  // commits from now on mark the new shards
    flight.head = std::move(head);
}

std::optional<Write> Log::poll(const model::State& state, std::uint64_t now_ms) {
    const bool flush = flush_wanted(now_ms);
    const auto compaction = compaction_at_ms();
    const bool compact = compaction && now_ms >= *compaction && (!flush_now_ || is_lost());
    if (!flush) flush_now_ = flush_now_ && strict_write_owed();
    if (!flush && !compact) return std::nullopt;
    Write write;
    write.id = next_id_++;
    write.strict = strict_write_owed() || compact;
    InFlight flight{write.id, {}, write.strict, {}, {}, {}, losses_};
    if (!waiting_.empty()) put_segments(write, flight);
    if (is_lost()) dirty_.assign(head_.shards.size(), true);
    if (compact) put_snapshot(write, flight, state);
    write.deletes = obsolete_;
    flight.deletes = std::move(obsolete_);
    obsolete_.clear();
    if (write.puts.empty()) write.puts.push_back({"stable", "1"});  // a strict write carries the relaxed ones before it
    in_flight_.push_back(std::move(flight));
    next_write_ms_ = now_ms + kWriteIntervalMs;
    flush_now_ = flush_now_ && !waiting_.empty();  // behind a failed write there may be a second run of commits
    return write;
}

void Log::finish_compaction(const InFlight& flight) {
    const Head& head = *flight.head;
    if (head_.generation != 0) obsolete_.push_back(head_name(head_.generation));
    for (std::uint32_t number = head_.first_segment; number < head.first_segment; ++number) obsolete_.push_back(segment_name(number));
    for (std::size_t shard = 0; shard < head_.shards.size(); ++shard) {
        const ShardEntry& old = head_.shards[shard];
        const bool replaced = shard >= head.shards.size() || head.shards[shard].generation != old.generation;
        if (old.generation != 0 && replaced) obsolete_.push_back(shard_name(old.generation, shard));
    }
    head_ = head;
    segments_ = next_segment_ - head.first_segment;
    log_bytes_ = 0;
    snapshot_bytes_ = 0;
    live_shards_ = 0;
    for (const ShardEntry& shard : head.shards) {
        snapshot_bytes_ += shard.bytes;
        live_shards_ += shard.generation != 0 ? 1 : 0;
    }
}

/// The compaction was answered with an error and may have happened all the same.
void Log::give_up(const Head& head) {
    obsolete_.push_back(head_name(head.generation));
    for (std::size_t shard = 0; shard < head.shards.size(); ++shard)
        if (head.shards[shard].generation == head.generation) obsolete_.push_back(shard_name(head.generation, shard));
}

void Log::written(std::uint64_t id, const std::optional<base::Error>& failure, std::uint64_t now_ms) {
    const auto it = std::find_if(in_flight_.begin(), in_flight_.end(), [id](const InFlight& flight) { return flight.id == id; });
    if (it == in_flight_.end()) return;
    InFlight flight = std::move(*it);
    in_flight_.erase(it);
    const bool has_segment = !flight.batch.records.empty();
    if (failure) {
        // Nothing is dropped: the commits wait again, and what was to be deleted is so later.
        failure_ = failure;
        ++failures_;
        if (has_segment) {
            const auto place = std::find_if(waiting_.begin(), waiting_.end(),
                                            [&](const Batch& batch) { return batch.first_seq > flight.batch.first_seq; });
            waiting_.insert(place, std::move(flight.batch));
        }
        obsolete_.insert(obsolete_.end(), flight.deletes.begin(), flight.deletes.end());
        if (flight.head) {
            dirty_.assign(head_.shards.size(), true);
            give_up(*flight.head);
        }
        retry_ms_ = std::min(kRetryLimitMs, std::max(kRetryFirstMs, retry_ms_ * 2));
        next_write_ms_ = now_ms + retry_ms_;
        return;
    }
    failure_.reset();
    retry_ms_ = 0;
    if (has_segment) {
        unsaved_bytes_ -= flight.batch.records.size();
        log_bytes_ += flight.batch.records.size();
        segments_ += flight.segments;
    }
    if (flight.head) {
        finish_compaction(flight);
        mended_ = flight.losses;
    }
    if (flight.strict) strict_seq_ = std::max(strict_seq_, durable_seq());
}

std::optional<std::uint64_t> Log::next_deadline_ms() const {
    std::optional<std::uint64_t> at = compaction_at_ms();
    if ((!waiting_.empty() || strict_write_owed()) && in_flight_.empty()) at = at ? std::min(*at, next_write_ms_) : next_write_ms_;
    return at;
}

}  // namespace codeforge::persist
