// The slice table is data; these tests are its type checker.
#include "model/slice_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/json.hpp"
#include "base/json_check.hpp"

namespace codeforge::model {
namespace {

bool has_field(const SliceDef& slice, std::string_view name) {
    return std::any_of(slice.fields.begin(), slice.fields.end(), [&](const StateFieldDef& field) { return field.name == name; });
}

TEST(SliceTable, EverySliceStandsAtItsNumber) {
    ASSERT_EQ(slices().size(), kSliceCount);
    for (std::size_t i = 0; i < kSliceCount; ++i) {
        EXPECT_EQ(static_cast<std::size_t>(slices()[i].id), i);
        EXPECT_EQ(&slice(static_cast<SliceId>(i)), &slices()[i]);
    }
}

TEST(SliceTable, NumbersOnDiskAreTheseForEver) {
    const std::string_view kNames[] = {"project", "files", "models", "components", "componentTrees", "workflows", "lambdas",
                                       "theme", "settings", "sync", "conflicts", "$outbox", "$shadow",
                                       "$history", "$tabs", "$schema", "$registry"};
    for (std::size_t i = 0; i < kSliceCount; ++i) EXPECT_EQ(slices()[i].name, kNames[i]);
}

TEST(SliceTable, NamesAndActionsAreUnique) {
    std::set<std::string> names;
    std::set<std::string> wires;
    std::set<std::string> actions;
    for (const SliceDef& def : slices()) {
        EXPECT_TRUE(names.emplace(def.name).second) << def.name;
        if (!def.wire.empty()) { EXPECT_TRUE(wires.emplace(def.wire).second) << def.wire; }
        for (const ActionDef& action : def.actions)
            EXPECT_TRUE(actions.insert(std::string(def.name) + "/" + std::string(action.name)).second) << def.name << "/" << action.name;
        std::set<std::string_view> fields;
        for (const StateFieldDef& field : def.fields) EXPECT_TRUE(fields.insert(field.name).second) << def.name << "." << field.name;
    }
}

TEST(SliceTable, EveryFieldThatAnActionNamesExists) {
    for (const SliceDef& def : slices()) {
        if (!def.wire_field.empty()) { EXPECT_TRUE(has_field(def, def.wire_field)) << def.name; }
        for (const ActionDef& action : def.actions) {
            if (!action.field.empty()) { EXPECT_TRUE(has_field(def, action.field)) << def.name << "/" << action.name; }
            const bool needs_field = action.verb == Verb::set_field || action.verb == Verb::clear_field || action.verb == Verb::merge_field ||
                                     action.verb == Verb::toggle_field;
            EXPECT_EQ(needs_field, !action.field.empty()) << def.name << "/" << action.name;
            if (action.verb != Verb::status) continue;
            const base::Json members = base::Json::parse(action.value, nullptr, false);
            ASSERT_TRUE(members.is_object()) << def.name << "/" << action.name;
            for (const auto& [name, value] : members.items()) EXPECT_TRUE(has_field(def, name)) << def.name << "/" << action.name << ": " << name;
        }
    }
}

TEST(SliceTable, InitialValuesAreJson) {
    for (const SliceDef& def : slices())
        for (const StateFieldDef& field : def.fields) EXPECT_TRUE(base::check_json(field.initial, field.name).ok()) << def.name << "." << field.name;
}

TEST(SliceTable, ItemTypesAreInTheTypeList) {
    for (const SliceDef& def : slices().first(kPublicSliceCount)) {
        EXPECT_EQ(def.item == nullptr, def.collection.empty()) << def.name;
        if (def.item == nullptr) continue;
        EXPECT_TRUE(std::any_of(types().begin(), types().end(), [&](const TypeDef& type) { return &type == def.item; })) << def.name;
        ASSERT_FALSE(def.item->fields.empty());
        EXPECT_EQ(def.item->fields.front().name, "id");
    }
}

TEST(SliceTable, EveryCollectionHasTheCommonActions) {
    for (const SliceDef& def : slices().first(kPublicSliceCount)) {
        if (def.collection.empty() || def.id == SliceId::conflicts) continue;
        for (std::string_view name : {"addItem", "addItems", "updateItem", "removeItem", "setItems"})
            EXPECT_NE(find_action(std::string(def.name) + "/" + std::string(name)).action, nullptr) << def.name << "/" << name;
    }
}

TEST(SliceTable, EveryThunkHasItsWholeLifeCycle) {
    for (const SliceDef& def : slices())
        for (const ActionDef& action : def.actions) {
            const std::size_t slash = action.name.find('/');
            if (slash == std::string_view::npos) continue;
            for (std::string_view phase : {"pending", "fulfilled", "rejected"}) {
                const std::string type = std::string(def.name) + "/" + std::string(action.name.substr(0, slash)) + "/" + std::string(phase);
                EXPECT_NE(find_action(type).action, nullptr) << type;
            }
        }
}

TEST(SliceTable, LookupSaysWhatIsMissing) {
    EXPECT_EQ(find_action("nothing/addFile").slice, nullptr);
    EXPECT_EQ(find_action("files/noSuchThing").slice, find_slice("files"));
    EXPECT_EQ(find_action("files/noSuchThing").action, nullptr);
    EXPECT_EQ(find_action("").slice, nullptr);
    EXPECT_EQ(find_action("files").action, nullptr);
    EXPECT_EQ(find_slice("$outbox"), nullptr) << "hidden slices cannot be named from outside";
    EXPECT_EQ(find_wire("componentTrees"), find_slice("componentTrees"));
    EXPECT_EQ(find_wire(""), nullptr);
}

TEST(SliceTable, TheDumpIsJsonAndLeavesOutHiddenSlices) {
    const base::Json dump = base::Json::parse(slice_table_json(), nullptr, false);
    ASSERT_TRUE(dump.is_object());
    EXPECT_EQ(dump["slices"].size(), kPublicSliceCount);
    EXPECT_EQ(dump["types"].size(), types().size());
}

}  // namespace
}  // namespace codeforge::model
