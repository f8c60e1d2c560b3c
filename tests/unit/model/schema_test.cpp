// The schema number of a store: marks for what is older, and commits that never leave it in between.
#include "model/schema.hpp"

#include <gtest/gtest.h>

#include <string>

namespace codeforge::model {
namespace {

constexpr std::string_view kSlices = R"(["files","theme","settings"])";

void run_all(State& state, const Changes& changes) {
    for (const Change& change : changes) EXPECT_TRUE(state.apply(change));
}

State filled() {
    State state;
    for (std::string_view id : {"a", "b"}) state.apply(Change::put(SliceId::files, id, R"({"id":")" + std::string(id) + R"("})"));
    state.apply(Change::put(SliceId::models, "m", R"({"id":"m"})"));
    state.apply(Change::field(SliceId::theme, "currentTheme", R"({"id":"t"})"));
    state.apply(Change::put(SliceId::history, "h", "{}"));
    return state;
}

std::string done(std::string_view id) { return R"([{"slice":"files","id":")" + std::string(id) + R"(","item":{"id":")" + std::string(id) + R"(","new":1}}])"; }

std::uint64_t number_of(const State& state, SliceId slice, std::string_view id) { return schema_of(state, state.table().at(slice), id); }

TEST(Schema, AStoreWithoutRecordIsAtTheFirstNumber) {
    const State state = filled();
    EXPECT_EQ(schema_numbers(state).version, 1u);
    EXPECT_EQ(number_of(state, SliceId::files, "a"), 1u);
    EXPECT_TRUE(begin_migration(state, 1, kSlices, false).empty());
}

TEST(Schema, AFreshStoreIsAtTheApplicationsNumber) {
    State state;
    run_all(state, begin_migration(state, 3, kSlices, true));
    EXPECT_EQ(schema_numbers(state).version, 3u);
    EXPECT_EQ(state.items(SliceId::schema).size(), 1u);
}

TEST(Schema, WhatIsThereIsMarkedWhereThereAreSteps) {
    State state = filled();
    run_all(state, begin_migration(state, 3, kSlices, false));
    EXPECT_EQ(schema_numbers(state).version, 1u);
    EXPECT_EQ(schema_numbers(state).level, 3u);
    EXPECT_EQ(number_of(state, SliceId::files, "a"), 1u);
    EXPECT_EQ(number_of(state, SliceId::theme, ""), 1u) << "the theme in use is an item too";
    EXPECT_EQ(number_of(state, SliceId::settings, ""), 1u);
    EXPECT_EQ(number_of(state, SliceId::models, "m"), 3u) << "no steps, so nothing to do";
    EXPECT_TRUE(state.items(SliceId::history).empty()) << "steps of undo would bring the old shape back";
    EXPECT_TRUE(begin_migration(state, 3, kSlices, false).empty()) << "once";
}

TEST(Schema, TheVersionMovesWithTheLastMark) {
    State state = filled();
    run_all(state, begin_migration(state, 2, R"(["files"])", false));
    run_all(state, *carry_out_migration(state, done("a")));
    EXPECT_EQ(state.find(SliceId::files, "a")->value.text(), R"({"id":"a","new":1})");
    EXPECT_EQ(number_of(state, SliceId::files, "a"), 2u);
    EXPECT_EQ(schema_numbers(state).version, 1u);
    EXPECT_TRUE(carry_out_migration(state, done("a"))->empty()) << "a second time it is not asked for any more";
    run_all(state, *carry_out_migration(state, done("b")));
    EXPECT_EQ(schema_numbers(state).version, 2u);
    EXPECT_EQ(state.items(SliceId::schema).size(), 1u);
}

TEST(Schema, AFailedStepKeepsItsMarkAndHoldsNobodyUp) {
    State state = filled();
    run_all(state, begin_migration(state, 2, R"(["files"])", false));
    run_all(state, *carry_out_migration(state, R"([{"slice":"files","id":"a","failed":{"step":2,"message":"no"}}])"));
    run_all(state, *carry_out_migration(state, done("b")));
    EXPECT_EQ(schema_numbers(state).version, 2u);
    EXPECT_EQ(number_of(state, SliceId::files, "a"), 1u);
    EXPECT_EQ(state.find(SliceId::files, "a")->value.text(), R"({"id":"a"})");
    run_all(state, begin_migration(state, 4, R"(["files"])", false));
    EXPECT_EQ(number_of(state, SliceId::files, "a"), 1u) << "it is still what it was";
    EXPECT_EQ(number_of(state, SliceId::files, "b"), 2u);
}

TEST(Schema, AnItemThatIsGoneEndsItsMark) {
    State state = filled();
    run_all(state, begin_migration(state, 2, R"(["files"])", false));
    state.apply(Change::erase(SliceId::files, "a"));
    run_all(state, *carry_out_migration(state, R"([{"slice":"files","id":"a"}])"));
    EXPECT_EQ(state.find(SliceId::files, "a"), nullptr);
    EXPECT_EQ(state.find(SliceId::schema, "files:a"), nullptr);
}

TEST(Schema, WholeWritesEndMarks) {
    State state = filled();
    run_all(state, begin_migration(state, 2, R"(["files","theme"])", false));
    const Changes written{Change::put(SliceId::files, "a", "{}"), Change::field(SliceId::theme, "currentTheme", "{}"), Change::field(SliceId::files, "loading", "true")};
    const Changes settled = marks_settled(state, written);
    ASSERT_EQ(settled.size(), 2u);
    EXPECT_EQ(settled[0].id, "files:a");
    EXPECT_EQ(settled[1].id, "theme:");
}

/// The crash test of a migration: the log is cut behind any commit, and every item is old with its mark or new without.
TEST(Schema, EveryPrefixOfTheCommitsIsConsistent) {
    std::vector<Changes> commits;
    State state = filled();
    const auto commit = [&](Changes changes) {
        run_all(state, changes);
        commits.push_back(std::move(changes));
    };
    commit(begin_migration(state, 2, R"(["files"])", false));
    commit(*carry_out_migration(state, done("b")));
    commit({Change::put(SliceId::files, "c", R"({"id":"c","new":1})")});
    commit(*carry_out_migration(state, done("a")));
    for (std::size_t cut = 0; cut <= commits.size(); ++cut) {
        State recovered = filled();
        for (std::size_t i = 0; i < cut; ++i) run_all(recovered, commits[i]);
        run_all(recovered, begin_migration(recovered, 2, R"(["files"])", false));  // what the next start does
        for (const auto& [id, item] : recovered.items(SliceId::files))
            EXPECT_EQ(item.value.member("new") != nullptr, number_of(recovered, SliceId::files, id) == 2) << cut << " " << id;
        for (std::string_view id : {"a", "b"}) run_all(recovered, *carry_out_migration(recovered, done(id)));
        EXPECT_EQ(schema_numbers(recovered).version, 2u) << cut;
        for (const auto& [id, item] : recovered.items(SliceId::files)) EXPECT_NE(item.value.member("new"), nullptr) << cut << " " << id;
    }
}

TEST(Schema, DamagedRecordsAreHarmless) {
    State state = filled();
    state.apply(Change::put(SliceId::schema, "version", R"({"version":"x","level":-1})"));
    EXPECT_EQ(schema_numbers(state).level, 1u);
    EXPECT_FALSE(carry_out_migration(state, R"([{"slice":"nothing","id":"a"}])").ok());
    EXPECT_TRUE(carry_out_migration(state, R"([7])").ok() == false);
}

}  // namespace
}  // namespace codeforge::model
