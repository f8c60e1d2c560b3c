#include "base/bytes.hpp"

#include <array>
#include <cstring>

namespace codeforge::base {

void ByteWriter::fixed32(std::uint32_t value) {
    const char bytes[4] = {static_cast<char>(value), static_cast<char>(value >> 8),
                           static_cast<char>(value >> 16), static_cast<char>(value >> 24)};
    out_.append(bytes, 4);
}

void ByteWriter::varint(std::uint64_t value) {
    while (value >= 0x80) {
        out_.push_back(static_cast<char>(value | 0x80));
        value >>= 7;
    }
    out_.push_back(static_cast<char>(value));
}

void ByteWriter::bytes(std::string_view value) {
    varint(value.size());
    out_.append(value);
}

std::uint8_t ByteReader::u8() {
    const std::string_view one = take(1);
    return one.empty() ? 0 : static_cast<std::uint8_t>(one[0]);
}

std::uint32_t ByteReader::fixed32() {
    const std::string_view four = take(4);
    if (four.size() != 4) return 0;
    std::uint32_t value = 0;
    for (int i = 3; i >= 0; --i) value = value << 8 | static_cast<std::uint8_t>(four[i]);
    return value;
}

std::uint64_t ByteReader::varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        const std::uint8_t byte = u8();
        if (!ok_) return 0;
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
}

std::string_view ByteReader::bytes() {
    const std::uint64_t length = varint();
    if (!ok_ || length > rest_.size()) {
        ok_ = false;
        return {};
    }
    return take(static_cast<std::size_t>(length));
}

std::string_view ByteReader::take(std::size_t count) {
    if (!ok_ || count > rest_.size()) {
        ok_ = false;
        return {};
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
}

namespace {

// Eight tables ("slicing by 8", Kounavis and Berry 2005) take 8 bytes a step. They are computed on
// first use: as constants they would add 8 KB of incompressible bytes to the wasm.
struct CrcTables {
    std::array<std::array<std::uint32_t, 256>, 8> t{};
    CrcTables() {
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t crc = i;
            for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
            t[0][i] = crc;
        }
        for (std::uint32_t i = 0; i < 256; ++i)
            for (int k = 1; k < 8; ++k) t[k][i] = t[k - 1][i] >> 8 ^ t[0][t[k - 1][i] & 0xff];
    }
};

/// Of a block; takes and gives the register, not its complement. A call of its own for each block: an engine that has
/// just compiled the module runs its quick code first, and changes to the optimised one only between calls.
[[gnu::noinline]] std::uint32_t crc_of_block(const CrcTables& tables, const char* p, std::size_t n, std::uint32_t crc) {
    const auto& t = tables.t;
    for (; n >= 8; n -= 8, p += 8) {
        std::uint32_t low = 0;
        std::uint32_t high = 0;
        std::memcpy(&low, p, 4);  // WebAssembly and every native target here are little endian
        std::memcpy(&high, p + 4, 4);
        low ^= crc;
        crc = t[7][low & 0xff] ^ t[6][low >> 8 & 0xff] ^ t[5][low >> 16 & 0xff] ^ t[4][low >> 24] ^
              t[3][high & 0xff] ^ t[2][high >> 8 & 0xff] ^ t[1][high >> 16 & 0xff] ^ t[0][high >> 24];
    }
    for (; n > 0; --n, ++p) crc = crc >> 8 ^ t[0][(crc ^ static_cast<std::uint8_t>(*p)) & 0xff];
    return crc;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed) {
    static const CrcTables tables;
    constexpr std::size_t kBlock = 16u << 10;
    std::uint32_t crc = ~seed;
    for (; bytes.size() > kBlock; bytes.remove_prefix(kBlock)) crc = crc_of_block(tables, bytes.data(), kBlock, crc);
    return ~crc_of_block(tables, bytes.data(), bytes.size(), crc);
}

}  // namespace codeforge::base
