// Writes and reads the binary pieces of the disk formats: LEB128 varints, fixed 32-bit little
// endian numbers, length-prefixed bytes. Readers never read past the end: they report it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace codeforge::base {

class ByteWriter {
public:
    explicit ByteWriter(std::string& out) : out_(out) {}

    void u8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
    void fixed32(std::uint32_t value);
    void varint(std::uint64_t value);
    /// varint length, then the bytes.
    void bytes(std::string_view value);

private:
    std::string& out_;
};

/// After the first failed read ok() is false and every further read gives zero or "".
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    std::uint8_t u8();
    std::uint32_t fixed32();
    std::uint64_t varint();
    std::string_view bytes();
    /// The next `count` bytes without a length in front.
    std::string_view take(std::size_t count);

    bool ok() const { return ok_; }
    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
    bool ok_ = true;
};

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4), as leveldb's log uses it.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

}  // namespace codeforge::base
