// The text scanner against nlohmann/json, and against text that is cut or spoiled anywhere.
#include "base/json_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/random.hpp"

namespace codeforge::base {
namespace {

const std::vector<std::string> kTexts = {
    R"({})", R"([])", R"({"a":1})", R"([1,"two",null,true,{"x":[]}])", R"({ "a" : [ 1 , 2 ] , "b" : "}" })",
    R"({"quote\"inside":"back\\slash","u":"\u00e9\ud83d\ude00\n\t"})", R"({"":"","deep":{"deep":{"deep":[[[{}]]]}}})",
    R"(["\\","\\\"","]","[\"]"])", "\n{\t\"a\"\r: -1.5e+3 ,\"b\":false}\n"};

std::string walked(std::string_view text) {
    JsonLevel level(text);
    std::string out;
    while (level.next()) out += std::string(level.name_token()) + "=" + std::string(level.value()) + ";";
    return level.ok() ? out : "bad";
}

TEST(JsonText, KindIsThatOfTheFirstCharacter) {
    EXPECT_EQ(json_kind("{}"), JsonKind::object);
    EXPECT_EQ(json_kind("[1]"), JsonKind::array);
    EXPECT_EQ(json_kind("\"a\""), JsonKind::string);
    EXPECT_EQ(json_kind("-1"), JsonKind::number);
    EXPECT_EQ(json_kind("true"), JsonKind::boolean);
    EXPECT_EQ(json_kind("null"), JsonKind::null);
    for (std::string_view text : {"", "NaN", "Infinity", "undefined", "+1", "'a'", " 1"})
        EXPECT_EQ(json_kind(text), JsonKind::invalid) << text;
}

TEST(JsonText, LevelFindsTheMembersThatNlohmannFinds) {
    for (const std::string& text : kTexts) {
        const Json whole = Json::parse(text, nullptr, false);
        ASSERT_FALSE(whole.is_discarded()) << text;
        std::size_t count = 0;
        JsonLevel level(text);
        while (level.next()) {
            const Json value = Json::parse(std::string(level.value()), nullptr, false);
            ASSERT_FALSE(value.is_discarded()) << level.value();
            EXPECT_EQ(value, whole.is_object() ? whole[level.name()] : whole[count]);
            ++count;
        }
        EXPECT_TRUE(level.ok()) << text;
        EXPECT_EQ(count, whole.size()) << text;
    }
}

TEST(JsonText, EveryTruncationIsAnError) {
    for (const std::string& text : kTexts) {
        const std::string whole = text.substr(0, text.find_last_of("}]") + 1);
        for (std::size_t length = 0; length < whole.size(); ++length) EXPECT_EQ(walked(whole.substr(0, length)), "bad") << whole.substr(0, length);
        EXPECT_NE(walked(whole), "bad");
    }
}

TEST(JsonText, MalformedStructureIsAnError) {
    for (std::string_view text : {"", "1", "\"a\"", "{,}", "[,]", "[1,]", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1 \"b\":2}",
                                  "[1 2]", "[]]", "{}{}", "[1]x", "{\"a\":[}", "[\"]", "{\"a\\\":1}"})
        EXPECT_EQ(walked(text), "bad") << text;
}

TEST(JsonText, SpoiledBytesNeverReadPastTheEnd) {
    Random random("spoiled");
    for (int round = 0; round < 4000; ++round) {
        std::string text = kTexts[random.next() % kTexts.size()];
        for (int edit = 0; edit < 3; ++edit) text[random.next() % text.size()] = static_cast<char>(random.next());
        const std::string exact(text.data(), text.size());  // its own allocation: the sanitizer sees one byte too many
        walked(exact);
        json_depth(exact);
        for (JsonLevel level(exact); level.next();) unquoted(level.value());
    }
}

