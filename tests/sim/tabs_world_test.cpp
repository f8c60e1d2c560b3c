// Random schedules of tabs. TABS_SEEDS=n runs n seeds instead of the default, TABS_FIRST=s begins with
// seed s; TABS_TRACE=1 prints what happens.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "sim/tabs_world.hpp"

namespace codeforge::sim {
namespace {

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : fallback;
}

TabsOutcome run_seed(std::uint64_t seed) {
    TabsOptions options;
    options.seed = seed;
    options.verbose = std::getenv("TABS_TRACE") != nullptr;
    return run_tabs_world(options);
}

std::string report(const TabsOutcome& outcome) {
    std::string text;
    for (const std::string& violation : outcome.violations) text += "\n  " + violation;
    return text;
}

// Nothing of the first page was on the disk when the second one opened: what it edits builds on items that it has to add again.
TEST(Tabs, APageThatThawsHasAllOfItsEditsAgainSeed5749) {
    const TabsOutcome outcome = run_seed(5749);
    EXPECT_TRUE(outcome.violations.empty()) << report(outcome);
}

TEST(Tabs, RandomSchedulesKeepEveryPromise) {
    const std::uint64_t first = number_from("TABS_FIRST", 1);
    const std::uint64_t count = number_from("TABS_SEEDS", 300);
    int edits = 0, lost = 0, take_overs = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const TabsOutcome outcome = run_seed(seed);
        EXPECT_TRUE(outcome.violations.empty()) << "seed " << seed << ":" << report(outcome);
        edits += outcome.edits;
        lost += outcome.lost;
        take_overs += outcome.take_overs;
    }
    std::printf("%llu schedules: %d edits, %d lost with their tab before they were durable, %d take-overs\n", static_cast<unsigned long long>(count), edits, lost, take_overs);
    if (count < 20) return;
    EXPECT_GT(edits, static_cast<int>(count) * 20);
    EXPECT_GT(take_overs, static_cast<int>(count));
}

}  // namespace
}  // namespace codeforge::sim
