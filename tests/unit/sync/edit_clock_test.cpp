// Every key's own pause, and its bound.
#include "sync/edit_clock.hpp"

#include <gtest/gtest.h>

namespace codeforge::testing {
namespace {

TEST(EditClock, EachKeyRestsByItself) {
    sync::EditClock clock;
    EXPECT_FALSE(clock.earliest_ms());
    clock.edited("files:a", 300, 1000);
    clock.edited("theme:b", 900, 1100);
    EXPECT_EQ(clock.keys(), 2u);
    EXPECT_EQ(clock.earliest_ms(), 1300u);
    EXPECT_FALSE(clock.is_resting("files:a", 1299));
    EXPECT_TRUE(clock.is_resting("files:a", 1300));
    EXPECT_FALSE(clock.is_resting("theme:b", 1300));
    EXPECT_TRUE(clock.is_resting("models:never-edited", 0));
    clock.forget_resting(1300);
    EXPECT_EQ(clock.keys(), 1u);
    clock.settle(1300);
    EXPECT_EQ(clock.earliest_ms(), 2000u);
}

TEST(EditClock, AnEditStartsThePauseAnewUpToItsBound) {
    sync::EditClock clock;
    for (std::uint64_t now = 1000; now <= 1900; now += 100) clock.edited("files:a", 300, now);
    clock.settle(1300);
    EXPECT_EQ(clock.earliest_ms(), 2000u) << "one second after the first edit";
    EXPECT_FALSE(clock.is_resting("files:a", 1999));
    EXPECT_TRUE(clock.is_resting("files:a", 2000));
    sync::EditClock slow;
    slow.edited("files:a", 5000, 0);
    slow.edited("files:a", 5000, 4000);
    slow.settle(5000);
    EXPECT_EQ(slow.earliest_ms(), 5000u) << "a pause of its own that is longer is the bound";
}

TEST(EditClock, TheToldTimeIsNeverTooLate) {
    sync::EditClock clock;
    clock.edited("a", 300, 1000);
    clock.edited("b", 300, 1050);
    clock.edited("a", 300, 1200);
    EXPECT_EQ(clock.earliest_ms(), 1300u) << "a lower bound";
    clock.settle(1299);
    EXPECT_EQ(clock.earliest_ms(), 1300u);
    clock.settle(1300);
    EXPECT_EQ(clock.earliest_ms(), 1350u);
}

}  // namespace
}  // namespace codeforge::testing
