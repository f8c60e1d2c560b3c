// Records: how everything on disk is framed. crc32c, length, type, payload, as leveldb's log has
// them; FORMAT.md describes them byte by byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "model/change.hpp"

namespace codeforge::persist {

inline constexpr std::uint32_t kFormatVersion = 1;
/// Of a segment with a part of a commit, which a program that knows only the version above would pass over.
inline constexpr std::uint32_t kPartsVersion = 2;

enum class RecordType : std::uint8_t { segment_header = 1, commit = 2, shard_header = 3, item = 4, fields = 5, shard_end = 6, head = 7, commit_part = 8 };

void append_record(std::string& out, RecordType type, std::string_view payload);

/// Bytes of the record that `bytes` begins with, its frame included. It has to be whole.
std::size_t record_bytes(std::string_view bytes);

/// Reads records one after the other; stops at the first that is cut off or fails its checksum.
class RecordReader {
public:
    explicit RecordReader(std::string_view bytes) : bytes_(bytes) {}
    /// false at the end and at the first bad record; then intact() tells which.
    bool next();
    /// Goes over a bad record by the length it gives; false when that leads past the end.
    bool skip();
    RecordType type() const { return type_; }
    std::string_view payload() const { return payload_; }
    bool intact() const { return at_ == bytes_.size(); }
    std::size_t bad_bytes() const { return bytes_.size() - at_; }

private:
    std::string_view bytes_;
    std::size_t at_ = 0;
    RecordType type_ = RecordType::commit;
    std::string_view payload_;
};

/// The record of a commit as several records of type commit_part, each with about `bytes` of it.
std::vector<std::string> commit_parts(std::string_view record, std::size_t bytes);

/// Puts the parts together. Those of one commit come in a row; where one is missing, the others count for nothing.
class CommitParts {
public:
    /// The commit's payload when `payload` was its last part; valid until the next call.
    std::optional<std::string_view> add(std::string_view payload);

private:
    std::string bytes_;
    std::uint64_t next_ = 0;
    std::uint32_t crc_ = 0;  // of the whole payload: tells one commit's parts from another's
};

void append_commit(std::string& out, const model::Commit& commit);
base::Result<model::Commit> read_commit(std::string_view payload);

}  // namespace codeforge::persist
