// Bad input at dispatch: an error that names what was wrong, and a state that did not change.
#include <gtest/gtest.h>

#include <string>

#include "base/limits.hpp"
#include "unit/support/store_bench.hpp"

namespace codeforge::testing {
namespace {

using model::SliceId;

std::string deep_array(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

/// Dispatches and expects a refusal with that code and those words, and no change.
void expect_refused(StoreBench& bench, const std::string& frame, std::string_view code, std::initializer_list<std::string_view> words) {
    const std::string before = bench.everything();
    const std::string error = bench.dispatch(frame);
    EXPECT_EQ(error.substr(0, error.find(':')), code) << error;
    for (std::string_view word : words) EXPECT_NE(error.find(word), std::string::npos) << word << " in: " << error;
    EXPECT_TRUE(bench.everything() == before) << "the state changed";
}

TEST(BadInput, UnknownNames) {
    StoreBench bench;
    expect_refused(bench, frame_none("nothing/addFile"), "unknown-slice", {"nothing/addFile"});
    expect_refused(bench, frame_none("files/explode"), "unknown-action", {"files", "files/explode"});
    expect_refused(bench, frame_none("files"), "unknown-action", {"files"});
    expect_refused(bench, frame_none(""), "unknown-slice", {});
    expect_refused(bench, frame_none("__proto__/addFile"), "unknown-slice", {"__proto__"});
    expect_refused(bench, frame_json("$outbox/addItem", R"({"id":"a"})"), "unknown-slice", {"$outbox"});
}

TEST(BadInput, FramesThatAreCutOrUnknown) {
    StoreBench bench;
    const std::string type = "files/addFile";
    const std::string nul(1, '\0');
    for (const std::string& frame : {std::string(), type, type + nul, type + nul + "x", type + nul + "j", type + nul + "j" + nul + "{}" + nul + "{}",
                                     type + nul + "o" + nul + "id", type + nul + "a" + nul + "id", std::string(5, '\0')}) {
        const std::string before = bench.everything();
        EXPECT_NE(bench.dispatch(frame), "") << frame;
        EXPECT_TRUE(bench.everything() == before) << "the state changed";
    }
}

TEST(BadInput, PayloadsOfTheWrongType) {
    StoreBench bench;
    bench.json("files/addFile", R"({"id":"a","name":"n"})");
    for (std::string_view payload : {"null", "1", "\"a\"", "[]", "true", "{}", R"({"name":"x"})", R"({"id":1})", R"({"id":null})", R"({"id":""})", R"({"id":["a"]})"})
        expect_refused(bench, frame_json("files/addFile", payload), "malformed-payload", {"files/addFile"});
    expect_refused(bench, frame_none("files/addFile"), "malformed-payload", {"files/addFile"});
    expect_refused(bench, frame_json("files/addFile", R"({"id":"a","name":3})"), "malformed-payload", {"name", "a string", "a number"});
    expect_refused(bench, frame_json("models/addModel", R"({"id":"m","fields":{}})"), "malformed-payload", {"fields", "an array", "an object"});
    for (std::string_view payload : {"null", "1", "[]", "{}", R"({"id":1})"})
        expect_refused(bench, frame_json("files/removeItem", payload), "malformed-payload", {"files/removeItem"});
    for (std::string_view payload : {"null", "{}", "[1]", "[null]", R"([{"name":"x"}])"})
        expect_refused(bench, frame_json("files/setItems", payload), "malformed-payload", {"files/setItems"});
    expect_refused(bench, frame_json("files/setItems", R"([{"id":"a"},{"id":"a"}])"), "malformed-payload", {"payload[1]", "'a'"});
    expect_refused(bench, frame_json("files/setItems", R"([{"id":"a"},{"id":"b","name":3}])"), "malformed-payload", {"payload[1].name", "a string", "a number"});
    expect_refused(bench, frame_fields("models/addModel", {{"id", "'m"}, {"fields", "'[]"}}), "malformed-payload", {"fields", "an array", "a string"});
    expect_refused(bench, frame_fields("files/addFile", {{"id", "'"}}), "malformed-payload", {"id"});
    expect_refused(bench, frame_json("files/setActiveFile", "3"), "malformed-payload", {"files/setActiveFile", "a number"});
    expect_refused(bench, frame_json("theme/setCurrentTheme", "[]"), "malformed-payload", {"theme/setCurrentTheme"});
    expect_refused(bench, frame_json("settings/updateSettings", "[]"), "malformed-payload", {"settings/updateSettings"});
    expect_refused(bench, frame_json("sync/setFlaskConnected", "1"), "malformed-payload", {"sync/setFlaskConnected"});
}

TEST(BadInput, TextThatIsNotJson) {
    StoreBench bench;
    for (std::string_view payload : {"", "{", "{\"id\":\"a\"", "{\"id\":\"a\",}", "NaN", "{\"id\":\"a\",\"n\":NaN}", "{\"id\":\"\xff\"}", R"({"id":"\ud800"})", "undefined"})
        for (std::string_view type : {"files/addFile", "files/updateItem", "settings/updateSettings", "theme/setCurrentTheme"})
            expect_refused(bench, frame_json(type, payload), "malformed-payload", {type});
    expect_refused(bench, frame_fields("files/addFile", {{"id", R"("a")"}, {"content", "NaN"}}), "malformed-payload", {"payload.content"});
}

TEST(BadInput, NestingHasALimit) {
    StoreBench bench;
    ASSERT_EQ(bench.json("files/addFile", R"({"id":"a","x":)" + deep_array(base::kMaxDepth - 1) + "}"), "");
    for (std::size_t levels : {base::kMaxDepth, std::size_t{10'000}}) {
        const std::string deep = deep_array(levels);
        expect_refused(bench, frame_json("files/addFile", R"({"id":"b","x":)" + deep + "}"), "limit", {"files/addFile", std::to_string(base::kMaxDepth)});
        expect_refused(bench, frame_fields("files/addFile", {{"id", R"("b")"}, {"x", deep}}), "limit", {"payload.x"});
        expect_refused(bench, frame_fields("files/updateItem", {{"id", R"("a")"}, {"x", deep}}), "limit", {"payload.x"});
        expect_refused(bench, frame_json("files/setItems", R"([{"id":"b","x":)" + deep + "}]"), "limit", {"files/setItems"});
        expect_refused(bench, frame_items("files/setItems", {{"b", R"({"id":"b","x":)" + deep + "}"}}), "limit", {"files/setItems"});
    }
}

TEST(BadInput, NestingHasALimitInFieldsToo) {
    StoreBench bench;
    bench.json("theme/setCurrentTheme", R"({"id":"t","name":"T"})");
    const std::string deep = deep_array(10'000);
    expect_refused(bench, frame_fields("theme/updateThemeColors", {{"primary", deep}}), "limit", {"theme/updateThemeColors"});
    expect_refused(bench, frame_fields("settings/updateSettings", {{"x", deep}}), "limit", {"settings/updateSettings"});
    expect_refused(bench, frame_fields("theme/setCurrentTheme", {{"id", R"("t")"}, {"x", deep}}), "limit", {"theme/setCurrentTheme"});
    expect_refused(bench, frame_json("theme/updateThemeColors", R"({"x":)" + deep_array(base::kMaxDepth - 1) + "}"), "limit", {"theme/updateThemeColors"});
}

TEST(BadInput, ItemsHaveASizeLimit) {
    StoreBench bench;
    const std::string big = "\"" + std::string(base::kMaxItemBytes, 'x') + "\"";
    expect_refused(bench, frame_json("files/addFile", R"({"id":"a","content":)" + big + "}"), "limit", {"'a'", std::to_string(base::kMaxItemBytes)});
    expect_refused(bench, frame_fields("files/addFile", {{"id", R"("a")"}, {"content", big}}), "limit", {"'a'"});
    expect_refused(bench, frame_items("files/setItems", {{"a", R"({"id":"a","content":)" + big + "}"}}), "limit", {"'a'"});
}

TEST(BadInput, MergesCannotOutgrowTheSizeLimit) {
    StoreBench bench;
    const std::string half = "\"" + std::string(base::kMaxItemBytes / 2 + 10, 'x') + "\"";
    ASSERT_EQ(bench.json("files/addFile", R"({"id":"a","content":)" + half + "}"), "");
    expect_refused(bench, frame_fields("files/updateItem", {{"id", R"("a")"}, {"more", half}}), "limit", {"'a'"});
    expect_refused(bench, frame_fields("files/updateFile", {{"id", R"("a")"}, {"content", ""}, {"more", half}}), "limit", {"'a'"});
}

TEST(BadInput, IdsHaveALengthLimitAndOtherwiseAreFree) {
    StoreBench bench;
    expect_refused(bench, frame_json("files/addFile", R"({"id":")" + std::string(base::kMaxIdBytes + 1, 'i') + "\"}"), "limit", {"513", "512"});
    for (std::string_view id : {"a:b", "a/b", "a b", "../x", "__proto__", "constructor", "%2F", "~2F", "\xc3\xa9\xf0\x9f\x98\x80", "?#&"}) {
        ASSERT_EQ(bench.json("files/addFile", R"({"id":)" + base::quoted(id) + R"(,"__proto__":{"x":1}})"), "") << id;
        EXPECT_EQ(bench.item(SliceId::files, id), R"({"id":)" + base::quoted(id) + R"(,"__proto__":{"x":1}})");
        ASSERT_EQ(bench.json("files/removeItem", base::quoted(id)), "");
        EXPECT_EQ(bench.item(SliceId::files, id), "");
    }
    ASSERT_EQ(bench.json("files/addFile", R"({"id":"\u0061"})"), "");
    EXPECT_NE(bench.item(SliceId::files, "a"), "") << "an escaped id is the same id";
}

// "theme:current" is the key of the current theme, so an item of that id could never be pushed.
TEST(BadInput, ThemeItemNamedCurrent) {
    StoreBench bench;
    expect_refused(bench, frame_json("theme/addTheme", R"({"id":"current","name":"x"})"), "malformed-payload", {"current"});
    expect_refused(bench, frame_json("theme/setItems", R"([{"id":"current","name":"x"}])"), "malformed-payload", {"current"});
}

}  // namespace
}  // namespace codeforge::testing
