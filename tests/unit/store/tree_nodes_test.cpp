// componentTrees/updateTreeNode: which nodes it finds, what it changes, and that the index of nodes
// follows every change of a tree's structure.
#include "store/tree_nodes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.hpp"
#include "base/random.hpp"
#include "unit/support/store_bench.hpp"

namespace codeforge::testing {
namespace {

using base::Json;
using model::SliceId;

constexpr std::string_view kTree =
    R"({"id":"t","name":"T","root":{"id":"r","type":"Box","children":[)"
    R"({"id":"a","type":"Box","children":[{"id":"dup","type":"Text"},{"id":"a","type":"Inner"}]},)"
    R"({"id":"b","type":"Text"},{"id":"dup","type":"Text"}]},"updatedAt":1})";

std::string edit(std::string_view node, std::string_view updates) {
    return R"({"treeId":"t","nodeId":)" + base::quoted(node) + R"(,"updates":)" + std::string(updates) + "}";
}

class TreeNodeEdits : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_EQ(bench.json("componentTrees/addTree", kTree), ""); }
    std::string update(std::string_view node, std::string_view updates) { return bench.json("componentTrees/updateTreeNode", edit(node, updates)); }
    Json tree() const { return Json::parse(bench.item(SliceId::component_trees, "t"), nullptr, false); }

    StoreBench bench;
};

TEST_F(TreeNodeEdits, MergesIntoTheNodeAndStampsTheTree) {
    ASSERT_EQ(update("b", R"({"props":{"text":"x"},"type":"Title"})"), "");
    EXPECT_EQ(tree()["root"]["children"][1], Json::parse(R"({"id":"b","type":"Title","props":{"text":"x"}})"));
    EXPECT_EQ(tree()["updatedAt"], kNowMs);
    EXPECT_EQ(tree()["root"]["children"][0], Json::parse(kTree)["root"]["children"][0]);
}

TEST_F(TreeNodeEdits, EveryNodeWithTheIdIsEdited) {
    ASSERT_EQ(update("dup", R"({"mark":1})"), "");
    EXPECT_EQ(tree()["root"]["children"][0]["children"][0]["mark"], 1);
    EXPECT_EQ(tree()["root"]["children"][2]["mark"], 1);
}

TEST_F(TreeNodeEdits, NothingBelowAMatchIsEdited) {
    ASSERT_EQ(update("a", R"({"mark":1})"), "");
    EXPECT_EQ(tree()["root"]["children"][0]["mark"], 1);
    EXPECT_FALSE(tree()["root"]["children"][0]["children"][1].contains("mark"));
}

TEST_F(TreeNodeEdits, AnUnknownNodeOnlyStampsAndAnUnknownTreeDoesNothing) {
    ASSERT_EQ(update("nobody", R"({"mark":1})"), "");
    Json expected = Json::parse(kTree);
    expected["updatedAt"] = kNowMs;
    EXPECT_EQ(tree(), expected);
    const std::string before = bench.everything();
    ASSERT_EQ(bench.json("componentTrees/updateTreeNode", R"({"treeId":"none","nodeId":"r","updates":{}})"), "");
    EXPECT_EQ(bench.everything(), before);
}

TEST_F(TreeNodeEdits, TheIndexFollowsTheStructure) {
    ASSERT_EQ(update("b", R"({"children":[{"id":"new","type":"Text"}]})"), "");
    ASSERT_EQ(update("new", R"({"mark":1})"), "");
    EXPECT_EQ(tree()["root"]["children"][1]["children"][0]["mark"], 1);
    ASSERT_EQ(update("new", R"({"id":"newer"})"), "");
    ASSERT_EQ(update("newer", R"({"mark":2})"), "");
    EXPECT_EQ(tree()["root"]["children"][1]["children"][0]["mark"], 2);
    ASSERT_EQ(update("new", R"({"mark":3})"), "");
    EXPECT_EQ(tree()["root"]["children"][1]["children"][0]["mark"], 2) << "the old id names nothing any more";
    ASSERT_EQ(bench.json("componentTrees/updateItem", R"({"id":"t","root":{"id":"r2","type":"Box"}})"), "");
    ASSERT_EQ(update("r2", R"({"mark":4})"), "");
    EXPECT_EQ(tree()["root"], Json::parse(R"({"id":"r2","type":"Box","mark":4})"));
    ASSERT_EQ(bench.json("componentTrees/deleteTree", R"("t")"), "");
    ASSERT_EQ(bench.json("componentTrees/addTree", kTree), "");
    ASSERT_EQ(update("b", R"({"mark":5})"), "");
    EXPECT_EQ(tree()["root"]["children"][1]["mark"], 5);
}

