// The door to nlohmann/json: what it lets in, and that nothing behind it can stop the process.
#include "base/json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.hpp"

namespace codeforge::base {
namespace {

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST(Json, RefusesWhatIsNotStrictJson) {
    for (std::string_view text : {"", " ", "NaN", "[NaN]", "[Infinity]", "[-Infinity]", "{'a':1}", "{\"a\":1,}", "[1,]", "undefined", "01", "[1] x",
                                  "// note\n1", "\"\t\"", "[\"\\x\"]", "{\"a\":1}{\"b\":2}"}) {
        const auto parsed = parse_json(text, "the thing");
        ASSERT_FALSE(parsed.ok()) << text;
        EXPECT_EQ(parsed.error().code, Code::malformed_payload);
        EXPECT_EQ(parsed.error().message, "the thing is not valid JSON");
        EXPECT_FALSE(check_json(text, "the thing").ok()) << text;
    }
}

TEST(Json, RefusesBadUtf8AndLoneSurrogates) {
    for (std::string_view text : {"\"\xff\"", "\"\xc3\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf5\x80\x80\x80\"", R"("\ud800")", R"("\udc00")", R"({"\ud83d":1})"}) {
        EXPECT_FALSE(parse_json(text, "x").ok()) << text;
        EXPECT_FALSE(check_json(text, "x").ok()) << text;
    }
    EXPECT_TRUE(parse_json(R"("\ud83d\ude00")", "x").ok());
}

TEST(Json, DepthHasALimitThatTheErrorNames) {
    EXPECT_TRUE(parse_json(nested(kMaxDepth), "x").ok());
    for (std::size_t levels : {kMaxDepth + 1, std::size_t{10'000}, std::size_t{1'000'000}}) {
        const auto parsed = parse_json(nested(levels), "the import");
        ASSERT_FALSE(parsed.ok());
        EXPECT_EQ(parsed.error().code, Code::limit);
        EXPECT_EQ(parsed.error().message, "the import is nested " + std::to_string(levels) + " levels deep; the limit is " + std::to_string(kMaxDepth));
        EXPECT_FALSE(check_json(nested(levels), "x").ok());
    }
}

TEST(Json, DumpReplacesBadUtf8) {
    EXPECT_EQ(dump_json(Json("a\xff")), "\"a\xef\xbf\xbd\"");
    EXPECT_EQ(dump_json(Json::parse("1.0")), "1.0");
}

TEST(Json, SameJsonIgnoresOrderAndSpelling) {
    EXPECT_TRUE(same_json(R"({"a":1,"b":[2]})", R"({ "b" : [ 2.0 ], "a" : 1e0 })"));
    EXPECT_TRUE(same_json(R"("\u0041")", R"("A")"));
    EXPECT_FALSE(same_json("[1,2]", "[2,1]"));
    EXPECT_FALSE(same_json("{}", "[]"));
    EXPECT_FALSE(same_json("1", "\"1\""));
    EXPECT_FALSE(same_json(R"({"a":null})", "{}"));
    EXPECT_TRUE(same_json("broken", "broken"));
    EXPECT_FALSE(same_json("broken", "broken "));
}

TEST(Json, MembersOfTheWrongTypeGiveTheFallback) {
    const Json object = Json::parse(R"({"s":"x","n":1.5,"b":true,"z":null})");
    EXPECT_EQ(string_member(object, "s"), "x");
    EXPECT_EQ(string_member(object, "n", "other"), "other");
    EXPECT_EQ(number_member(object, "n", 0), 1.5);
    EXPECT_EQ(number_member(object, "s", 7), 7);
    EXPECT_TRUE(bool_member(object, "b", false));
    EXPECT_TRUE(bool_member(object, "z", true));
    EXPECT_EQ(string_member(Json::array(), "s", "none"), "none");
    EXPECT_EQ(string_member(Json(3), "s"), "");
}

}  // namespace
}  // namespace codeforge::base
