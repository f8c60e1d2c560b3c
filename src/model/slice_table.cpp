#include "model/slice_table.hpp"

#include <algorithm>

#include "model/slice_types.hpp"

namespace codeforge::model {

namespace {

using enum Verb;

constexpr std::string_view kLoadPending = R"({"loading":true,"error":null})";
constexpr std::string_view kLoadFulfilled = R"({"loading":false,"error":null})";
constexpr std::string_view kLoadRejected = R"({"loading":false,"error":"$payload"})";

// A payload's type where only the generator reads it.
#ifdef CODEFORGE_WITHOUT_TYPESCRIPT
#define GENERATED(TYPE) {}
#else
#define GENERATED(TYPE) TYPE
#endif
// The actions that every collection has.
#define COMMON_ACTIONS(ITEM) \
    {"addItem", put, {}, GENERATED(ITEM)}, {"addItems", put_many, {}, GENERATED(ITEM "[]")}, {"updateItem", merge, {}, GENERATED("Partial<" ITEM "> & { id: string }")}, \
    {"removeItem", remove, {}, GENERATED("string")}, {"setItems", set_all, {}, GENERATED(ITEM "[]")}
#define LIFE_CYCLE(THUNK, FULFILLED, ITEM) \
    {THUNK "/pending", none}, {THUNK "/fulfilled", FULFILLED, {}, GENERATED(ITEM)}, {THUNK "/rejected", none}
#define LOAD_CYCLE(THUNK) \
    {THUNK "/pending", status, {}, {}, kLoadPending}, {THUNK "/fulfilled", status, {}, {}, kLoadFulfilled}, \
    {THUNK "/rejected", status, {}, GENERATED("string"), kLoadRejected}
// The actions of a collection whose original names follow the entity's name.
#define ENTITY_ACTIONS(ONE, MANY, ITEM, ACTIVE) \
    COMMON_ACTIONS(ITEM), {"setActive" ONE, set_field, ACTIVE, "string"}, {"clearActive" ONE, clear_field, ACTIVE}, \
    {"add" ONE, put, {}, GENERATED(ITEM)}, {"update" ONE, replace, {}, GENERATED(ITEM)}, {"save" ONE, put, {}, GENERATED(ITEM)}, \
    {"delete" ONE, remove, {}, GENERATED("string")}, {"set" MANY, set_all, {}, GENERATED(ITEM "[]")}, LOAD_CYCLE("load" MANY), \
    LIFE_CYCLE("save" ONE, put, ITEM), LIFE_CYCLE("delete" ONE, remove, "string")
#define COLLECTION_FIELDS(ACTIVE) \
    {ACTIVE, "string | null", "null", true}, {"loading", "boolean", "false"}, {"error", "string | null", "null"}

constexpr ActionDef kProjectActions[] = {
    COMMON_ACTIONS("Project"),
    {"setCurrentProject", set_field, "currentProject", "Project"},
    {"clearCurrentProject", clear_field, "currentProject"},
    {"updateProjectMetadata", merge_field, "currentProject", GENERATED("Partial<Project>"), "updatedAt"},
    {"markSynced", status, {}, {}, R"({"lastSyncedAt":"$now"})"},
    LOAD_CYCLE("loadProjects"),
    {"loadProject/pending", status, {}, {}, kLoadPending},
    {"loadProject/fulfilled", set_field, "currentProject", "Project | undefined"},
    {"loadProject/rejected", status, {}, GENERATED("string"), kLoadRejected},
    {"saveProject", put, {}, GENERATED("Project")},
    LIFE_CYCLE("saveProject", put, "Project"),
    {"createProject", put, {}, GENERATED("Project")},
    LIFE_CYCLE("createProject", put, "Project"),
    {"deleteProject", remove, {}, GENERATED("string")},
    LIFE_CYCLE("deleteProject", remove, "string"),
    {"syncFromFlask/pending", none}, {"syncFromFlask/fulfilled", none}, {"syncFromFlask/rejected", none}};
constexpr StateFieldDef kProjectState[] = {
    {"currentProject", "Project | null", "null", true}, {"loading", "boolean", "false"},
    {"error", "string | null", "null"}, {"lastSyncedAt", "number | null", "null", true}};

constexpr ActionDef kFileActions[] = {
    ENTITY_ACTIONS("File", "Files", "FileItem", "activeFileId"),
    {"syncFromFlask/pending", none}, {"syncFromFlask/fulfilled", none}, {"syncFromFlask/rejected", none}};
constexpr StateFieldDef kFileState[] = {COLLECTION_FIELDS("activeFileId")};
constexpr std::string_view kFileIndexes[] = {"name", "path"};
constexpr std::string_view kNameIndex[] = {"name"};
constexpr std::string_view kProjectIndexes[] = {"name", "updatedAt"};

constexpr ActionDef kModelActions[] = {ENTITY_ACTIONS("Model", "Models", "Model", "activeModelId")};
constexpr StateFieldDef kModelState[] = {COLLECTION_FIELDS("activeModelId")};

constexpr ActionDef kComponentActions[] = {ENTITY_ACTIONS("Component", "Components", "Component", "activeComponentId")};
constexpr StateFieldDef kComponentState[] = {COLLECTION_FIELDS("activeComponentId")};

constexpr ActionDef kTreeActions[] = {
    ENTITY_ACTIONS("Tree", "Trees", "ComponentTree", "activeTreeId"),
    {"saveComponentTree", put, {}, GENERATED("ComponentTree")}, {"deleteComponentTree", remove, {}, GENERATED("string")},
    {"setComponentTrees", set_all, {}, GENERATED("ComponentTree[]")},
    {"updateTreeNode", tree_node, {}, GENERATED("{ treeId: string; nodeId: string; updates: Partial<ComponentTreeNode> }")},
    {"syncFromFlask/pending", none}, {"syncFromFlask/fulfilled", none}, {"syncFromFlask/rejected", none}};
constexpr StateFieldDef kTreeState[] = {COLLECTION_FIELDS("activeTreeId")};

constexpr ActionDef kWorkflowActions[] = {ENTITY_ACTIONS("Workflow", "Workflows", "Workflow", "activeWorkflowId")};
constexpr StateFieldDef kWorkflowState[] = {COLLECTION_FIELDS("activeWorkflowId")};

constexpr ActionDef kLambdaActions[] = {ENTITY_ACTIONS("Lambda", "Lambdas", "Lambda", "activeLambdaId")};
constexpr StateFieldDef kLambdaState[] = {COLLECTION_FIELDS("activeLambdaId")};

constexpr ActionDef kThemeActions[] = {
    COMMON_ACTIONS("Theme"),
    {"setCurrentTheme", set_field, "currentTheme", "Theme"},
    {"setTheme", set_field, "currentTheme", "Theme"},
    {"updateThemeColors", merge_field, "currentTheme", GENERATED("Partial<ThemeColors>"), "colors"},
    {"updateThemeTypography", merge_field, "currentTheme", GENERATED("Partial<ThemeTypography>"), "typography"},
    {"updateThemeSpacing", merge_field, "currentTheme", GENERATED("Partial<ThemeSpacing>"), "spacing"},
    {"addTheme", put, {}, GENERATED("Theme")},
    {"deleteTheme", remove, {}, GENERATED("string")},
    {"setThemes", set_all, {}, GENERATED("Theme[]")}};
constexpr StateFieldDef kThemeState[] = {
    {"currentTheme", "Theme | null", "null", true}, {"loading", "boolean", "false"}, {"error", "string | null", "null"}};

constexpr ActionDef kSettingsActions[] = {
    {"updateSettings", merge_field, "settings", GENERATED("Partial<Settings>")},
    {"setSettings", set_field, "settings", "Settings"},
    {"toggleAutoSave", toggle_field, "settings", {}, "autoSave"},
    {"toggleAutoSync", toggle_field, "settings", {}, "autoSync"},
    {"setSyncInterval", merge_field, "settings", "number", "=syncInterval"}};
constexpr StateFieldDef kSettingsState[] = {
    {"settings", "Settings",
     R"({"autoSave":true,"autoSync":true,"syncInterval":30000,"flaskApiUrl":"http://localhost:5001","useIndexedDB":true,"theme":"dark"})",
     true},
    {"loading", "boolean", "false"},
    {"error", "string | null", "null"}};

constexpr ActionDef kSyncActions[] = {
    {"resetSyncStatus", status, {}, {}, R"({"status":"idle","error":null})"},
    {"retryRejected", rejected, {}, GENERATED("{ key: string }")},
    {"discardRejected", rejected, {}, GENERATED("{ key: string }")},
    {"setFlaskConnected", set_field, "flaskConnected", "boolean"},
    {"syncToFlaskBulk/pending", status, {}, {}, R"({"status":"syncing","error":null})"},
    {"syncToFlaskBulk/fulfilled", status, {}, GENERATED("number"), R"({"status":"success","lastSyncedAt":"$payload"})"},
    {"syncToFlaskBulk/rejected", status, {}, GENERATED("string"), R"({"status":"error","error":"$payload"})"},
    {"syncFromFlaskBulk/pending", status, {}, {}, R"({"status":"syncing","error":null})"},
    {"syncFromFlaskBulk/fulfilled", status, {}, GENERATED("number"), R"({"status":"success","lastSyncedAt":"$payload"})"},
    {"syncFromFlaskBulk/rejected", status, {}, GENERATED("string"), R"({"status":"error","error":"$payload"})"},
    {"checkConnection/pending", none},
    {"checkConnection/fulfilled", status, {}, GENERATED("FlaskStats"), R"({"flaskConnected":true,"flaskStats":"$payload"})"},
    {"checkConnection/rejected", status, {}, GENERATED("string"), R"({"flaskConnected":false,"flaskStats":null})"},
    {"clearFlask/pending", none},
    {"clearFlask/fulfilled", status, {}, {}, R"({"flaskStats":{"totalKeys":0,"totalSizeBytes":0}})"},
    {"clearFlask/rejected", status, {}, GENERATED("string"), R"({"error":"$payload"})"}};
constexpr StateFieldDef kSyncState[] = {
    {"status", "'idle' | 'syncing' | 'success' | 'error'", R"("idle")"}, {"lastSyncedAt", "number | null", "null", true},
    {"flaskConnected", "boolean", "false"}, {"flaskStats", "FlaskStats | null", "null"}, {"error", "string | null", "null"}};

constexpr ActionDef kConflictActions[] = {
    {"clearConflicts", conflict},
    {"setAutoResolveStrategy", set_field, "autoResolveStrategy", "'local' | 'remote' | 'merge' | null"},
    {"removeConflict", conflict, {}, GENERATED("string")},
    {"resolveConflict", conflict, {},
     GENERATED("{ conflictId: string; strategy: 'local' | 'remote' | 'manual' | 'merge'; customVersion?: Record<string, unknown> }")},
    {"resolveAllConflicts", conflict, {}, GENERATED("'local' | 'remote' | 'merge'")},
    {"detectConflicts/pending", status, {}, {}, R"({"detectingConflicts":true,"error":null})"},
    {"detectConflicts/fulfilled", status, {}, {}, R"({"detectingConflicts":false})"},
    {"detectConflicts/rejected", status, {}, GENERATED("string"), R"({"detectingConflicts":false,"error":"$payload"})"},
    {"resolveConflict/pending", none}, {"resolveConflict/fulfilled", none}, {"resolveConflict/rejected", none},
    {"resolveAllConflicts/pending", none}, {"resolveAllConflicts/fulfilled", none}, {"resolveAllConflicts/rejected", none}};
constexpr StateFieldDef kConflictState[] = {
    {"autoResolveStrategy", "'local' | 'remote' | 'merge' | null", "null", true},
    {"detectingConflicts", "boolean", "false"}, {"resolvingConflict", "string | null", "null"},
    {"error", "string | null", "null"}};

using entity::type;

constexpr SliceDef kSlices[kSliceCount] = {
    {SliceId::project, "project", "projects", "projects", type("Project"), true, kProjectState, kProjectActions, kProjectIndexes},
    {SliceId::files, "files", "files", "files", type("FileItem"), true, kFileState, kFileActions, kFileIndexes},
    {SliceId::models, "models", "models", "models", type("Model"), true, kModelState, kModelActions, kNameIndex},
    {SliceId::components, "components", "components", "components", type("Component"), true, kComponentState, kComponentActions, kNameIndex},
    {SliceId::component_trees, "componentTrees", "trees", "componentTrees", type("ComponentTree"), true, kTreeState, kTreeActions, kNameIndex},
    {SliceId::workflows, "workflows", "workflows", "workflows", type("Workflow"), true, kWorkflowState, kWorkflowActions, kNameIndex},
    {SliceId::lambdas, "lambdas", "lambdas", "lambdas", type("Lambda"), true, kLambdaState, kLambdaActions, kNameIndex},
    {SliceId::theme, "theme", "themes", "theme", type("Theme"), true, kThemeState, kThemeActions, kNameIndex, "currentTheme"},
    {SliceId::settings, "settings", "", "", nullptr, true, kSettingsState, kSettingsActions, {}},
    {SliceId::sync, "sync", "", "", nullptr, true, kSyncState, kSyncActions, {}},
    {SliceId::conflicts, "conflicts", "conflicts", "", type("ConflictItem"), true, kConflictState, kConflictActions, {}},
    {SliceId::outbox, "$outbox", "entries", "", nullptr, true, {}, {}, {}},
    {SliceId::shadow, "$shadow", "entries", "", nullptr, true, {}, {}, {}},
    {SliceId::history, "$history", "entries", "", nullptr, true, {}, {}, {}},
    {SliceId::tabs, "$tabs", "entries", "", nullptr, true, {}, {}, {}},
    {SliceId::schema, "$schema", "entries", "", nullptr, true, {}, {}, {}},
    {SliceId::registry, "$registry", "entries", "", nullptr, true, {}, {}, {}}};

}  // namespace

std::string_view verb_name(Verb verb) {
    constexpr std::string_view kNames[] = {"put", "replace", "merge", "remove", "set-all", "put-many", "set-field", "clear-field",
                                           "merge-field", "toggle-field", "tree-node", "status", "conflict", "rejected", "none"};
    return kNames[static_cast<std::size_t>(verb)];
}

std::span<const SliceDef> slices() { return kSlices; }
const SliceDef& slice(SliceId id) { return kSlices[static_cast<std::size_t>(id)]; }
std::span<const TypeDef> types() { return entity::kTypes; }

const SliceDef* find_slice(std::string_view name) {
    for (const SliceDef& def : std::span(kSlices).first(kPublicSliceCount))
        if (def.name == name) return &def;
    return nullptr;
}

const SliceDef* find_wire(std::string_view wire) {
    for (const SliceDef& def : kSlices)
        if (!def.wire.empty() && def.wire == wire) return &def;
    return nullptr;
}

ActionRef action_of(const SliceDef* slice, std::string_view name) {
    if (slice == nullptr || name.empty()) return {slice, nullptr};
    name.remove_prefix(1);
    const auto* const end = slice->actions.data() + slice->actions.size();
    const auto* const found = std::find_if(slice->actions.data(), end, [name](const ActionDef& action) { return action.name == name; });
    return {slice, found != end ? found : nullptr};
}

ActionRef find_action(std::string_view type) {
    const std::size_t slash = std::min(type.find('/'), type.size());
    return action_of(find_slice(type.substr(0, slash)), type.substr(slash));
}

}  // namespace codeforge::model
