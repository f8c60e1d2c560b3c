// Recovery: from the files that are there to the state that was durable.
// The newest head whose shards are all whole, then the log's segments in the order of their first
// commits. A compaction that did not reach the disk entirely is passed over, since what it replaces is
// still there. A torn tail is cut; a bad record elsewhere costs what it held and nothing else. Nothing
// is deleted here and no file is ever written again: the next write opens a new segment.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "model/state.hpp"
#include "persist/snapshot.hpp"

namespace codeforge::persist {

struct Recovery {
    model::State state;
    std::uint64_t seq = 0;
    Head head;
    std::uint32_t next_segment = 1;
    std::uint32_t next_generation = 1;    // no file carries it or a later one
    std::vector<std::uint32_t> segments;  // live ones
    std::uint64_t log_bytes = 0;
    std::vector<std::string> obsolete;    // files that nothing refers to

    std::uint64_t items = 0;         // from snapshots
    std::uint64_t commits = 0;       // from segments
    std::uint64_t torn_bytes = 0;    // cut off at ends of segments
    std::uint64_t damaged = 0;       // records or shards that were there and could not be read
};

/// Errors: unsupported when a newer program wrote the files; nothing may be written then.
base::Result<Recovery> recover(const std::vector<File>& files);

}  // namespace codeforge::persist