TEST_F(TreeNodeEdits, MalformedPayloadsChangeNothing) {
    const std::string before = bench.everything();
    for (std::string_view payload : {"null", "[]", "\"t\"", "{}", R"({"treeId":"t","nodeId":"r"})", R"({"treeId":1,"nodeId":"r","updates":{}})",
                                     R"({"treeId":"t","nodeId":"r","updates":[]})", R"({"treeId":"t","nodeId":"r","updates":{"children":3}})",
                                     R"({"treeId":"t","nodeId":"","updates":{}})"}) {
        const std::string error = bench.json("componentTrees/updateTreeNode", payload);
        EXPECT_EQ(error.substr(0, 17), "malformed-payload") << payload;
        EXPECT_NE(error.find("componentTrees/updateTreeNode"), std::string::npos) << payload;
    }
    EXPECT_EQ(bench.everything(), before);
}

TEST_F(TreeNodeEdits, DepthIsMeasuredFromTheTree) {
    const std::string deep = std::string(base::kMaxDepth - 3, '[') + std::string(base::kMaxDepth - 3, ']');
    EXPECT_EQ(update("r", R"({"props":[)" + deep + "]}"), "") << "tree, root, props and the rest: at the limit";
    EXPECT_EQ(base::json_depth(bench.item(SliceId::component_trees, "t")), base::kMaxDepth);
    EXPECT_EQ(update("b", R"({"props":[)" + deep + "]}").substr(0, 5), "limit");
}

/// The documented effect, done the slow way.
void slow_update(Json& node, const std::string& id, const Json& updates) {
    if (node.is_object() && node.contains("id") && node["id"] == id) {
        for (const auto& [name, value] : updates.items()) node[name] = value;
        return;
    }
    if (!node.is_object() || !node.contains("children") || !node["children"].is_array()) return;
    for (Json& child : node["children"]) slow_update(child, id, updates);
}

Json random_node(base::Random& random, int depth) {
    Json node = {{"id", "n" + std::to_string(random.next() % 12)}, {"type", "Box"}};
    if (depth == 0) return node;
    Json children = Json::array();
    for (std::uint32_t i = random.next() % 4; i > 0; --i) children.push_back(random_node(random, depth - 1));
    if (random.next() % 4 != 0) node["children"] = children;
    return node;
}

/// JSON as other programs write it.
std::string spaced(const Json& node, base::Random& random) {
    std::string text;
    for (const char c : node.dump(static_cast<int>(random.next() % 3))) {
        text.push_back(c);
        if (c == ',' || c == '[' || c == '{') text += random.next() % 2 == 0 ? " \n" : "\t";
    }
    return text;
}

