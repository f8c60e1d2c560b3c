// Custom slices: what a definition may say, how they get their numbers, and that nothing is lost when
// they are not defined for a while.
#include "model/custom_slices.hpp"

#include <gtest/gtest.h>

#include <string>

#include "model/state.hpp"

namespace codeforge::model {
namespace {

std::string definition(std::string_view name, std::string_view more = "") {
    return R"({"name":")" + std::string(name) + R"(","collection":"items","wire":")" + std::string(name) + R"(","persist":true,"undo":true)" +
           std::string(more) + "}";
}

std::string refusal(const std::string& json) {
    SliceTable table;
    const auto defined = table.define(json);
    return defined ? "" : std::string(base::code_name(defined.error().code)) + ": " + defined.error().message;
}

SliceTable table_of(std::initializer_list<std::string_view> names) {
    SliceTable table;
    std::string json = "[";
    for (std::string_view name : names) json += (json.size() > 1 ? "," : "") + definition(name);
    EXPECT_TRUE(table.define(json + "]").ok());
    return table;
}

SliceId number_of(const State& state, std::string_view name) {
    const SliceDef* def = state.table().find_slice(name);
    return def != nullptr ? def->id : SliceId::project;
}

void commit_registrations(State& state) {
    for (const Change& change : state.take_registrations()) EXPECT_TRUE(state.apply(change));
}

TEST(CustomSlices, HaveTheGenericActionsAndOneForEveryField) {
    SliceTable table;
    ASSERT_TRUE(table.define("[" + definition("notes", R"(,"fields":{"filter":"","sortOrder":{"by":"name"}})") + "]").ok());
    for (std::string_view name : {"addItem", "addItems", "updateItem", "replaceItem", "removeItem", "setItems", "setActive", "clearActive", "setFilter", "setSortOrder"})
        EXPECT_NE(table.find_action("notes/" + std::string(name)).action, nullptr) << name;
    EXPECT_EQ(table.find_action("notes/addFile").slice, table.find_slice("notes"));
    EXPECT_EQ(table.find_action("notes/addFile").action, nullptr);
    EXPECT_EQ(table.find_action("notes").action, nullptr);
    EXPECT_EQ(table.find_action("other/addItem").slice, nullptr);
    EXPECT_NE(table.find_action("files/addFile").action, nullptr);
    EXPECT_EQ(table.find_wire("notes"), table.find_slice("notes"));
}

TEST(CustomSlices, BadDefinitionsAreRefusedByName) {
    EXPECT_NE(refusal("[" + definition("files") + "]").find("slices.files: there is a slice of this name already"), std::string::npos);
    EXPECT_NE(refusal("[" + definition("a") + "," + definition("a") + "]").find("slices.a: there is a slice"), std::string::npos);
    for (std::string_view name : {"", "1a", "a-b", "a/b", "$outbox", "__proto__", "\xc3\xa9"}) EXPECT_NE(refusal("[" + definition(name) + "]"), "") << name;
    EXPECT_NE(refusal("[" + definition(std::string(kMaxSliceName + 1, 'a')) + "]"), "");
    EXPECT_NE(refusal(R"([{"name":"a","collection":"items","wire":"files","persist":true}])").find("'files:'"), std::string::npos);
    EXPECT_NE(refusal(R"([{"name":"a","collection":"items","wire":"a b","persist":true}])").find("wire"), std::string::npos);
    EXPECT_NE(refusal(R"([{"name":"a","collection":"items","wire":"a","persist":false}])").find("cannot be synced"), std::string::npos);
    EXPECT_NE(refusal(R"([{"name":"a","collection":"a b"}])").find("collection"), std::string::npos);
    for (std::string_view field : {"items", "activeId", "active", "a b"})
        EXPECT_NE(refusal("[" + definition("a", R"(,"fields":{")" + std::string(field) + R"(":1})") + "]").find(field), std::string::npos) << field;
    std::string many = "[";
    for (std::size_t i = 0; i <= kMaxCustomSlices; ++i) many += (i > 0 ? "," : "") + definition("s" + std::to_string(i));
    EXPECT_NE(refusal(many + "]").find("limit: slices: more than 64"), std::string::npos);
}

TEST(CustomSlices, NumbersFollowTheRegistry) {
    State first;
    ASSERT_TRUE(first.adopt(table_of({"notes", "tags"})).ok());
    EXPECT_EQ(static_cast<int>(number_of(first, "notes")), 64);
    EXPECT_EQ(static_cast<int>(number_of(first, "tags")), 65);
    EXPECT_EQ(first.field(number_of(first, "tags"), "activeId")->text(), "null");
    commit_registrations(first);
    EXPECT_TRUE(first.take_registrations().empty());
    EXPECT_EQ(first.find(SliceId::registry, "tags")->value.text(), R"({"slice":65})");

    State second;  // as after recovery: another order, one more, one less
    for (const auto& [name, record] : first.items(SliceId::registry)) second.apply(Change::put(SliceId::registry, name, record.value.text()));
    ASSERT_TRUE(second.adopt(table_of({"more", "tags"})).ok());
    EXPECT_EQ(static_cast<int>(number_of(second, "tags")), 65);
    EXPECT_EQ(static_cast<int>(number_of(second, "more")), 66);
    EXPECT_EQ(second.table().find_slice("notes"), nullptr);
    EXPECT_EQ(second.take_registrations().size(), 1u);
}

TEST(CustomSlices, OneThatIsNotDefinedKeepsItsItems) {
    State state;
    state.apply(Change::put(static_cast<SliceId>(64), "n1", R"({"id":"n1"})"));
    state.apply(Change::field(static_cast<SliceId>(64), "activeId", R"("n1")"));
    state.apply(Change::put(SliceId::registry, "notes", R"({"slice":64})"));
    EXPECT_EQ(state.table().find(static_cast<SliceId>(64)), nullptr);
    ASSERT_TRUE(state.adopt(table_of({"notes"})).ok());
    EXPECT_EQ(state.slice_text(static_cast<SliceId>(64)), R"({"items":[{"id":"n1"}],"fields":{"activeId":"n1"}})");
}

TEST(CustomSlices, ASliceThatIsNotPersistentIsNeverRegistered) {
    State state;
    state.apply(Change::put(SliceId::registry, "view", R"({"slice":64})"));
    SliceTable table;
    ASSERT_TRUE(table.define(R"([{"name":"view","collection":"items","wire":null,"persist":false}])").ok());
    ASSERT_TRUE(state.adopt(std::move(table)).ok());
    EXPECT_EQ(static_cast<std::size_t>(number_of(state, "view")), kFirstPassingSlice) << "what is on disk under its number stays there";
    EXPECT_TRUE(state.take_registrations().empty());
}

TEST(CustomSlices, TheNumbersOfAStoreCanBeUsedUp) {
    State state;
    state.apply(Change::put(SliceId::registry, "last", R"({"slice":191})"));
    const auto adopted = state.adopt(table_of({"last", "more"}));
    ASSERT_FALSE(adopted.ok());
    EXPECT_EQ(adopted.error().code, base::Code::limit);
    EXPECT_NE(adopted.error().message.find("slices.more"), std::string::npos);
}

TEST(CustomSlices, ACopiedStateHasATableOfItsOwn) {
    State copy;
    {
        State state;
        ASSERT_TRUE(state.adopt(table_of({"notes"})).ok());
        state.apply(Change::put(number_of(state, "notes"), "n1", "{}"));
        copy = state;
    }
    EXPECT_NE(copy.find(number_of(copy, "notes"), "n1"), nullptr);
    EXPECT_EQ(copy.table().find_action("notes/addItem").slice, copy.table().find(number_of(copy, "notes")));
    EXPECT_EQ(copy.take_registrations().size(), 1u);
}

TEST(CustomSlices, ADamagedRegistryRecordGivesANewNumber) {
    State state;
    state.apply(Change::put(SliceId::registry, "notes", R"({"slice":3})"));
    ASSERT_TRUE(state.adopt(table_of({"notes"})).ok());
    EXPECT_EQ(static_cast<int>(number_of(state, "notes")), 64) << "never the number of a built-in slice";
}

TEST(CustomSlices, ANumberThatAnotherClientGaveIsTakenOver) {
    State state;
    ASSERT_TRUE(state.adopt(table_of({"notes"})).ok());
    state.apply(Change::put(static_cast<SliceId>(70), "n1", "{}"));
    state.apply(Change::put(SliceId::registry, "notes", R"({"slice":70})"));
    EXPECT_EQ(static_cast<int>(number_of(state, "notes")), 70);
    EXPECT_EQ(state.table().find(static_cast<SliceId>(64)), nullptr);
    EXPECT_NE(state.find(number_of(state, "notes"), "n1"), nullptr);
    EXPECT_NE(state.field(number_of(state, "notes"), "activeId"), nullptr);
    EXPECT_TRUE(state.take_registrations().empty());
}

}  // namespace
}  // namespace codeforge::model
