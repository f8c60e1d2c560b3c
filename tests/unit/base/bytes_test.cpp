// Varints, fixed numbers, length-prefixed bytes, and CRC-32C against its published vectors.
#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "base/random.hpp"

namespace codeforge::base {
namespace {

TEST(Crc32c, VectorsOfRfc3720) {
    EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
    EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
    std::string up;
    for (char c = 0; c < 32; ++c) up.push_back(c);
    EXPECT_EQ(crc32c(up), 0x46dd794eu);
    EXPECT_EQ(crc32c(std::string(up.rbegin(), up.rend())), 0x113fdb5cu);
    const unsigned char read_command[48] = {0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
                                            0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0};
    EXPECT_EQ(crc32c({reinterpret_cast<const char*>(read_command), sizeof read_command}), 0xd9963a56u);
    EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
    EXPECT_EQ(crc32c(""), 0u);
}

TEST(Crc32c, InPartsIsTheSameAsAtOnce) {
    Random random("crc");
    std::string bytes;
    for (int i = 0; i < 100; ++i) bytes.push_back(static_cast<char>(random.next()));
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut)
        EXPECT_EQ(crc32c(bytes.substr(cut), crc32c(bytes.substr(0, cut))), crc32c(bytes));
}

TEST(Crc32c, OfManyBlocksIsThatOfTheirPieces) {
    Random random("blocks");
    std::string bytes;
    for (int i = 0; i < 50'000; ++i) bytes.push_back(static_cast<char>(random.next()));
    for (const std::size_t piece : {std::size_t{1}, std::size_t{999}, std::size_t{16u << 10}, std::size_t{(16u << 10) + 1}}) {
        std::uint32_t crc = 0;
        for (std::size_t at = 0; at < bytes.size(); at += piece) crc = crc32c(std::string_view(bytes).substr(at, piece), crc);
        EXPECT_EQ(crc, crc32c(bytes)) << piece;
    }
}

TEST(Bytes, NumbersComeBack) {
    const std::uint64_t values[] = {0, 1, 127, 128, 300, 16383, 16384, 0xffffffffull, 1ull << 56, std::numeric_limits<std::uint64_t>::max()};
    std::string out;
    ByteWriter writer(out);
    for (std::uint64_t value : values) writer.varint(value);
    for (std::uint64_t value : values) writer.fixed32(static_cast<std::uint32_t>(value));
    writer.u8(0xfe);
    writer.bytes(std::string("a\0b", 3));
    ByteReader reader(out);
    for (std::uint64_t value : values) EXPECT_EQ(reader.varint(), value);
    for (std::uint64_t value : values) EXPECT_EQ(reader.fixed32(), static_cast<std::uint32_t>(value));
    EXPECT_EQ(reader.u8(), 0xfe);
    EXPECT_EQ(reader.bytes(), std::string_view("a\0b", 3));
    EXPECT_TRUE(reader.ok());
    EXPECT_TRUE(reader.at_end());
}

TEST(Bytes, ReadingPastTheEndIsReportedAndStays) {
    std::string out;
    ByteWriter writer(out);
    writer.bytes("hello");
    for (std::size_t length = 0; length < out.size(); ++length) {
        const std::string cut = out.substr(0, length);
        ByteReader reader(cut);
        EXPECT_EQ(reader.bytes(), "");
        EXPECT_FALSE(reader.ok());
        EXPECT_EQ(reader.u8(), 0);
        EXPECT_EQ(reader.varint(), 0u);
        EXPECT_EQ(reader.fixed32(), 0u);
        EXPECT_EQ(reader.take(1), "");
        EXPECT_FALSE(reader.ok());
    }
}

TEST(Bytes, LengthsBeyondTheInputAreRefused) {
    std::string huge;
    ByteWriter(huge).varint(std::numeric_limits<std::uint64_t>::max());
    ByteReader length(huge);
    EXPECT_EQ(length.bytes(), "");
    EXPECT_FALSE(length.ok());
    const std::string endless(11, '\xff');
    ByteReader number(endless);
    EXPECT_EQ(number.varint(), 0u);
    EXPECT_FALSE(number.ok());
}

}  // namespace
}  // namespace codeforge::base
