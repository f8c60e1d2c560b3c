#include "persist/recovery.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string_view>

#include "base/bytes.hpp"
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
    const std::size_t dash = name.find('-', 5);
    if (dash == std::string_view::npos) return false;
    generation = static_cast<std::uint32_t>(std::strtoul(std::string(name.substr(5, dash - 5)).c_str(), nullptr, 10));
    shard = std::strtoul(std::string(name.substr(dash + 1)).c_str(), nullptr, 10);
    return generation > 0;
}

/// Without a readable head: the newest shard file of every place, so that as much as possible is
/// there; the log, which is numbered, repairs what it can.
void read_shards_without_head(const FilesByName& files, Recovery& recovery) {
    std::map<std::size_t, std::uint32_t> newest;
    for (const auto& [name, bytes] : files) {
        std::uint32_t generation = 0;
        std::size_t shard = 0;
        if (parse_shard_name(name, generation, shard)) newest[shard] = std::max(newest[shard], generation);
        recovery.head.generation = std::max(recovery.head.generation, generation);
    }
    for (const auto& [shard, generation] : newest) {
        const ShardContent content = read_shard(files.at(shard_name(generation, shard)), recovery.state);
        recovery.items += content.items;
        recovery.damaged += content.damaged;
    }
}

void read_shards(const FilesByName& files, Recovery& recovery) {
    for (std::size_t shard = 0; shard < recovery.head.shards.size(); ++shard) {
        const ShardEntry& entry = recovery.head.shards[shard];
        if (entry.generation == 0) continue;
        const auto file = files.find(shard_name(entry.generation, shard));
        if (file == files.end()) {
            ++recovery.damaged;
            continue;
        }
        const ShardContent content = read_shard(file->second, recovery.state);
        recovery.items += content.items;
        recovery.damaged += content.damaged;
    }
    recovery.seq = recovery.head.covered_seq;
}

std::vector<Segment> live_segments(const FilesByName& files, Recovery& recovery) {
    std::vector<Segment> segments;
    for (const auto& [name, bytes] : files) {
        const std::uint32_t number = segment_number(name);
        if (number == 0) continue;
        recovery.next_segment = std::max(recovery.next_segment, number + 1);
        if (number < recovery.head.first_segment) continue;
        Segment segment{number, 0, bytes};
        RecordReader records(bytes);
        if (records.next() && records.type() == RecordType::segment_header) {
            base::ByteReader header(records.payload());
            header.varint();  // format version, checked with the head
            segment.first_seq = header.varint();
        }
        segments.push_back(segment);
        recovery.segments.push_back(number);
        recovery.log_bytes += bytes.size();
    }
    std::sort(segments.begin(), segments.end(), [](const Segment& a, const Segment& b) {
        return a.first_seq != b.first_seq ? a.first_seq < b.first_seq : a.number < b.number;
    });
    return segments;
}

void replay(const Segment& segment, Recovery& recovery) {
    RecordReader records(segment.bytes);
    while (records.next()) {
        if (records.type() != RecordType::commit) continue;
        auto commit = read_commit(records.payload());
        if (!commit) {
            ++recovery.damaged;
            continue;
        }
        if (commit->seq <= recovery.seq) continue;  // in the snapshot, or written twice
        for (model::Change& change : commit->changes)
            if (!recovery.state.apply(std::move(change))) ++recovery.damaged;
        recovery.seq = commit->seq;
        ++recovery.commits;
    }
    recovery.torn_bytes += records.bad_bytes();
}

void find_obsolete(const FilesByName& files, Recovery& recovery) {
    for (const auto& [name, bytes] : files) {
        std::uint32_t generation = 0;
        std::size_t shard = 0;
        const std::uint32_t number = segment_number(name);
        const bool old_segment = number != 0 && number < recovery.head.first_segment;
        const bool old_shard = parse_shard_name(name, generation, shard) &&
                               (shard >= recovery.head.shards.size() || recovery.head.shards[shard].generation != generation);
        if (old_segment || old_shard) recovery.obsolete.emplace_back(name);
    }
}

}  // namespace

base::Result<Recovery> recover(const std::vector<File>& files) {
    FilesByName by_name;
    for (const File& file : files) by_name.emplace(file.name, file.bytes);
    Recovery recovery;
    bool have_head = false;
    if (const auto file = by_name.find(kHeadName); file != by_name.end()) {
        auto head = read_head(file->second);
        if (!head && head.error().code == base::Code::unsupported) return head.error();
        have_head = head.ok();
        if (have_head) recovery.head = std::move(*head);
        else ++recovery.damaged;
    }
    if (have_head) read_shards(by_name, recovery);
    else read_shards_without_head(by_name, recovery);
    for (const Segment& segment : live_segments(by_name, recovery)) replay(segment, recovery);
    if (have_head) find_obsolete(by_name, recovery);
    return recovery;
}

}  // namespace codeforge::persist
