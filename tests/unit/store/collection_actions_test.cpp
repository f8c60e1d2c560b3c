// The verbs of collections, under every name that they have in the table, by their documented effect.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/slice_table.hpp"
#include "unit/support/store_bench.hpp"

namespace codeforge::testing {
namespace {

using model::ActionDef;
using model::SliceDef;
using model::SliceId;
using model::Verb;

/// An item of the slice's type with the members that are not optional.
std::string sample(const SliceDef& slice, std::string_view id, int version = 1) {
    std::string out = R"({"id":)" + base::quoted(id);
    for (const model::FieldDef& field : slice.item->fields) {
        if (field.name == "id" || field.optional) continue;
        out += "," + base::quoted(field.name) + ":";
        switch (field.kind) {
            case base::JsonKind::string: out += base::quoted("v" + std::to_string(version)); break;
            case base::JsonKind::number: out += std::to_string(version); break;
            case base::JsonKind::boolean: out += "true"; break;
            case base::JsonKind::array: out += "[]"; break;
            default: out += "{}";
        }
    }
    return out + "}";
}

struct Case {
    const SliceDef* slice;
    const ActionDef* action;
    std::string type;
};

std::vector<Case> cases(Verb verb) {
    std::vector<Case> found;
    for (const SliceDef& def : model::slices().first(model::kPublicSliceCount))
        for (const ActionDef& action : def.actions)
            if (action.verb == verb) found.push_back({&def, &action, std::string(def.name) + "/" + std::string(action.name)});
    return found;
}

TEST(CollectionActions, PutInsertsAndReplacesWithoutMoving) {
    ASSERT_GE(cases(Verb::put).size(), 25u);
    for (const Case& c : cases(Verb::put)) {
        StoreBench bench;
        for (std::string_view id : {"a", "b"}) ASSERT_EQ(bench.json(c.type, sample(*c.slice, id)), "") << c.type;
        EXPECT_TRUE(bench.echo) << c.type;
        ASSERT_EQ(bench.json(c.type, sample(*c.slice, "a", 2)), "") << c.type;
        EXPECT_EQ(bench.ids(c.slice->id), "a b") << c.type << ": an upsert, not a duplicate";
        EXPECT_TRUE(same_json(bench.item(c.slice->id, "a"), sample(*c.slice, "a", 2))) << c.type;
        EXPECT_TRUE(same_json(bench.item(c.slice->id, "b"), sample(*c.slice, "b"))) << c.type;
    }
}

TEST(CollectionActions, PutDropsMembersThatTheNewItemLacks) {
    StoreBench bench;
    bench.json("files/addFile", R"({"id":"a","name":"x","extra":1})");
    bench.json("files/addFile", R"({"id":"a","name":"y"})");
    EXPECT_EQ(bench.item(SliceId::files, "a"), R"({"id":"a","name":"y"})");
}

TEST(CollectionActions, ReplaceTouchesOnlyWhatExists) {
    ASSERT_GE(cases(Verb::replace).size(), 6u);
    for (const Case& c : cases(Verb::replace)) {
        StoreBench bench;
        ASSERT_EQ(bench.json(c.type, sample(*c.slice, "a")), "") << c.type;
        EXPECT_EQ(bench.ids(c.slice->id), "") << c.type;
        EXPECT_FALSE(bench.echo) << c.type;
        EXPECT_TRUE(bench.applied.empty()) << c.type;
        bench.json(std::string(c.slice->name) + "/addItem", sample(*c.slice, "a"));
        ASSERT_EQ(bench.json(c.type, sample(*c.slice, "a", 3)), "") << c.type;
        EXPECT_TRUE(bench.echo) << c.type;
        EXPECT_TRUE(same_json(bench.item(c.slice->id, "a"), sample(*c.slice, "a", 3))) << c.type;
    }
}

TEST(CollectionActions, MergeKeepsTheOtherMembers) {
    ASSERT_GE(cases(Verb::merge).size(), 8u);
    for (const Case& c : cases(Verb::merge)) {
        StoreBench bench;
        ASSERT_EQ(bench.json(c.type, R"({"id":"a","name":"new"})"), "") << c.type;
        EXPECT_EQ(bench.ids(c.slice->id), "") << c.type;
        bench.json(std::string(c.slice->name) + "/addItem", sample(*c.slice, "a", 5));
        ASSERT_EQ(bench.json(c.type, R"({"id":"a","name":"new","more":[1]})"), "") << c.type;
        base::Json expected = base::Json::parse(sample(*c.slice, "a", 5));
        expected["name"] = "new";
        expected["more"] = {1};
        EXPECT_TRUE(same_json(bench.item(c.slice->id, "a"), expected.dump())) << c.type;
    }
}

TEST(CollectionActions, RemoveTakesAnIdOrAnItem) {
    ASSERT_GE(cases(Verb::remove).size(), 20u);
    for (const Case& c : cases(Verb::remove)) {
        for (std::string_view payload : {R"("a")", R"({"id":"a"})"}) {
            StoreBench bench;
            const std::string add = std::string(c.slice->name) + "/addItem";
            bench.json(add, sample(*c.slice, "a"));
            bench.json(add, sample(*c.slice, "b"));
            ASSERT_EQ(bench.json(c.type, payload), "") << c.type;
            EXPECT_EQ(bench.ids(c.slice->id), "b") << c.type;
            ASSERT_EQ(bench.json(c.type, payload), "") << c.type << ": twice is no error";
            EXPECT_TRUE(bench.applied.empty()) << c.type;
        }
    }
}

TEST(CollectionActions, SetAllMakesTheCollectionExactlyThis) {
    ASSERT_GE(cases(Verb::set_all).size(), 16u);
    for (const Case& c : cases(Verb::set_all)) {
        StoreBench bench;
        const auto list = [&](std::initializer_list<std::string_view> ids) {
            std::string out = "[";
            for (std::string_view id : ids) out += (out.size() > 1 ? "," : "") + sample(*c.slice, id);
            return out + "]";
        };
        for (const auto& ids : {std::vector<std::string_view>{"a", "b", "c"}, {"c", "a"}, {"a", "c", "d"}, {"d", "x", "c"}, {}, {"z"}}) {
            std::string text = "[";
            std::string expected;
            for (std::string_view id : ids) {
                text += (text.size() > 1 ? "," : "") + sample(*c.slice, id);
                expected += (expected.empty() ? "" : " ") + std::string(id);
            }
            ASSERT_EQ(bench.json(c.type, text + "]"), "") << c.type;
            EXPECT_EQ(bench.ids(c.slice->id), expected) << c.type;
        }
        ASSERT_EQ(bench.json(c.type, list({"z"})), "");
        EXPECT_TRUE(bench.applied.empty()) << c.type << ": the same again changes nothing";
    }
}

TEST(CollectionActions, PutManyLeavesTheOthersAlone) {
    ASSERT_GE(cases(Verb::put_many).size(), 8u);
    for (const Case& c : cases(Verb::put_many)) {
        StoreBench bench;
        bench.json(std::string(c.slice->name) + "/addItem", sample(*c.slice, "a"));
        ASSERT_EQ(bench.json(c.type, "[" + sample(*c.slice, "b") + "," + sample(*c.slice, "a", 2) + "]"), "") << c.type;
        EXPECT_EQ(bench.ids(c.slice->id), "a b") << c.type;
        EXPECT_TRUE(same_json(bench.item(c.slice->id, "a"), sample(*c.slice, "a", 2))) << c.type;
    }
}

TEST(CollectionActions, ItemsFrameIsThatOfAnArray) {
    StoreBench bench;
    ASSERT_EQ(bench.dispatch(frame_items("files/setFiles", {{"a", R"({"id":"a","name":"1"})"}, {"b", R"({"id":"b"})"}})), "");
    EXPECT_EQ(bench.ids(SliceId::files), "a b");
    EXPECT_EQ(bench.item(SliceId::files, "a"), R"({"id":"a","name":"1"})");
}

TEST(CollectionActions, EmptyTextsMeanTheValueThatIsThere) {
    StoreBench bench;
    bench.json("files/addFile", R"({"id":"a","name":"old","content":"long"})");
    ASSERT_EQ(bench.dispatch(frame_fields("files/updateFile", {{"id", R"("a")"}, {"name", R"("new")"}, {"content", ""}})), "");
    EXPECT_EQ(bench.item(SliceId::files, "a"), R"({"id":"a","name":"new","content":"long"})");
    ASSERT_EQ(bench.applied.size(), 1u) << "only what differs is a change";
    const std::string before = bench.everything();
    EXPECT_NE(bench.dispatch(frame_fields("files/updateFile", {{"id", R"("a")"}, {"path", ""}})), "");
    EXPECT_NE(bench.dispatch(frame_fields("files/addFile", {{"id", R"("new")"}, {"path", ""}})), "");
    EXPECT_EQ(bench.everything(), before);
}

TEST(CollectionActions, ActiveItemIsSetClearedAndForgotten) {
    struct Names {
        SliceId slice;
        const char* name;
        const char* one;
    };
    for (const Names& n : {Names{SliceId::files, "files", "File"}, Names{SliceId::models, "models", "Model"}, Names{SliceId::components, "components", "Component"},
                           Names{SliceId::component_trees, "componentTrees", "Tree"}, Names{SliceId::workflows, "workflows", "Workflow"},
                           Names{SliceId::lambdas, "lambdas", "Lambda"}}) {
        StoreBench bench;
        const std::string slice(n.name);
        const std::string field = "active" + std::string(n.one) + "Id";
        bench.json(slice + "/addItem", sample(model::slice(n.slice), "a"));
        ASSERT_EQ(bench.json(slice + "/setActive" + n.one, R"("a")"), "");
        EXPECT_EQ(bench.field(n.slice, field), R"("a")");
        ASSERT_EQ(bench.none(slice + "/clearActive" + n.one), "");
        EXPECT_EQ(bench.field(n.slice, field), "null");
        bench.json(slice + "/setActive" + n.one, R"("a")");
        ASSERT_EQ(bench.json(slice + "/removeItem", R"("other")"), "");
        EXPECT_EQ(bench.field(n.slice, field), R"("a")");
        ASSERT_EQ(bench.json(slice + "/removeItem", R"("a")"), "");
        EXPECT_EQ(bench.field(n.slice, field), "null");
    }
}

}  // namespace
}  // namespace codeforge::testing
