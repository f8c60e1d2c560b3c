// Conflict records and every way to resolve one.
#include "sync/conflict.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/json.hpp"
#include "sync/outbox.hpp"
#include "unit/support/store_bench.hpp"

namespace codeforge::sync {
namespace {

using base::Json;
using model::SliceId;
using testing::kNowMs;
using testing::same_json;
using Text = std::optional<std::string>;

const std::string kKey = "files:a";
const std::string kBase = R"({"id":"a","name":"base","content":"base","path":"/","updatedAt":1})";
const std::string kLocal = R"({"id":"a","name":"base","content":"mine","path":"/","updatedAt":2})";
const std::string kRemote = R"({"id":"a","name":"theirs","content":"base","path":"/","updatedAt":3})";

class Conflict : public ::testing::Test {
protected:
    void diverge(const Text& base, const Text& local, const Text& remote) {
        state = model::State();
        if (local) apply({model::Change::put(SliceId::files, "a", *local)});
        Pending pending;
        pending.base = base;
        apply({pending_change(kKey, pending)});
        if (base) apply({model::Change::put(SliceId::shadow, kKey, "{}")});
        apply(conflict_recorded(state, kKey, remote, kNowMs));
    }
    void apply(const model::Changes& changes) {
        for (const model::Change& change : changes) state.apply(change);
    }
    std::string resolve(std::string_view strategy, const Text& custom = std::nullopt) {
        auto changes = conflict_resolved(state, kKey, strategy, custom, kNowMs);
        if (!changes) return changes.error().message;
        apply(*changes);
        return {};
    }
    std::string local() const { return local_text(state, *parse_key(state.table(), kKey)).value_or("absent"); }

