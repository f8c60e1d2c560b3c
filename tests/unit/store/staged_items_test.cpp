// Lists of items that arrive in pieces before their frame.
#include <gtest/gtest.h>

#include <string>

#include "base/limits.hpp"
#include "unit/support/store_bench.hpp"

namespace codeforge::testing {
namespace {

using model::SliceId;

std::string piece(Pairs pairs) { return frame_pairs("", 'a', pairs).substr(3); }

std::string frame_staged(std::string_view type) {
    std::string frame = frame_none(type);
    frame.back() = 's';
    return frame;
}

/// "" on success, else the error.
std::string dispatch(StoreBench& bench, std::string_view type, store::StagedItems& staged) {
    const std::string frame = frame_staged(type);
    auto action = store::parse_frame(frame, &staged);
    if (!action) return action.error().message;
    auto reduction = bench.store.reduce(*action, kNowMs);
    if (!reduction) return reduction.error().message;
    bench.applied = bench.store.commit(std::move(reduction->changes));
    return {};
}

TEST(StagedItems, DoWhatTheSameListDoesInOneFrame) {
    const std::string longer = R"({"id":"c","name":"a name that is longer than a short string","content":")" + std::string(100, 'x') + "\"}";
    for (const std::string_view type : {"files/setItems", "files/addItems"}) {
        StoreBench staged_bench;
        StoreBench bench;
        for (StoreBench* one : {&staged_bench, &bench}) one->json("files/setItems", R"([{"id":"b","name":"old"},{"id":"d"},{"id":"a"}])");
        store::StagedItems staged;
        ASSERT_TRUE(staged.add(piece({{"a", R"({"id":"a"})"}, {"b", R"({"id":"b","name":"new"})"}})));
        ASSERT_TRUE(staged.add(piece({{"c", longer}})));
        EXPECT_EQ(dispatch(staged_bench, type, staged), "");
        bench.dispatch(frame_items(type, {{"a", R"({"id":"a"})"}, {"b", R"({"id":"b","name":"new"})"}, {"c", longer}}));
        EXPECT_EQ(staged_bench.everything(), bench.everything()) << type;
        EXPECT_EQ(staged_bench.item(SliceId::files, "c"), longer);
    }
}

TEST(StagedItems, AreRefusedAsAWhole) {
    StoreBench bench;
    const std::string before = bench.everything();
    store::StagedItems twice;
    ASSERT_TRUE(twice.add(piece({{"a", R"({"id":"a"})"}, {"b", R"({"id":"b"})"}})));
    ASSERT_TRUE(twice.add(piece({{"a", R"({"id":"a"})"}})));
    EXPECT_NE(dispatch(bench, "files/setItems", twice).find("payload[2].id 'a' occurs twice"), std::string::npos);
    store::StagedItems wrong;
    ASSERT_TRUE(wrong.add(piece({{"a", R"({"id":"a","name":7})"}})));
    EXPECT_NE(dispatch(bench, "files/addItems", wrong).find("payload[0].name must be a string"), std::string::npos);
    EXPECT_EQ(bench.everything(), before);
}

TEST(StagedItems, CutOffPiecesAndTooManyBytes) {
    store::StagedItems staged;
    EXPECT_FALSE(staged.add("a"));
    const std::string big = piece({{"a", std::string(64u << 20, ' ')}});
    store::StagedItems most;
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(most.add(big));
    auto refused = most.add(big);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::Code::limit);
    EXPECT_TRUE(most.add(big)) << "what was there is dropped";
}

TEST(StagedItems, AFrameWithoutThemIsMalformed) { EXPECT_FALSE(store::parse_frame(frame_staged("files/setItems"))); }

}  // namespace
}  // namespace codeforge::testing
