// The entities of the editor, as original-system documents name them. Part of the slice table.
#pragma once

#include "model/slice_table.hpp"

namespace codeforge::model::entity {

using enum base::JsonKind;
inline constexpr base::JsonKind any = invalid;

inline constexpr FieldDef kProjectFields[] = {
    {"id", "string", string}, {"name", "string", string}, {"description", "string", string, true},
    {"createdAt", "number", number}, {"updatedAt", "number", number}};
inline constexpr FieldDef kFileFields[] = {
    {"id", "string", string}, {"name", "string", string}, {"content", "string", string},
    {"language", "string", string}, {"path", "string", string}, {"updatedAt", "number", number}};
inline constexpr FieldDef kModelFieldFields[] = {
    {"id", "string", string}, {"name", "string", string}, {"type", "string", string},
    {"required", "boolean", boolean}, {"defaultValue", "unknown", any, true}};
inline constexpr FieldDef kModelFields[] = {
    {"id", "string", string}, {"name", "string", string}, {"fields", "ModelField[]", array},
    {"updatedAt", "number", number}};
inline constexpr FieldDef kComponentPropFields[] = {
    {"name", "string", string}, {"type", "string", string}, {"required", "boolean", boolean},
    {"defaultValue", "unknown", any, true}, {"description", "string", string, true}};
inline constexpr FieldDef kComponentFields[] = {
    {"id", "string", string}, {"name", "string", string},
    {"type", "'atom' | 'molecule' | 'organism'", string}, {"code", "string", string},
    {"props", "ComponentProp[]", any, true}, {"metadata", "Record<string, unknown>", object, true},
    {"updatedAt", "number", number}};
inline constexpr FieldDef kDataBindingFields[] = {
    {"property", "string", string}, {"source", "'state' | 'props' | 'api' | 'computed'", string},
    {"path", "string", string}, {"transform", "string", string, true}};
inline constexpr FieldDef kTreeNodeFields[] = {
    {"id", "string", string}, {"type", "string", string},
    {"props", "Record<string, unknown>", object, true}, {"children", "ComponentTreeNode[]", array, true},
    {"bindings", "DataBinding[]", any, true}};
inline constexpr FieldDef kTreeFields[] = {
    {"id", "string", string}, {"name", "string", string}, {"description", "string", string, true},
    {"root", "ComponentTreeNode", object}, {"metadata", "Record<string, unknown>", object, true},
    {"updatedAt", "number", number}};
inline constexpr FieldDef kPositionFields[] = {{"x", "number", number}, {"y", "number", number}};
inline constexpr FieldDef kWorkflowNodeFields[] = {
    {"id", "string", string}, {"type", "string", string}, {"position", "Position", object},
    {"data", "Record<string, unknown>", object}};
inline constexpr FieldDef kWorkflowEdgeFields[] = {
    {"id", "string", string}, {"source", "string", string}, {"target", "string", string},
    {"sourceHandle", "string | null", any, true}, {"targetHandle", "string | null", any, true}};
inline constexpr FieldDef kWorkflowFields[] = {
    {"id", "string", string}, {"name", "string", string}, {"description", "string", string, true},
    {"nodes", "WorkflowNode[]", array}, {"edges", "WorkflowEdge[]", array}, {"updatedAt", "number", number}};
inline constexpr FieldDef kLambdaFields[] = {
    {"id", "string", string}, {"name", "string", string}, {"description", "string", string, true},
    {"code", "string", string}, {"runtime", "string", string}, {"handler", "string", string},
    {"updatedAt", "number", number}};
inline constexpr FieldDef kThemeColorsFields[] = {
    {"primary", "string", string}, {"secondary", "string", string}, {"accent", "string", string},
    {"background", "string", string}, {"foreground", "string", string}, {"muted", "string", string},
    {"destructive", "string", string}, {"border", "string", string}};
inline constexpr FieldDef kThemeTypographyFields[] = {
    {"fontFamily", "string", string}, {"headingFamily", "string", string},
    {"fontSize", "Record<string, string>", object}, {"fontWeight", "Record<string, number>", object}};
inline constexpr FieldDef kThemeSpacingFields[] = {{"unit", "number", number}, {"scale", "number[]", array}};
inline constexpr FieldDef kThemeFields[] = {
    {"id", "string", string}, {"name", "string", string}, {"colors", "ThemeColors", object},
    {"typography", "ThemeTypography", object}, {"spacing", "ThemeSpacing", object},
    {"updatedAt", "number", number}};
inline constexpr FieldDef kSettingsFields[] = {
    {"autoSave", "boolean", boolean}, {"autoSync", "boolean", boolean}, {"syncInterval", "number", number},
    {"flaskApiUrl", "string", string}, {"useIndexedDB", "boolean", boolean},
    {"theme", "'light' | 'dark' | 'system'", string}};
inline constexpr FieldDef kFlaskStatsFields[] = {
    {"totalKeys", "number", number}, {"totalSizeBytes", "number", number}};
inline constexpr FieldDef kConflictFields[] = {
    {"id", "string", string}, {"entityType", "string", string},
    {"baseVersion", "Record<string, unknown> | null", any},
    {"localVersion", "Record<string, unknown> | null", any},
    {"remoteVersion", "Record<string, unknown> | null", any}, {"localTimestamp", "number", number},
    {"remoteTimestamp", "number", number}, {"conflictDetectedAt", "number", number},
    {"reopened", "boolean", boolean, true}};

inline constexpr TypeDef kTypes[] = {
    {"Project", kProjectFields}, {"FileItem", kFileFields}, {"ModelField", kModelFieldFields},
    {"Model", kModelFields}, {"ComponentProp", kComponentPropFields}, {"Component", kComponentFields},
    {"DataBinding", kDataBindingFields}, {"ComponentTreeNode", kTreeNodeFields},
    {"ComponentTree", kTreeFields}, {"Position", kPositionFields}, {"WorkflowNode", kWorkflowNodeFields},
    {"WorkflowEdge", kWorkflowEdgeFields}, {"Workflow", kWorkflowFields}, {"Lambda", kLambdaFields},
    {"ThemeColors", kThemeColorsFields}, {"ThemeTypography", kThemeTypographyFields},
    {"ThemeSpacing", kThemeSpacingFields}, {"Theme", kThemeFields}, {"Settings", kSettingsFields},
    {"FlaskStats", kFlaskStatsFields}, {"ConflictItem", kConflictFields}};

/// Requires: `name` is in kTypes.
constexpr const TypeDef* type(std::string_view name) {
    for (const TypeDef& def : kTypes)
        if (def.name == name) return &def;
    return nullptr;
}

}  // namespace codeforge::model::entity