TEST(TreeNodes, ATreeInOneTextIsReadAsOneTakenApart) {
    for (int seed = 0; seed < 40; ++seed) {
        base::Random random("texts-" + std::to_string(seed));
        Json oracle = {{"id", "t"}, {"name", "T"}, {"root", random_node(random, 5)}, {"updatedAt", 1}};
        // None of these is a node, or the id of one.
        oracle["root"]["props"] = {{"id", "n1"}, {"children", Json::array({{{"id", "n2"}}, "n3", 4, nullptr})}, {"text", "}]:\"id\":\"n4\"\\"}};
        if (oracle["root"].contains("children")) oracle["root"]["children"].insert(oracle["root"]["children"].begin(), {"n5", 6, Json::object(), Json::array({{{"id", "n7"}}})});
        StoreBench bench;
        ASSERT_EQ(bench.json("componentTrees/addTree", spaced(oracle, random)), "");
        for (int node = 0; node < 12; ++node) {
            const std::string id = "n" + std::to_string(node);
            const Json updates = {{"mark", node}};
            ASSERT_EQ(bench.json("componentTrees/updateTreeNode", edit(id, updates.dump())), "");
            slow_update(oracle["root"], id, updates);
            oracle["updatedAt"] = kNowMs;
            ASSERT_EQ(Json::parse(bench.item(SliceId::component_trees, "t"), nullptr, false), oracle) << "seed " << seed << " node " << node;
        }
    }
}

TEST(TreeNodes, MoreTreesThanAreKeptReadyAreEditedInTurns) {
    StoreBench bench;
    const auto id_of = [](std::size_t tree) { return "t" + std::to_string(tree); };
    for (std::size_t tree = 0; tree < store::kTrees + 3; ++tree)
        ASSERT_EQ(bench.json("componentTrees/addTree", Json({{"id", id_of(tree)}, {"name", "T"}, {"root", {{"id", "r"}}}, {"updatedAt", 1}}).dump()), "");
    for (int round = 0; round < 2; ++round) {
        for (std::size_t tree = 0; tree < store::kTrees + 3; ++tree) {
            const Json payload = {{"treeId", id_of(tree)}, {"nodeId", "r"}, {"updates", {{"round", round}}}};
            ASSERT_EQ(bench.json("componentTrees/updateTreeNode", payload.dump()), "");
            EXPECT_EQ(Json::parse(bench.item(SliceId::component_trees, id_of(tree)), nullptr, false)["root"]["round"], round) << tree;
        }
    }
}

TEST(TreeNodes, NamesAndIdsWithEscapesAreFound) {
    StoreBench bench;
    ASSERT_EQ(bench.json("componentTrees/addTree", R"({"id":"t","name":"T","root":{"\u0069d":"r","c\u0068ildren":[{"id":"q\"\\","props":{}}]},"updatedAt":1})"), "");
    ASSERT_EQ(bench.json("componentTrees/updateTreeNode", edit("q\"\\", R"({"mark":1})")), "");
    ASSERT_EQ(bench.json("componentTrees/updateTreeNode", edit("r", R"({"mark":2})")), "");
    const Json root = Json::parse(bench.item(SliceId::component_trees, "t"), nullptr, false)["root"];
    EXPECT_EQ(root["children"][0]["mark"], 1);
    EXPECT_EQ(root["mark"], 2);
}

TEST(TreeNodes, RandomEditsAgreeWithASlowWalk) {
    for (int seed = 0; seed < 60; ++seed) {
        base::Random random("trees-" + std::to_string(seed));
        StoreBench bench;
        Json oracle = {{"id", "t"}, {"name", "T"}, {"root", random_node(random, 4)}, {"updatedAt", 1}};
        bench.json("componentTrees/addTree", oracle.dump());
        for (int step = 0; step < 30; ++step) {
            const std::string id = "n" + std::to_string(random.next() % 12);
            Json updates = {{"props", {{"step", step}}}};
            if (random.next() % 4 == 0) updates["children"] = Json::array({random_node(random, 2)});
            if (random.next() % 6 == 0) updates["id"] = "n" + std::to_string(random.next() % 12);
            ASSERT_EQ(bench.json("componentTrees/updateTreeNode", edit(id, updates.dump())), "");
            slow_update(oracle["root"], id, updates);
            oracle["updatedAt"] = kNowMs;
            ASSERT_EQ(Json::parse(bench.item(SliceId::component_trees, "t"), nullptr, false), oracle) << "seed " << seed << " step " << step;
        }
    }
}

}  // namespace
}  // namespace codeforge::testing
