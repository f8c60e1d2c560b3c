// The schema number of an item on the wire: put in, taken out, and never part of the item.
#include "sync/schema_stamp.hpp"

#include <gtest/gtest.h>

#include <string>

namespace codeforge::sync {
namespace {

TEST(SchemaStamp, TheFirstNumberIsNotWritten) {
    EXPECT_EQ(stamped(R"({"id":"a"})", 1), R"({"id":"a"})");
    EXPECT_EQ(stamped(R"({"id":"a"})", 1, true), R"({"$codeforgeSchema":1,"id":"a"})");
    EXPECT_EQ(stamped("{}", 2), R"({"$codeforgeSchema":2})");
}

TEST(SchemaStamp, WhatIsPutInComesOut) {
    for (std::uint64_t schema : {1u, 2u, 1'000'000u}) {
        for (std::string text : {R"({})", R"({"id":"a","n":{"x":[1]}})"}) {
            std::string json = stamped(text, schema, true);
            EXPECT_EQ(take_stamp(json), schema);
            EXPECT_EQ(json, text);
        }
    }
}

TEST(SchemaStamp, OnlyAMemberOfTheItemItselfCounts) {
    std::string json = R"({"id":"$codeforgeSchema","inner":{"$codeforgeSchema":7}})";
    const std::string before = json;
    EXPECT_EQ(take_stamp(json), 1u);
    EXPECT_EQ(json, before);
    json = R"({"$codeforgeSchema":"x","id":"a"})";
    EXPECT_EQ(take_stamp(json), 1u) << "nonsense is the first number";
    EXPECT_EQ(json, R"({"id":"a"})");
}

TEST(SchemaStamp, AnArrivalMarksWhatIsOlderAndEndsOtherMarks) {
    model::State state;
    state.apply(model::schema_numbers_change({3, 3}));
    const Key key{model::SliceId::files, "a"};
    const model::Changes older = arrived(state, key, 2);
    ASSERT_EQ(older.size(), 1u);
    state.apply(older.front());
    EXPECT_EQ(model::schema_of(state, state.table().at(key.slice), "a"), 2u);
    const model::Changes present = arrived(state, key, 3);
    ASSERT_EQ(present.size(), 1u);
    EXPECT_TRUE(present.front().erased);
    state.apply(present.front());
    EXPECT_TRUE(arrived(state, key, 3).empty());
}

}  // namespace
}  // namespace codeforge::sync
