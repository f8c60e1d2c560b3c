// The state: order of items, fields, and changes that lead nowhere.
#include "model/state.hpp"

#include <gtest/gtest.h>

#include <string>

namespace codeforge::model {
namespace {

std::string ids(const State& state) {
    std::string out;
    for (const auto& [id, item] : state.ordered(SliceId::files)) out += id;
    return out;
}

void put(State& state, std::string_view id, std::string json = "{}") { state.apply(Change::put(SliceId::files, id, std::move(json))); }

TEST(State, BeginsWithTheTablesInitialFields) {
    const State state;
    for (const SliceDef& def : slices()) {
        for (const StateFieldDef& field : def.fields) {
            ASSERT_NE(state.field(def.id, field.name), nullptr) << def.name << "." << field.name;
            EXPECT_EQ(state.field(def.id, field.name)->text(), field.initial);
        }
        EXPECT_TRUE(state.items(def.id).empty());
    }
    EXPECT_EQ(state.slice_text(SliceId::files), R"({"items":[],"fields":{"activeFileId":null,"loading":false,"error":null}})");
}

TEST(State, ItemsKeepTheOrderOfInsertion) {
    State state;
    for (std::string_view id : {"c", "a", "b"}) put(state, id);
    EXPECT_EQ(ids(state), "cab");
    put(state, "a", R"({"x":1})");
    EXPECT_EQ(ids(state), "cab") << "a replaced item keeps its place";
    state.apply(Change::erase(SliceId::files, "c"));
    put(state, "c");
    EXPECT_EQ(ids(state), "abc") << "an item that comes back stands at the end";
}

TEST(State, RestoredItemsKeepTheirPlacesAndLaterOnesFollow) {
    State state;
    state.restore(SliceId::files, "b", "{}", 7);
    state.restore(SliceId::files, "a", "{}", 3);
    put(state, "z");
    EXPECT_EQ(ids(state), "abz");
}

TEST(State, OrderHoldsHoweverFarApartTheItemsAre) {
    State far;
    far.restore(SliceId::files, "b", "{}", 1'000'000'000'000);
    far.restore(SliceId::files, "a", "{}", 3);
    far.restore(SliceId::files, "c", "{}", UINT64_MAX - 1);
    EXPECT_EQ(ids(far), "abc");
    State near;
    for (std::uint64_t i = 0; i < 26; ++i) near.restore(SliceId::files, std::string(1, static_cast<char>('z' - i)), "{}", 1000 - 3 * i);
    EXPECT_EQ(ids(near), "abcdefghijklmnopqrstuvwxyz");
    near.restore(SliceId::files, "A", "{}", 1000);
    EXPECT_EQ(ids(near), "abcdefghijklmnopqrstuvwxyAz") << "two in one place stand in the order of their ids";
    EXPECT_EQ(ids(State()), "");
}

TEST(State, ChangesThatLeadNowhereAreReported) {
    State state;
    EXPECT_FALSE(state.apply({SliceId::files, false, "x", {"name"}, "1"}));
    EXPECT_FALSE(state.apply({SliceId::files, false, "", {}, "{}"}));
    EXPECT_FALSE(state.apply({SliceId::files, false, "", {"loading", "deeper"}, "1"}));
    EXPECT_TRUE(state.apply(Change::erase(SliceId::files, "x"))) << "erasing what is absent is no error";
    put(state, "x");
    EXPECT_TRUE(state.apply({SliceId::files, true, "x", {"name"}, {}}));
    EXPECT_FALSE(state.apply({SliceId::files, false, "x", {"a", "b"}, "1"}));
    EXPECT_EQ(state.find(SliceId::files, "x")->value.text(), "{}");
}

TEST(State, SlicesAndIdsDoNotMix) {
    State state;
    for (std::string_view id : {"__proto__", "a:b", "a/b", "a b", "\xc3\xa9", "constructor"}) put(state, id);
    EXPECT_EQ(state.items(SliceId::files).size(), 6u);
    EXPECT_EQ(state.find(SliceId::models, "a:b"), nullptr);
    EXPECT_EQ(state.find(SliceId::files, "a"), nullptr);
}

}  // namespace
}  // namespace codeforge::model