    model::State state;
};

TEST_F(Conflict, RecordHoldsAllThreeVersions) {
    diverge(kBase, kLocal, kRemote);
    ASSERT_NE(state.find(SliceId::conflicts, kKey), nullptr);
    EXPECT_TRUE(same_json(state.find(SliceId::conflicts, kKey)->value.text(),
                          R"({"id":"files:a","entityType":"files","baseVersion":)" + kBase + R"(,"localVersion":)" + kLocal + R"(,"remoteVersion":)" + kRemote +
                              R"(,"localTimestamp":2,"remoteTimestamp":3,"conflictDetectedAt":)" + std::to_string(kNowMs) + "}"));
    diverge(kBase, std::nullopt, kRemote);
    EXPECT_EQ(state.find(SliceId::conflicts, kKey)->value.member("localVersion")->text(), "null");
}

TEST_F(Conflict, LocalKeepsTheValueAndRebasesIt) {
    diverge(kBase, kLocal, kRemote);
    EXPECT_EQ(resolve("local"), "");
    EXPECT_EQ(local(), kLocal);
    EXPECT_EQ(read_pending(state, kKey)->base, kRemote);
    EXPECT_EQ(compare(state, kKey, kRemote), Comparison::unchanged) << "the next push sends it";
    EXPECT_TRUE(state.items(SliceId::conflicts).empty());
}

TEST_F(Conflict, RemoteTakesTheServersValue) {
    diverge(kBase, kLocal, kRemote);
    EXPECT_EQ(resolve("remote"), "");
    EXPECT_EQ(local(), kRemote);
    EXPECT_FALSE(read_pending(state, kKey).has_value());
    diverge(kBase, kLocal, std::nullopt);
    EXPECT_EQ(resolve("remote"), "");
    EXPECT_EQ(local(), "absent");
    EXPECT_FALSE(server_has(state, kKey));
}

TEST_F(Conflict, MergeKeepsBothSidesMembers) {
    diverge(kBase, kLocal, kRemote);
    EXPECT_EQ(resolve("merge"), "");
    EXPECT_TRUE(same_json(local(), R"({"id":"a","name":"theirs","content":"mine","path":"/","updatedAt":)" + std::to_string(kNowMs) + "}"));
    EXPECT_EQ(read_pending(state, kKey)->base, kRemote);
}

TEST_F(Conflict, MergeOfMembersThatCameAndWent) {
    diverge(R"({"id":"a","gone":1,"kept":1,"both":0})", R"({"id":"a","kept":1,"new":2,"both":1})", R"({"id":"a","gone":1,"kept":1,"other":3,"both":2})");
    EXPECT_EQ(resolve("merge"), "");
    EXPECT_TRUE(same_json(local(), R"({"id":"a","kept":1,"new":2,"other":3,"both":1,"updatedAt":)" + std::to_string(kNowMs) + "}"))
        << "removed here and unchanged there: removed; changed on both sides: the local one";
}

TEST_F(Conflict, MergeWithOneSideDeletedIsTheOtherSideWhole) {
    diverge(kBase, kLocal, std::nullopt);
    EXPECT_EQ(resolve("merge"), "");
    Json merged = Json::parse(local(), nullptr, false);
    ASSERT_TRUE(merged.is_object());
    EXPECT_EQ(merged.value("id", ""), "a");
    EXPECT_EQ(merged.value("name", ""), "base");
    EXPECT_EQ(merged.value("content", ""), "mine");
    diverge(kBase, std::nullopt, kRemote);
    EXPECT_EQ(resolve("merge"), "");
    merged = Json::parse(local(), nullptr, false);
    ASSERT_TRUE(merged.is_object());
    EXPECT_EQ(merged.value("id", ""), "a");
    EXPECT_EQ(merged.value("name", ""), "theirs");
    EXPECT_EQ(merged.value("content", ""), "base");
}

TEST_F(Conflict, MergeOfTwoDeletionsIsADeletion) {
    diverge(kBase, kLocal, std::nullopt);
    state.apply(model::Change::erase(SliceId::files, "a"));
    EXPECT_EQ(resolve("merge"), "");
    EXPECT_EQ(state.find(SliceId::files, "a"), nullptr);
}

TEST_F(Conflict, ManualNeedsAnObjectAndKeepsTheId) {
    diverge(kBase, kLocal, kRemote);
    const std::string before = state.slice_text(SliceId::files) + state.slice_text(SliceId::conflicts);
    for (const Text& custom : {Text(), Text("3"), Text("[]"), Text("{")}) EXPECT_NE(resolve("manual", custom), "");
    EXPECT_NE(resolve("newest"), "");
    EXPECT_EQ(state.slice_text(SliceId::files) + state.slice_text(SliceId::conflicts), before);
    EXPECT_EQ(resolve("manual", R"({"id":"other","content":"by hand"})"), "");
    EXPECT_TRUE(same_json(local(), R"({"id":"a","content":"by hand"})"));
}

TEST_F(Conflict, ResolvingUsesWhatIsHereNow) {
    diverge(kBase, kLocal, kRemote);
    apply({{SliceId::files, false, "a", {"content"}, R"("newer")"}});
    EXPECT_EQ(resolve("local"), "");
    EXPECT_EQ(Json::parse(local(), nullptr, false).value("content", ""), "newer");
}

TEST_F(Conflict, ActionsOfTheSlice) {
    const auto act = [&](std::string_view action, std::string_view payload) {
        auto changes = carry_out_conflict_action(state, action, payload, kNowMs);
        if (!changes) return changes.error().message;
        apply(*changes);
        return std::string();
    };
    diverge(kBase, kLocal, kRemote);
    EXPECT_EQ(act("removeConflict", R"("files:a")"), "");
    EXPECT_TRUE(state.items(SliceId::conflicts).empty());
    EXPECT_TRUE(read_pending(state, kKey).has_value()) << "the divergence itself is not forgotten";
    diverge(kBase, kLocal, kRemote);
    EXPECT_EQ(act("clearConflicts", ""), "");
    EXPECT_TRUE(state.items(SliceId::conflicts).empty());
    diverge(kBase, kLocal, kRemote);
    EXPECT_EQ(act("resolveAllConflicts", R"("remote")"), "");
    EXPECT_EQ(local(), kRemote);
    diverge(kBase, kLocal, kRemote);
    EXPECT_EQ(act("resolveConflict", R"({"conflictId":"files:a","strategy":"manual","customVersion":{"content":"x"}})"), "");
    EXPECT_TRUE(same_json(local(), R"({"id":"a","content":"x"})"));
    for (std::string_view payload : {"null", "3", "{}", "[]", R"({"conflictId":"files:zzz","strategy":"local"})", R"({"conflictId":1})", "{"})
        EXPECT_NE(act("resolveConflict", payload), "") << payload;
    for (std::string_view payload : {"null", "{}", "[", "\"never\""}) {
        diverge(kBase, kLocal, kRemote);
        EXPECT_NE(act("resolveAllConflicts", payload), "") << payload;
        EXPECT_EQ(local(), kLocal);
    }
}

}  // namespace
}  // namespace codeforge::sync
