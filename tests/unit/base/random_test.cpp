// The seeded generator: repeatable, spread out, and as different as its seeds.
#include "base/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <unordered_map>

#include "base/bytes.hpp"

namespace codeforge::base {
namespace {

TEST(Random, SameSeedSameSequence) {
    Random left("seed");
    Random right("seed");
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(left.next(), right.next());
}

TEST(Random, OtherSeedOtherSequence) {
    EXPECT_NE(Random("a").hex(16), Random("b").hex(16));
    EXPECT_NE(Random("").hex(16), Random(std::string_view("\0", 1)).hex(16));
}

TEST(Random, UnitIsUniformEnough) {
    Random random("uniform");
    std::array<int, 10> buckets{};
    for (int i = 0; i < 100'000; ++i) {
        const double value = random.unit();
        ASSERT_GE(value, 0.0);
        ASSERT_LT(value, 1.0);
        ++buckets[static_cast<std::size_t>(value * 10)];
    }
    for (int count : buckets) EXPECT_NEAR(count, 10'000, 500);  // five standard deviations
}

TEST(Random, HexHasTheDigitsAskedFor) {
    Random random("hex");
    for (int digits : {0, 1, 16, 33}) {
        const std::string text = random.hex(digits);
        EXPECT_EQ(text.size(), static_cast<std::size_t>(digits));
        EXPECT_EQ(text.find_first_not_of("0123456789abcdef"), std::string::npos);
    }
}

// Client ids come from here. Seeds of 128 bits must not collapse into 32: two clients with one id
// would take each other's mutations for their own.
TEST(Random, SeedsWithEqualChecksumDiffer) {
    Random source("seeds");
    std::unordered_map<std::uint32_t, std::string> by_checksum;
    int collisions = 0;
    for (int i = 0; i < 400'000 && collisions < 3; ++i) {
        const std::string seed = source.hex(32);
        const auto [known, is_new] = by_checksum.emplace(crc32c(seed), seed);
        if (is_new || known->second == seed) continue;
        ++collisions;
        EXPECT_NE(Random(known->second).hex(16), Random(seed).hex(16)) << known->second << " and " << seed;
    }
    EXPECT_GT(collisions, 0);
}

}  // namespace
}  // namespace codeforge::base
