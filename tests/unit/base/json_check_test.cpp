// What the strict reader lets in and how it spells it, against nlohmann/json.
#include "base/json_check.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"

namespace codeforge::base {
namespace {

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST(JsonCheck, RefusesWhatIsNotStrictJson) {
    for (std::string_view text : {"", " ", "NaN", "[NaN]", "[Infinity]", "[-Infinity]", "{'a':1}", "{\"a\":1,}", "[1,]", "undefined", "01", "[1] x", "-", "1.",
                                  ".5", "1e", "1e+", "+1", "--1", "0x1", "tru", "nulll", "[,]", "{,}", "{\"a\"}", "{\"a\":}", "{1:2}", "[1 2]", "]", "{]", "[}",
                                  "// note\n1", "\"\t\"", "\"", "\"\\", "\"\\u12\"", "\"\\u12g4\"", "[\"\\x\"]", "{\"a\":1}{\"b\":2}", "1e400", "-1e309"}) {
        EXPECT_FALSE(Json::accept(text)) << text;
        const auto checked = check_json(text, "the thing");
        ASSERT_FALSE(checked.ok()) << text;
        EXPECT_EQ(checked.error().code, Code::malformed_payload);
        EXPECT_EQ(checked.error().message, "the thing is not valid JSON");
        EXPECT_FALSE(canonical_json(text, "the thing").ok()) << text;
        EXPECT_FALSE(parse_json(text, "the thing").ok()) << text;
    }
    const std::string_view kZeroByte("[1]\0", 4);
    EXPECT_FALSE(check_json(kZeroByte, "x").ok());
    EXPECT_FALSE(check_json(std::string_view("\"\\\0\"", 4), "x").ok());
}

TEST(JsonCheck, RefusesBadUtf8AndLoneSurrogates) {
    for (std::string_view text : {"\"\xff\"", "\"\xc3\"", "\"\xc0\xaf\"", "\"\xe0\x9f\xbf\"", "\"\xed\xa0\x80\"", "\"\xf0\x8f\xbf\xbf\"", "\"\xf4\x90\x80\x80\"",
                                  "\"\xf5\x80\x80\x80\"", "\"\xe2\x82\"", R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\ud800x")", R"({"\ud83d":1})"}) {
        EXPECT_FALSE(Json::accept(text)) << text;
        EXPECT_FALSE(check_json(text, "x").ok()) << text;
    }
    for (std::string_view text : {R"("\ud83d\ude00")", "\"\xf0\x9f\x98\x80\"", "\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"", "\"\x7f\""})
        EXPECT_TRUE(check_json(text, "x").ok()) << text;
}

TEST(JsonCheck, EveryByteSequenceOfThreeIsJudgedAsNlohmannJudgesIt) {
    Random random("utf8");
    for (int round = 0; round < 200'000; ++round) {
        std::string text = "\"";
        for (std::uint32_t i = 1 + random.next() % 4; i > 0; --i) text.push_back(static_cast<char>(random.next() % 4 == 0 ? random.next() : 0x80 | random.next()));
        text.push_back('"');
        ASSERT_EQ(check_json(text, "x").ok(), Json::accept(text)) << testing::PrintToString(text);
    }
}

TEST(JsonCheck, DepthHasALimitThatTheErrorNames) {
    EXPECT_TRUE(check_json(nested(kMaxDepth), "x").ok());
    EXPECT_TRUE(canonical_json(nested(kMaxDepth), "x").ok());
    for (std::size_t levels : {kMaxDepth + 1, std::size_t{10'000}, std::size_t{1'000'000}}) {
        const auto checked = check_json(nested(levels), "the import");
        ASSERT_FALSE(checked.ok());
        EXPECT_EQ(checked.error().code, Code::limit);
        EXPECT_EQ(checked.error().message, "the import is nested " + std::to_string(levels) + " levels deep; the limit is " + std::to_string(kMaxDepth));
        EXPECT_FALSE(canonical_json(nested(levels), "x").ok());
    }
}

TEST(JsonCheck, CanonicalTextHasOneSpelling) {
    EXPECT_EQ(*canonical_json(R"( { "b" : [ 2.0 , true ] , "a" : 1e0, "\u0061" : "\u0041\/\u00e9\n" } )", "x"), "{\"a\":\"A/\xc3\xa9\\n\",\"b\":[2,true]}");
    EXPECT_EQ(*canonical_json("[]", "x"), "[]");
    EXPECT_EQ(*canonical_json(" {} ", "x"), "{}");
    EXPECT_EQ(*canonical_json(R"({"a":{"b":1,"b":2},"a":{"b":3,"b":4}})", "x"), R"({"a":{"b":4}})") << "the last of equal names, as JSON.parse has it";
}

TEST(JsonCheck, NumbersAreSpelledAsJavaScriptSpellsThem) {
    const std::vector<std::pair<std::string_view, std::string_view>> kNumbers = {
        {"0", "0"}, {"-0", "0"}, {"0.0", "0"}, {"-0e5", "0"}, {"1.0", "1"}, {"1e2", "100"}, {"100", "100"}, {"-12.50", "-12.5"}, {"0.10", "0.1"}, {"1E-1", "0.1"},
        {"0.000001", "0.000001"}, {"0.0000001", "1e-7"}, {"1.5e-7", "1.5e-7"}, {"1e-07", "1e-7"}, {"1e20", "100000000000000000000"}, {"1e21", "1e+21"},
        {"123e20", "1.23e+22"}, {"999999999999999900000", "999999999999999900000"}, {"1.7976931348623157e308", "1.7976931348623157e+308"}, {"5e-324", "5e-324"},
        {"0.00001234e10", "123400"}, {"10e-1", "1"}, {"1e-99999999999999999999", "1e-1000000000"}};
    for (const auto& [text, expected] : kNumbers) EXPECT_EQ(*canonical_json(text, "x"), expected) << text;
}

TEST(JsonCheck, CanonicalNumbersKeepTheirValue) {
    Random random("numbers");
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        if (random.next() % 2 == 0) text.push_back('-');
        text += random.next() % 3 == 0 ? "0" : std::to_string(1 + random.next() % 99999);
        if (random.next() % 2 == 0) text += "." + std::string(random.next() % 5, '0') + std::to_string(random.next() % 1000);
        if (random.next() % 2 == 0) text += (random.next() % 2 == 0 ? "e" : "E") + std::string(random.next() % 2 == 0 ? "-" : "+") + std::to_string(random.next() % 320);
        const auto canonical = canonical_json(text, "x");
        ASSERT_EQ(canonical.ok(), Json::accept(text)) << text;
        if (!canonical) continue;
        EXPECT_EQ(std::strtod(canonical->c_str(), nullptr), std::strtod(text.c_str(), nullptr)) << text << " " << *canonical;
        EXPECT_EQ(*canonical_json(*canonical, "x"), *canonical);
        EXPECT_NEAR(number_member("{\"n\":" + text + "}", "n", 0), std::strtod(text.c_str(), nullptr), std::abs(std::strtod(text.c_str(), nullptr)) * 1e-12 + 1e-300) << text;
    }
}

/// A text of random structure and spelling.
std::string random_text(Random& random, int depth) {
    const std::string space(random.next() % 4 == 0 ? random.next() % 3 : 0, " \t\n\r"[random.next() % 4]);
    switch (random.next() % (depth > 0 ? 8 : 6)) {
        case 0: return space + "true";
        case 1: return "null" + space;
        case 2: return std::to_string(static_cast<int>(random.next() % 2000) - 1000) + (random.next() % 2 == 0 ? ".50" : "e1");
        case 3: return R"("\u0041\"\\\/\b\ud83d\ude00")";
        case 4: return "\"\xc3\xa9\xe2\x82\xac" + std::to_string(random.next() % 9) + "\"" + space;
        case 5: return "\"n" + std::to_string(random.next() % 9) + "\"";
        case 6: {
            std::string out = space + "[" + space;
            for (std::uint32_t i = random.next() % 4; i > 0; --i) out += random_text(random, depth - 1) + (i > 1 ? "," + space : "");
            return out + "]";
        }
        default: {
            std::string out = "{" + space;
            for (std::uint32_t i = random.next() % 5; i > 0; --i)
                out += "\"m" + std::to_string(random.next() % 5) + "\"" + space + ":" + random_text(random, depth - 1) + (i > 1 ? space + "," : "");
            return out + "}" + space;
        }
    }
}

TEST(JsonCheck, RandomTextsAreTheSameValuesAsForNlohmann) {
    Random random("texts");
    std::string before = "null";
    for (int round = 0; round < 5000; ++round) {
        const std::string text = random_text(random, 5);
        const Json expected = Json::parse(text, nullptr, false);
        ASSERT_FALSE(expected.is_discarded()) << text;
        const auto canonical = canonical_json(text, "x");
        ASSERT_TRUE(canonical.ok()) << text;
        EXPECT_EQ(Json::parse(*canonical, nullptr, false), expected) << text;
        EXPECT_EQ(*canonical_json(expected.dump(), "x"), *canonical) << text;
        EXPECT_TRUE(same_json(text, expected.dump(2)));
        EXPECT_EQ(same_json(text, before), expected == Json::parse(before, nullptr, false)) << text << before;
        before = text;
    }
}

TEST(JsonCheck, SpoiledTextsAreJudgedAsNlohmannJudgesThem) {
    Random random("spoiled");
    for (int round = 0; round < 40'000; ++round) {
        std::string text = random_text(random, 4);
        for (std::uint32_t edit = 1 + random.next() % 2; edit > 0; --edit) {
            const std::size_t at = random.next() % text.size();
            if (random.next() % 3 == 0) text.resize(at + 1);
            else text[at] = random.next() % 2 == 0 ? "{}[]:,\"\\0-+.eE truflsn"[random.next() % 22] : static_cast<char>(random.next());
        }
        const std::string exact(text.data(), text.size());  // its own allocation: the sanitizer sees one byte too many
        const bool expected = exact.find('\0') == std::string::npos && Json::accept(exact);  // nlohmann takes U+0000 for the end
        ASSERT_EQ(check_json(exact, "x").ok(), expected) << testing::PrintToString(exact);
        ASSERT_EQ(canonical_json(exact, "x").ok(), expected) << testing::PrintToString(exact);
    }
}

TEST(JsonCheck, SameJsonIgnoresOrderAndSpelling) {
    EXPECT_TRUE(same_json(R"({"a":1,"b":[2]})", R"({ "b" : [ 2.0 ], "a" : 1e0 })"));
    EXPECT_TRUE(same_json(R"("\u0041")", R"("A")"));
    EXPECT_FALSE(same_json("[1,2]", "[2,1]"));
    EXPECT_FALSE(same_json("{}", "[]"));
    EXPECT_FALSE(same_json("1", "\"1\""));
    EXPECT_FALSE(same_json(R"({"a":null})", "{}"));
    EXPECT_TRUE(same_json("broken", "broken"));
    EXPECT_FALSE(same_json("broken", "broken "));
}

TEST(JsonCheck, MembersOfTheWrongTypeGiveTheFallback) {
    const std::string_view object = R"({"s":"x","n":1.5,"b":true,"z":null,"":7,"t":"1","t":"2"})";
    EXPECT_EQ(string_member(object, "s"), "x");
    EXPECT_EQ(string_member(object, "n", "other"), "other");
    EXPECT_EQ(string_member(object, "t"), "2");
    EXPECT_EQ(number_member(object, "n", 0), 1.5);
    EXPECT_EQ(number_member(object, "", 0), 7);
    EXPECT_EQ(number_member(object, "s", 7), 7);
    EXPECT_TRUE(bool_member(object, "b", false));
    EXPECT_TRUE(bool_member(object, "z", true));
    EXPECT_EQ(string_member("[\"s\"]", "s", "none"), "none");
    EXPECT_EQ(string_member("3", "s"), "");
    EXPECT_FALSE(json_member("", "s").has_value());
    EXPECT_FALSE(json_member("[1]", "").has_value());
}

TEST(Json, TheTreeTakesWhatTheCheckTakes) {
    const auto parsed = parse_json(R"({"a":[1,"two"]})", "x");
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(dump_json(*parsed), R"({"a":[1,"two"]})");
    EXPECT_EQ(dump_json(Json("a\xff")), "\"a\xef\xbf\xbd\"");
    EXPECT_EQ(parse_json(nested(kMaxDepth + 1), "x").error().code, Code::limit);
}

}  // namespace
}  // namespace codeforge::base
