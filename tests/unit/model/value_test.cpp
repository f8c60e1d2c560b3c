// Value against a plain document: random edits give the same value, and taking one apart changes
// nothing that a reader can see.
#include "model/value.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/json.hpp"
#include "base/random.hpp"

namespace codeforge::model {
namespace {

using base::Json;
using base::JsonKind;

Json random_json(base::Random& random, int depth) {
    switch (random.next() % (depth > 0 ? 8 : 5)) {
        case 0: return nullptr;
        case 1: return random.next() % 2 == 0;
        case 2: return static_cast<int>(random.next() % 1000) - 500;
        case 3: return random.unit();
        case 4: return "t\"\\\n" + random.hex(4);
        case 5: {
            Json array = Json::array();
            for (std::uint32_t i = random.next() % 4; i > 0; --i) array.push_back(random_json(random, depth - 1));
            return array;
        }
        default: break;
    }
    Json object = Json::object();
    for (std::uint32_t i = random.next() % 5; i > 0; --i) object["m" + std::to_string(random.next() % 6)] = random_json(random, depth - 1);
    return object;
}

/// A path that leads somewhere in `document` as far as the dice allow, and one step more.
Path random_path(base::Random& random, const Json& document) {
    Path path;
    const Json* at = &document;
    while (path.size() < 5) {
        if (at->is_object()) {
            path.emplace_back(std::string_view("m" + std::to_string(random.next() % 6)));
            const auto next = at->find(path.back().name);
            if (next == at->end()) break;
            at = &*next;
        } else if (at->is_array()) {
            path.emplace_back(static_cast<std::uint32_t>(random.next() % (at->size() + 2)));
            if (path.back().index >= at->size()) break;
            at = &(*at)[path.back().index];
        } else {
            if (random.next() % 3 == 0) path.emplace_back("nowhere");
            break;
        }
        if (random.next() % 3 == 0) break;
    }
    return path;
}

Json* parent_in(Json& document, const Path& path) {
    Json* at = &document;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        if (path[i].is_index ? !at->is_array() || path[i].index >= at->size() : !at->is_object() || !at->contains(path[i].name)) return nullptr;
        at = path[i].is_index ? &(*at)[path[i].index] : &(*at)[path[i].name];
    }
    return at;
}

bool oracle_set(Json& document, const Path& path, const Json& value) {
    if (path.empty()) {
        document = value;
        return true;
    }
    Json* parent = parent_in(document, path);
    const PathStep& last = path.back();
    if (parent == nullptr) return false;
    if (last.is_index) {
        if (!parent->is_array() || last.index > parent->size()) return false;
        if (last.index == parent->size()) parent->push_back(value);
        else (*parent)[last.index] = value;
        return true;
    }
    if (!parent->is_object()) return false;
    (*parent)[last.name] = value;
    return true;
}

bool oracle_erase(Json& document, const Path& path) {
    Json* parent = path.empty() ? nullptr : parent_in(document, path);
    if (parent == nullptr) return false;
    const PathStep& last = path.back();
    if (last.is_index) {
        if (!parent->is_array() || last.index >= parent->size()) return false;
        parent->erase(last.index);
        return true;
    }
    return parent->is_object() && parent->erase(last.name) == 1;
}

TEST(Value, RandomEditsAgreeWithADocument) {
    for (int seed = 0; seed < 150; ++seed) {
        base::Random random("value-" + std::to_string(seed));
        Json oracle = random_json(random, 4);
        Value value(oracle.dump());
        for (int step = 0; step < 60; ++step) {
            const Path path = random_path(random, oracle);
            if (random.next() % 3 == 0) {
                ASSERT_EQ(value.erase(path), oracle_erase(oracle, path)) << "seed " << seed << " step " << step;
            } else {
                const Json next = random_json(random, 3);
                ASSERT_EQ(value.set(path, Value(next.dump())), oracle_set(oracle, path, next)) << "seed " << seed << " step " << step;
            }
            ASSERT_EQ(Json::parse(value.text(), nullptr, false), oracle) << "seed " << seed << " step " << step;
        }
    }
}

TEST(Value, ReadersSeeWhatTheDocumentHas) {
    const Value value(R"({"a":[1,{"b":"x"}],"c":null,"":true})");
    EXPECT_EQ(value.kind(), JsonKind::object);
    EXPECT_EQ(value.at({"a", 1u, "b"})->text(), "\"x\"");
    EXPECT_EQ(value.member("")->text(), "true");
    EXPECT_EQ(value.member("c")->kind(), JsonKind::null);
    EXPECT_EQ(value.member("d"), nullptr);
    EXPECT_EQ(value.element(0), nullptr);
    EXPECT_EQ(value.at({"a", 2u}), nullptr);
    EXPECT_EQ(value.at({"a", "0"}), nullptr);
    EXPECT_EQ(value.at({0u}), nullptr);
    EXPECT_EQ(value.at({"c", "x"}), nullptr);
    EXPECT_EQ(value.member("a")->element(0)->text(), "1");
    EXPECT_EQ(value.members().size(), 3u);
    EXPECT_TRUE(Value("3").members().empty());
    EXPECT_EQ(Value().text(), "null");
}

TEST(Value, TakingApartKeepsCompactText) {
    base::Random random("expansion");
    for (int round = 0; round < 200; ++round) {
        const std::string text = random_json(random, 4).dump();
        Value value(text);
        const Value copy(value);
        for (const Value::Member& member : value.members()) member.value.members();
        EXPECT_EQ(value.text(), text);
        EXPECT_EQ(copy.text(), text);
        EXPECT_EQ(Value(value).text(), text);
        EXPECT_GE(value.text_bytes() + 1, text.size());  // an upper bound but for the last comma
    }
}

TEST(Value, CopiesAreIndependent) {
    Value original(R"({"a":{"b":1}})");
    original.member("a");
    Value copy(original);
    ASSERT_TRUE(copy.set({"a", "b"}, Value("2")));
    EXPECT_EQ(original.text(), R"({"a":{"b":1}})");
    original = copy;
    ASSERT_TRUE(copy.erase({"a"}));
    EXPECT_EQ(original.text(), R"({"a":{"b":2}})");
    Value& self = original;
    original = self;
    EXPECT_EQ(original.text(), R"({"a":{"b":2}})");
}

TEST(Value, FailedEditsChangeNothing) {
    Value value(R"({"a":[1]})");
    EXPECT_FALSE(value.set({"x", "y"}, Value("1")));
    EXPECT_FALSE(value.set({"a", 2u}, Value("1")));
    EXPECT_FALSE(value.set({"a", "0"}, Value("1")));
    EXPECT_FALSE(value.set({0u}, Value("1")));
    EXPECT_FALSE(value.set({"a", 0u, "x"}, Value("1")));
    EXPECT_FALSE(value.erase({"b"}));
    EXPECT_FALSE(value.erase({"a", 1u}));
    EXPECT_FALSE(value.erase({}));
    EXPECT_EQ(value.text(), R"({"a":[1]})");
}

TEST(Value, TextThatIsNotJsonStaysText) {
    for (std::string_view text : {"{\"a\":", "[1", "{a:1}"}) {
        Value value{std::string(text)};
        EXPECT_EQ(value.member("a"), nullptr);
        EXPECT_TRUE(value.members().empty());
        EXPECT_FALSE(value.set({"a"}, Value("1")));
        EXPECT_EQ(value.text(), text);
    }
}

TEST(Value, MemberNamesAreEscapedAgain) {
    Value value(R"({"q\"\\\n":1,"__proto__":{"x":2}})");
    ASSERT_TRUE(value.set({"__proto__", "x"}, Value("3")));
    ASSERT_TRUE(value.set({"q\"\\\n"}, Value("4")));
    EXPECT_EQ(value.text(), R"({"q\"\\\n":4,"__proto__":{"x":3}})");
}

}  // namespace
}  // namespace codeforge::model
