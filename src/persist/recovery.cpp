#include "persist/recovery.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "persist/record.hpp"

namespace codeforge::persist {

namespace {

struct Segment {
    std::uint32_t number = 0;
    std::uint64_t first_seq = 0;
    std::string_view bytes;
};

using FilesByName = std::map<std::string_view, std::string_view>;

/// Generation and shard of "snap-<generation>-<shard>".
bool parse_shard_name(std::string_view name, std::uint32_t& generation, std::size_t& shard) {
    if (!name.starts_with("snap-")) return false;
    generation = static_cast<std::uint32_t>(base::parse_number(name.substr(5)));
    shard = base::parse_number(name.substr(std::min(name.size(), name.find('-', 5) + 1)));
    return generation > 0 && name == shard_name(generation, shard);
}

base::Result<void> read_one_shard(std::string_view bytes, Recovery& recovery) {
    auto content = read_shard(bytes, recovery.state);
    if (!content) return content.error();
    recovery.items += content->items;
    recovery.damaged += content->damaged;
    return {};
}

/// Without a readable head: the newest shard file of every place, so that as much as possible is
/// there; the log, which is numbered, repairs what it can.
base::Result<void> read_shards_without_head(const FilesByName& files, Recovery& recovery) {
    std::map<std::size_t, std::uint32_t> newest;
    for (const auto& [name, bytes] : files) {
        std::uint32_t generation = 0;
        std::size_t shard = 0;
        if (parse_shard_name(name, generation, shard)) newest[shard] = std::max(newest[shard], generation);
        recovery.head.generation = std::max(recovery.head.generation, generation);
    }
    for (const auto& [shard, generation] : newest)
        if (auto read = read_one_shard(files.at(shard_name(generation, shard)), recovery); !read) return read;
    return {};
}

base::Result<void> read_shards(const FilesByName& files, Recovery& recovery) {
    for (std::size_t shard = 0; shard < recovery.head.shards.size(); ++shard) {
        const ShardEntry& entry = recovery.head.shards[shard];
        if (entry.generation == 0) continue;
        const auto file = files.find(shard_name(entry.generation, shard));
        if (file == files.end()) ++recovery.damaged;
        else if (auto read = read_one_shard(file->second, recovery); !read) return read;
    }
    recovery.seq = recovery.head.covered_seq;
    return {};
}

/// Live segments in the order of their first commits.
base::Result<std::vector<Segment>> live_segments(const FilesByName& files, Recovery& recovery) {
    std::vector<Segment> segments;
    // The segments below may all be gone: a new one with such a number would not be read.
    recovery.next_segment = std::max(recovery.next_segment, recovery.head.first_segment);
    for (const auto& [name, bytes] : files) {
        const std::uint32_t number = segment_number(name);
        if (number == 0) continue;
        recovery.next_segment = std::max(recovery.next_segment, number + 1);
        if (number < recovery.head.first_segment) continue;
        Segment segment{number, 0, bytes};
        RecordReader records(bytes);
        if (records.next() && records.type() == RecordType::segment_header) {
            base::ByteReader header(records.payload());
            if (auto known = check_version(header.varint()); !known) return known.error();
            segment.first_seq = header.varint();
        }
        const auto after = std::find_if(segments.begin(), segments.end(), [&](const Segment& other) {
            return segment.first_seq != other.first_seq ? segment.first_seq < other.first_seq : number < other.number;
        });
        segments.insert(after, segment);
    }
    return segments;
}

/// Put together from shards whose commits nobody numbered.
bool is_headless(const Recovery& recovery) { return recovery.head.generation > 0 && recovery.head.shards.empty(); }

/// false when the commit comes behind a gap that no damage explains.
bool replay_commit(std::string_view payload, bool damage_before, Recovery& recovery) {
    auto commit = read_commit(payload);
    if (!commit) {
        ++recovery.damaged;
        return true;
    }
    if (commit->seq <= recovery.seq) return true;  // in the snapshot, or written twice
    if (commit->seq > recovery.seq + 1) {
        if (!damage_before) return false;
        ++recovery.damaged;
    }
    for (model::Change& change : commit->changes)
        if (!recovery.state.apply(std::move(change))) ++recovery.damaged;
    recovery.seq = commit->seq;
    ++recovery.commits;
    return true;
}

/// false when the segment begins after a gap that no damage explains: an earlier write failed and
/// the program ended before it was repeated. What follows was never acknowledged, and applying it
/// would give a state that never was.
bool replay(const Segment& segment, bool damage_before, CommitParts& parts, Recovery& recovery) {
    RecordReader records(segment.bytes);
    while (records.next()) {
        std::optional<std::string_view> commit;
        if (records.type() == RecordType::commit) commit = records.payload();
        if (records.type() == RecordType::commit_part) commit = parts.add(records.payload());
        if (commit && !replay_commit(*commit, damage_before, recovery)) return false;
    }
    recovery.torn_bytes += records.bad_bytes();
    return true;
}

void replay_all(const std::vector<Segment>& segments, Recovery& recovery) {
    CommitParts parts;
    bool damage = is_headless(recovery);
    bool ended = false;
    for (const Segment& segment : segments) {
        const std::uint64_t torn = recovery.torn_bytes;
        ended = ended || !replay(segment, damage, parts, recovery);
        if (ended) {
            recovery.obsolete.push_back(segment_name(segment.number));  // or its numbers would meet new ones
            ++recovery.damaged;
            continue;
        }
        damage = damage || recovery.torn_bytes != torn;
        recovery.segments.push_back(segment.number);
        recovery.log_bytes += segment.bytes.size();
    }
}

void find_obsolete(const FilesByName& files, Recovery& recovery) {
    for (const auto& [name, bytes] : files) {
        std::uint32_t generation = 0;
        std::size_t shard = 0;
        const std::uint32_t number = segment_number(name);
        const bool old_segment = number != 0 && number < recovery.head.first_segment;
        const std::uint32_t head = head_generation(name);
        const bool old_head = head != 0 && head != recovery.head.generation;
        const bool old_shard = parse_shard_name(name, generation, shard) &&
                               (shard >= recovery.head.shards.size() || recovery.head.shards[shard].generation != generation);
        if (old_segment || old_head || old_shard) recovery.obsolete.emplace_back(name);
    }
}

/// Every head that can be read, the newest first. Errors: unsupported.
base::Result<std::vector<Head>> readable_heads(const FilesByName& files, Recovery& recovery) {
    std::vector<Head> heads;
    for (const auto& [name, bytes] : files) {
        std::uint32_t generation = head_generation(name);
        std::size_t shard = 0;
        if (generation != 0) {
            auto head = read_head(bytes);
            if (!head && head.error().code == base::Code::unsupported) return head.error();
            if (head && head->generation == generation) {
                // There are few: finding the place costs less of the module than an instance of std::sort.
                const auto place = std::find_if(heads.begin(), heads.end(), [&](const Head& other) { return other.generation < generation; });
                heads.insert(place, std::move(*head));
            } else {
                ++recovery.damaged;
            }
        } else if (!parse_shard_name(name, generation, shard)) {
            continue;
        }
        recovery.next_generation = std::max(recovery.next_generation, generation + 1);
    }
    return heads;
}

/// Whether the log still begins with the first commit of all, so that it needs no snapshot.
bool log_is_whole(const FilesByName& files) {
    return std::any_of(files.begin(), files.end(), [](const auto& file) {
        if (segment_number(file.first) == 0) return false;
        RecordReader records(file.second);
        if (!records.next() || records.type() != RecordType::segment_header) return false;
        base::ByteReader header(records.payload());
        header.varint();  // the format's version
        return header.varint() == 1 && records.next();
    });
}

/// The newest snapshot that is whole, or none where the log is; otherwise as much of the newest as can be read.
base::Result<void> read_snapshot(const FilesByName& files, std::vector<Head> heads, Recovery& recovery) {
    std::optional<Recovery> best;
    for (Head& head : heads) {
        Recovery attempt;
        attempt.head = std::move(head);
        if (auto read = read_shards(files, attempt); !read) return read;
        attempt.next_generation = recovery.next_generation;
        if (attempt.damaged == 0) {
            recovery = std::move(attempt);
            return {};
        }
        if (!best) best = std::move(attempt);
    }
    const bool never_compacted = !best && recovery.next_generation == Recovery().next_generation;
    if (never_compacted || log_is_whole(files)) return {};
    if (!best) return read_shards_without_head(files, recovery);
    recovery = std::move(*best);
    return {};
}

}  // namespace

base::Result<Recovery> recover(const std::vector<File>& files) {
    FilesByName by_name;
    for (const File& file : files) by_name.emplace(file.name, file.bytes);
    Recovery recovery;
    auto heads = readable_heads(by_name, recovery);
    if (!heads) return heads.error();
    if (auto snapshot = read_snapshot(by_name, std::move(*heads), recovery); !snapshot) return snapshot.error();
    auto segments = live_segments(by_name, recovery);
    if (!segments) return segments.error();
    replay_all(*segments, recovery);
    if (!is_headless(recovery)) find_obsolete(by_name, recovery);
    return recovery;
}

}  // namespace codeforge::persist