TEST(JsonText, UnquotedResolvesEveryEscape) {
    EXPECT_EQ(unquoted(R"("plain")"), "plain");
    EXPECT_EQ(unquoted(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(unquoted(R"("\u0041\u00e9\u20AC")"), "A\xc3\xa9\xe2\x82\xac");
    EXPECT_EQ(unquoted(R"("a\u0000b")"), std::string("a\0b", 3));
    EXPECT_EQ(unquoted(R"("\ud83d\ude00")"), "\xf0\x9f\x98\x80");
}

TEST(JsonText, LoneSurrogatesBecomeTheReplacementCharacter) {
    const std::string kReplacement = "\xef\xbf\xbd";
    EXPECT_EQ(unquoted(R"("\ud83d")"), kReplacement);
    EXPECT_EQ(unquoted(R"("\ude00x")"), kReplacement + "x");
    EXPECT_EQ(unquoted(R"("\ud83d\ud83d\ude00")"), kReplacement + "\xf0\x9f\x98\x80");
    EXPECT_EQ(unquoted(R"("\ud83d\n")"), kReplacement + "\n");
}

TEST(JsonText, CutEscapesEndTheString) {
    for (std::string_view token : {R"("\)", R"("\u)", R"("\u12)", R"("\u12")", R"("\uzzzz")", R"("\ud83d\u")", R"("\ud83d\ude")", "\"", ""})
        unquoted(std::string(token));  // nothing but: it returns
    EXPECT_EQ(unquoted(R"("ab\u12")"), "ab");
}

TEST(JsonText, QuotedRoundTripsAnyBytes) {
    Random random("quoted");
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        for (std::uint32_t i = random.next() % 24; i > 0; --i) text.push_back(static_cast<char>(random.next() % 3 == 0 ? random.next() % 0x30 : random.next()));
        const std::string token = base::quoted(text);
        EXPECT_EQ(unquoted(token), text);
        for (char c : token) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
    }
}

TEST(JsonText, LongTextsAreQuotedWhole) {
    Random random("long");
    for (std::size_t size = 200; size < 800; size += 1 + random.next() % 3) {
        std::string text;
        while (text.size() < size) text.push_back(random.next() % 5 == 0 ? static_cast<char>(random.next() % 0x30) : 'x');
        EXPECT_EQ(unquoted(base::quoted(text)), text) << size;
        std::string behind = "before";
        base::append_quoted(behind, text);
        EXPECT_EQ(behind, "before" + base::quoted(text)) << size;
    }
}

TEST(JsonText, EveryCharacterIsQuotedAtEveryPlace) {
    for (int c = 0; c < 256; ++c) {
        for (std::size_t place = 0; place < 20; ++place) {
            std::string text(20, 'x');
            text[place] = static_cast<char>(c);
            const std::string token = base::quoted(text);
            EXPECT_EQ(unquoted(token), text);
            const bool is_plain = c >= 0x20 && c != '"' && c != '\\';
            EXPECT_EQ(token.size() == text.size() + 2, is_plain) << c << " at " << place;
        }
    }
    EXPECT_EQ(base::quoted("\b\f\n\r\t\x01"), R"("\b\f\n\r\t\u0001")") << "as JSON.stringify spells them";
}

TEST(JsonText, SameBytesSeesEveryDifference) {
    for (std::size_t size = 0; size < 40; ++size) {
        const std::string text(size, 'x');
        EXPECT_TRUE(same_bytes(text, std::string(text)));
        EXPECT_FALSE(same_bytes(text, text + "x"));
        for (std::size_t place = 0; place < size; ++place) {
            std::string other = text;
            other[place] = 'y';
            EXPECT_FALSE(same_bytes(text, other)) << size << " " << place;
        }
    }
}

TEST(JsonText, QuotedIsWhatNlohmannReads) {
    const std::string text = std::string("\x01\x1f \"\\/\n\r\t\b\f\0", 13) + "\xc3\xa9\xf0\x9f\x98\x80";
    const Json parsed = Json::parse(base::quoted(text), nullptr, false);
    ASSERT_TRUE(parsed.is_string());
    EXPECT_EQ(parsed.get<std::string>(), text);
}

TEST(JsonText, DepthCountsBracketsOutsideStrings) {
    EXPECT_EQ(json_depth("1"), 0u);
    EXPECT_EQ(json_depth("{}"), 1u);
    EXPECT_EQ(json_depth(R"({"a":[{"b":"[[[["}]})"), 3u);
    EXPECT_EQ(json_depth(R"(["\"[[", []])"), 2u);
    EXPECT_EQ(json_depth("]]]"), 0u);
    EXPECT_EQ(json_depth("[\"[["), 1u);
}

TEST(JsonText, DepthNeedsNoStack) {
    const std::string deep(1'000'000, '[');
    EXPECT_EQ(json_depth(deep), deep.size());
    EXPECT_EQ(walked(deep), "bad");
    EXPECT_NE(walked(deep + std::string(deep.size(), ']')), "bad");
}

}  // namespace
}  // namespace codeforge::base
