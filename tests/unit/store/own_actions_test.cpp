// The actions that only one slice has: project, theme, settings, sync status, life cycles of thunks.
#include <gtest/gtest.h>

#include <string>

#include "unit/support/store_bench.hpp"

namespace codeforge::testing {
namespace {

using model::SliceId;

constexpr std::string_view kProject = R"({"id":"p","name":"One","createdAt":1,"updatedAt":1})";
constexpr std::string_view kTheme =
    R"({"id":"t","name":"Dark","colors":{"primary":"#111","accent":"#222"},"typography":{"fontFamily":"Inter"},"updatedAt":1})";

std::string member(const StoreBench& bench, SliceId slice, std::string_view field, const model::Path& path) {
    const model::Value* value = bench.store.state().field(slice, field);
    const model::Value* inner = value != nullptr ? value->at(path) : nullptr;
    return inner != nullptr ? inner->text() : "";
}

TEST(ProjectActions, CurrentProjectIsSetAndCleared) {
    StoreBench bench;
    ASSERT_EQ(bench.json("project/setCurrentProject", kProject), "");
    EXPECT_TRUE(same_json(bench.field(SliceId::project, "currentProject"), kProject));
    ASSERT_EQ(bench.none("project/clearCurrentProject"), "");
    EXPECT_EQ(bench.field(SliceId::project, "currentProject"), "null");
}

TEST(ProjectActions, MetadataMergesIntoTheCurrentProjectAndItsItem) {
    StoreBench bench;
    ASSERT_EQ(bench.json("project/updateProjectMetadata", R"({"name":"Two"})"), "");
    EXPECT_EQ(bench.field(SliceId::project, "currentProject"), "null") << "without a current project nothing happens";
    bench.json("project/saveProject", kProject);
    bench.json("project/setCurrentProject", kProject);
    ASSERT_EQ(bench.json("project/updateProjectMetadata", R"({"name":"Two"})"), "");
    const std::string expected = R"({"id":"p","name":"Two","createdAt":1,"updatedAt":)" + std::to_string(kNowMs) + "}";
    EXPECT_TRUE(same_json(bench.field(SliceId::project, "currentProject"), expected));
    EXPECT_TRUE(same_json(bench.item(SliceId::project, "p"), expected));
}

TEST(ProjectActions, SavingFollowsIntoTheCurrentProject) {
    StoreBench bench;
    bench.json("project/saveProject", kProject);
    EXPECT_EQ(bench.field(SliceId::project, "currentProject"), "null");
    bench.json("project/setCurrentProject", kProject);
    ASSERT_EQ(bench.json("project/saveProject/fulfilled", R"({"id":"p","name":"Saved","createdAt":1,"updatedAt":2})"), "");
    EXPECT_EQ(member(bench, SliceId::project, "currentProject", {"name"}), R"("Saved")");
    ASSERT_EQ(bench.json("project/updateItem", R"({"id":"p","description":"d"})"), "");
    EXPECT_EQ(member(bench, SliceId::project, "currentProject", {"description"}), R"("d")");
    ASSERT_EQ(bench.json("project/deleteProject/fulfilled", R"("p")"), "");
    EXPECT_EQ(bench.field(SliceId::project, "currentProject"), "null");
    EXPECT_EQ(bench.ids(SliceId::project), "");
}

TEST(ProjectActions, ACreatedProjectBecomesTheCurrentOne) {
    for (std::string_view type : {"project/createProject", "project/createProject/fulfilled"}) {
        StoreBench bench;
        ASSERT_EQ(bench.json(type, kProject), "");
        EXPECT_EQ(bench.ids(SliceId::project), "p");
        EXPECT_TRUE(same_json(bench.field(SliceId::project, "currentProject"), kProject));
    }
}

TEST(ProjectActions, LoadingOneProject) {
    StoreBench bench;
    ASSERT_EQ(bench.json("project/loadProject/fulfilled", kProject), "");
    EXPECT_TRUE(same_json(bench.field(SliceId::project, "currentProject"), kProject));
    ASSERT_EQ(bench.none("project/loadProject/fulfilled"), "") << "nothing found";
    EXPECT_EQ(bench.field(SliceId::project, "currentProject"), "null");
    ASSERT_EQ(bench.none("project/markSynced"), "");
    EXPECT_EQ(bench.field(SliceId::project, "lastSyncedAt"), std::to_string(kNowMs));
}

TEST(ThemeActions, PartsMergeAndStamp) {
    StoreBench bench;
    ASSERT_EQ(bench.json("theme/updateThemeColors", R"({"primary":"#fff"})"), "");
    EXPECT_EQ(bench.field(SliceId::theme, "currentTheme"), "null") << "without a theme nothing happens";
    for (std::string_view type : {"theme/setCurrentTheme", "theme/setTheme"}) {
        ASSERT_EQ(bench.json(type, kTheme), "");
        EXPECT_TRUE(same_json(bench.field(SliceId::theme, "currentTheme"), kTheme));
    }
    ASSERT_EQ(bench.json("theme/updateThemeColors", R"({"primary":"#fff"})"), "");
    ASSERT_EQ(bench.dispatch(frame_fields("theme/updateThemeTypography", {{"headingFamily", R"("Sora")"}})), "");
    ASSERT_EQ(bench.json("theme/updateThemeSpacing", R"({"unit":4})"), "");
    EXPECT_TRUE(same_json(bench.field(SliceId::theme, "currentTheme"),
                          R"({"id":"t","name":"Dark","colors":{"primary":"#fff","accent":"#222"},"typography":{"fontFamily":"Inter","headingFamily":"Sora"},)"
                          R"("spacing":{"unit":4},"updatedAt":)" + std::to_string(kNowMs) + "}"));
}

TEST(ThemeActions, DeletingTheCurrentThemeClearsIt) {
    StoreBench bench;
    bench.json("theme/addTheme", kTheme);
    bench.json("theme/setCurrentTheme", kTheme);
    ASSERT_EQ(bench.json("theme/deleteTheme", R"("other")"), "");
    EXPECT_NE(bench.field(SliceId::theme, "currentTheme"), "null");
    ASSERT_EQ(bench.json("theme/deleteTheme", R"("t")"), "");
    EXPECT_EQ(bench.field(SliceId::theme, "currentTheme"), "null");
}

TEST(SettingsActions, MergeReplaceToggle) {
    StoreBench bench;
    ASSERT_EQ(bench.json("settings/updateSettings", R"({"theme":"light","custom":1})"), "");
    EXPECT_EQ(member(bench, SliceId::settings, "settings", {"theme"}), R"("light")");
    EXPECT_EQ(member(bench, SliceId::settings, "settings", {"syncInterval"}), "30000");
    EXPECT_EQ(member(bench, SliceId::settings, "settings", {"updatedAt"}), "") << "settings carry no time";
    ASSERT_EQ(bench.none("settings/toggleAutoSave"), "");
    EXPECT_EQ(member(bench, SliceId::settings, "settings", {"autoSave"}), "false");
    ASSERT_EQ(bench.none("settings/toggleAutoSave"), "");
    EXPECT_EQ(member(bench, SliceId::settings, "settings", {"autoSave"}), "true");
    ASSERT_EQ(bench.none("settings/toggleAutoSync"), "");
    EXPECT_EQ(member(bench, SliceId::settings, "settings", {"autoSync"}), "false");
    ASSERT_EQ(bench.json("settings/setSyncInterval", "5000"), "");
    EXPECT_EQ(member(bench, SliceId::settings, "settings", {"syncInterval"}), "5000");
    ASSERT_EQ(bench.json("settings/setSettings", R"({"autoSave":true})"), "");
    EXPECT_EQ(bench.field(SliceId::settings, "settings"), R"({"autoSave":true})");
    EXPECT_NE(bench.json("settings/setSyncInterval", R"("fast")"), "");
    EXPECT_NE(bench.json("settings/setSyncInterval", "null"), "");
    EXPECT_NE(bench.none("settings/setSyncInterval"), "");
}

TEST(Status, LoadCycles) {
    for (std::string_view type : {"files/loadFiles", "models/loadModels", "components/loadComponents", "componentTrees/loadTrees",
                                  "workflows/loadWorkflows", "lambdas/loadLambdas", "project/loadProjects"}) {
        StoreBench bench;
        const SliceId slice = model::find_action(std::string(type) + "/pending").slice->id;
        ASSERT_EQ(bench.none(std::string(type) + "/pending"), "");
        EXPECT_EQ(bench.field(slice, "loading"), "true");
        ASSERT_EQ(bench.none(std::string(type) + "/rejected"), "");
        EXPECT_EQ(bench.field(slice, "loading"), "false");
        EXPECT_EQ(bench.field(slice, "error").substr(0, 15), "\"Failed to load") << type;
        ASSERT_EQ(bench.json(std::string(type) + "/rejected", R"("disk")"), "");
        EXPECT_EQ(bench.field(slice, "error"), R"("disk")");
        ASSERT_EQ(bench.none(std::string(type) + "/fulfilled"), "");
        EXPECT_EQ(bench.field(slice, "error"), "null");
    }
    StoreBench bench;
    bench.none("project/loadProjects/rejected");
    EXPECT_EQ(bench.field(SliceId::project, "error"), R"("Failed to load projects")");
}

TEST(Status, SyncSlice) {
    StoreBench bench;
    for (std::string_view thunk : {"sync/syncToFlaskBulk", "sync/syncFromFlaskBulk"}) {
        ASSERT_EQ(bench.none(std::string(thunk) + "/pending"), "");
        EXPECT_EQ(bench.field(SliceId::sync, "status"), R"("syncing")");
        ASSERT_EQ(bench.json(std::string(thunk) + "/fulfilled", "17"), "");
        EXPECT_EQ(bench.field(SliceId::sync, "status"), R"("success")");
        EXPECT_EQ(bench.field(SliceId::sync, "lastSyncedAt"), "17");
        ASSERT_EQ(bench.json(std::string(thunk) + "/rejected", R"("no net")"), "");
        EXPECT_EQ(bench.field(SliceId::sync, "status"), R"("error")");
        EXPECT_EQ(bench.field(SliceId::sync, "error"), R"("no net")");
    }
    ASSERT_EQ(bench.none("sync/resetSyncStatus"), "");
    EXPECT_EQ(bench.field(SliceId::sync, "status"), R"("idle")");
    EXPECT_EQ(bench.field(SliceId::sync, "error"), "null");
    ASSERT_EQ(bench.json("sync/checkConnection/fulfilled", R"({"totalKeys":2,"totalSizeBytes":9})"), "");
    EXPECT_EQ(bench.field(SliceId::sync, "flaskConnected"), "true");
    EXPECT_EQ(bench.field(SliceId::sync, "flaskStats"), R"({"totalKeys":2,"totalSizeBytes":9})");
    ASSERT_EQ(bench.json("sync/checkConnection/rejected", R"("down")"), "");
    EXPECT_EQ(bench.field(SliceId::sync, "flaskConnected"), "false");
    EXPECT_EQ(bench.field(SliceId::sync, "flaskStats"), "null");
    ASSERT_EQ(bench.none("sync/clearFlask/fulfilled"), "");
    EXPECT_EQ(bench.field(SliceId::sync, "flaskStats"), R"({"totalKeys":0,"totalSizeBytes":0})");
    ASSERT_EQ(bench.json("sync/setFlaskConnected", "true"), "");
    EXPECT_EQ(bench.field(SliceId::sync, "flaskConnected"), "true");
}

TEST(Status, CheckConnectionWithoutStatisticsHasNone) {
    StoreBench bench;
    ASSERT_EQ(bench.none("sync/checkConnection/fulfilled"), "");
    EXPECT_EQ(bench.field(SliceId::sync, "flaskConnected"), "true");
    EXPECT_EQ(bench.field(SliceId::sync, "flaskStats"), "null");
}

TEST(Status, ConflictDetectionFlags) {
    StoreBench bench;
    ASSERT_EQ(bench.none("conflicts/detectConflicts/pending"), "");
    EXPECT_EQ(bench.field(SliceId::conflicts, "detectingConflicts"), "true");
    ASSERT_EQ(bench.none("conflicts/detectConflicts/fulfilled"), "");
    EXPECT_EQ(bench.field(SliceId::conflicts, "detectingConflicts"), "false");
    ASSERT_EQ(bench.json("conflicts/setAutoResolveStrategy", R"("local")"), "");
    EXPECT_EQ(bench.field(SliceId::conflicts, "autoResolveStrategy"), R"("local")");
    ASSERT_EQ(bench.json("conflicts/setAutoResolveStrategy", "null"), "");
    EXPECT_EQ(bench.field(SliceId::conflicts, "autoResolveStrategy"), "null");
}

TEST(Status, LifeCyclesWithoutEffectAreAccepted) {
    for (const model::SliceDef& def : model::slices())
        for (const model::ActionDef& action : def.actions) {
            if (action.verb != model::Verb::none) continue;
            StoreBench bench;
            const std::string before = bench.everything();
            EXPECT_EQ(bench.json(std::string(def.name) + "/" + std::string(action.name), R"({"anything":1})"), "");
            EXPECT_EQ(bench.everything(), before);
        }
}

}  // namespace
}  // namespace codeforge::testing
