// Snapshots: the state in shards, and the head that names the valid ones.
// An item belongs to the shard of its name's hash, so that a compaction rewrites only the shards
// that changed since the last one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/state.hpp"

namespace codeforge::persist {

struct File {
    std::string name;
    std::string bytes;
};

struct ShardEntry {
    std::uint32_t generation = 0;  // 0: the shard is empty and has no file
    std::uint32_t bytes = 0;
    std::uint32_t crc = 0;
};

/// What a file "head-<generation>" says.
struct Head {
    std::uint32_t generation = 0;
    std::uint64_t covered_seq = 0;    // the shards contain every commit up to this
    std::uint32_t first_segment = 1;  // segments with smaller numbers are obsolete
    std::vector<ShardEntry> shards;   // a power of two
};

inline constexpr std::string_view kHeadPrefix = "head-";
std::string head_name(std::uint32_t generation);
/// Generation of a head's name, 0 for other names.
std::uint32_t head_generation(std::string_view name);
std::string shard_name(std::uint32_t generation, std::size_t shard);
std::string segment_name(std::uint32_t number);
/// Number of a segment's name, 0 for other names.
std::uint32_t segment_number(std::string_view name);

std::size_t shard_of(model::SliceId slice, std::string_view id, std::size_t shard_count);

/// Errors: unsupported for a version that a newer program wrote.
base::Result<void> check_version(std::uint64_t version);

std::string head_text(const Head& head);
base::Result<Head> read_head(std::string_view bytes);

/// The files' bytes of the shards marked in `wanted`, "" for an empty shard; other places are "".
std::vector<std::string> shard_bytes(const model::State& state, const std::vector<bool>& wanted, std::uint32_t generation);

struct ShardContent {
    std::uint64_t items = 0;
    std::uint64_t damaged = 0;
};
/// Puts what is readable into the state. Errors: unsupported.
base::Result<ShardContent> read_shard(std::string_view bytes, model::State& state);

}  // namespace codeforge::persist
