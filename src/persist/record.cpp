#include "persist/record.hpp"

#include <algorithm>

namespace codeforge::persist {

using base::ByteReader;
using base::ByteWriter;

namespace {

constexpr std::size_t kFrameBytes = 9;  // crc 4, length 4, type 1
constexpr std::size_t kChangeBytes = 24;  // about what a change needs beside id and text
constexpr std::size_t kReservedFrom = 64u << 10;
constexpr std::uint8_t kErased = 1;
constexpr std::uint8_t kOrdered = 2;

base::Error damaged(const char* what) { return {base::Code::damaged, std::string("log: ") + what}; }

void append_change(ByteWriter& out, const model::Change& change) {
    out.u8(static_cast<std::uint8_t>(change.slice));
    out.u8((change.erased ? kErased : 0) | (change.order != 0 ? kOrdered : 0));
    out.bytes(change.id);
    out.varint(change.path.size());
    for (const model::PathStep& step : change.path) {
        out.u8(step.is_index ? 1 : 0);
        if (step.is_index) out.varint(step.index);
        else out.bytes(step.name);
    }
    if (!change.erased) out.bytes(change.json);
    if (change.order != 0) out.varint(change.order);
}

bool read_change(ByteReader& in, model::Change& change) {
    change.slice = static_cast<model::SliceId>(in.u8());  // also one that nobody knows: it is kept
    const std::uint8_t flags = in.u8();
    change.erased = (flags & kErased) != 0;
    change.id = in.bytes();
    const std::uint64_t steps = in.varint();
    for (std::uint64_t i = 0; in.ok() && i < steps; ++i) {
        if (in.u8() == 1) change.path.emplace_back(static_cast<std::uint32_t>(in.varint()));
        else change.path.emplace_back(in.bytes());
    }
    if (!change.erased) change.json = in.bytes();
    if ((flags & kOrdered) != 0) change.order = in.varint();
    return in.ok();
}

}  // namespace

void append_record(std::string& out, RecordType type, std::string_view payload) {
    const char type_byte = static_cast<char>(type);
    const std::uint32_t crc = base::crc32c(payload, base::crc32c({&type_byte, 1}));
    ByteWriter writer(out);
    writer.fixed32(crc);
    writer.fixed32(static_cast<std::uint32_t>(payload.size()));
    out.push_back(type_byte);
    out.append(payload);
}

std::size_t record_bytes(std::string_view bytes) {
    ByteReader in(bytes.substr(4));
    return kFrameBytes + in.fixed32();
}

bool RecordReader::next() {
    ByteReader in(bytes_.substr(at_));
    const std::uint32_t crc = in.fixed32();
    const std::uint32_t length = in.fixed32();
    const char type_byte = static_cast<char>(in.u8());
    const std::string_view payload = in.take(length);
    if (!in.ok() || base::crc32c(payload, base::crc32c({&type_byte, 1})) != crc) return false;
    at_ += kFrameBytes + length;
    type_ = static_cast<RecordType>(type_byte);
    payload_ = payload;
    return true;
}

bool RecordReader::skip() {
    ByteReader in(bytes_.substr(at_));
    in.fixed32();
    const std::uint32_t length = in.fixed32();
    in.u8();
    in.take(length);
    if (!in.ok()) return false;
    at_ += kFrameBytes + length;
    return true;
}

std::vector<std::string> commit_parts(std::string_view record, std::size_t bytes) {
    const std::string_view payload = record.substr(kFrameBytes);
    const std::uint32_t crc = base::crc32c(payload);
    const std::size_t count = (payload.size() + bytes - 1) / bytes;
    std::vector<std::string> parts(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::string part;
        ByteWriter out(part);
        out.varint(i);
        out.varint(count);
        out.fixed32(crc);
        out.bytes(payload.substr(i * bytes, bytes));
        append_record(parts[i], RecordType::commit_part, part);
    }
    return parts;
}

std::optional<std::string_view> CommitParts::add(std::string_view payload) {
    ByteReader in(payload);
    const std::uint64_t index = in.varint();
    const std::uint64_t count = in.varint();
    const std::uint32_t crc = in.fixed32();
    const std::string_view bytes = in.bytes();
    if (index == 0) {
        bytes_.clear();
        next_ = 0;
        crc_ = crc;
    }
    if (!in.ok() || index != next_ || crc != crc_) {
        next_ = 0;  // and waits for the first part of another one
        return std::nullopt;
    }
    bytes_ += bytes;
    if (++next_ < count) return std::nullopt;
    next_ = 0;
    return bytes_;
}

void append_commit(std::string& out, const model::Commit& commit) {
    // Megabytes at once: growing by and by would copy them as often again. Small commits share what a string grows by itself.
    std::size_t bytes = 0;
    for (const model::Change& change : commit.changes) bytes += change.json.size() + change.id.size() + kChangeBytes;
    if (bytes > kReservedFrom) out.reserve(out.size() + bytes);
    // The frame's place is kept free and filled in afterwards, so that a commit is written once.
    const std::size_t start = out.size();
    out.append(kFrameBytes, '\0');
    ByteWriter writer(out);
    writer.varint(commit.seq);
    writer.varint(commit.at_ms);
    writer.varint(commit.changes.size());
    for (const model::Change& change : commit.changes) append_change(writer, change);
    const char type_byte = static_cast<char>(RecordType::commit);
    const std::string_view payload = std::string_view(out).substr(start + kFrameBytes);
    std::string frame;
    ByteWriter frame_writer(frame);
    frame_writer.fixed32(base::crc32c(payload, base::crc32c({&type_byte, 1})));
    frame_writer.fixed32(static_cast<std::uint32_t>(payload.size()));
    frame.push_back(type_byte);
    out.replace(start, kFrameBytes, frame);
}

base::Result<model::Commit> read_commit(std::string_view payload) {
    ByteReader in(payload);
    model::Commit commit;
    commit.seq = in.varint();
    commit.at_ms = in.varint();
    const std::uint64_t count = in.varint();
    commit.changes.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(count, payload.size() / 4)));  // the least that one takes
    for (std::uint64_t i = 0; in.ok() && i < count; ++i) {
        model::Change change;
        if (!read_change(in, change)) return damaged("a change does not decode");
        commit.changes.push_back(std::move(change));
    }
    if (!in.ok() || !in.at_end()) return damaged("a commit does not decode");
    return commit;
}

}  // namespace codeforge::persist
