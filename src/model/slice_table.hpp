// The slice table: the single source of slice names, item types, fields, indexes, action names and
// the options of persistence and sync. The reducer, the log, the sync engine and the generated
// TypeScript types all read it; nothing else in the project lists the slices. Slices that an
// application defines at run time stand beside these in model/custom_slices.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json_text.hpp"

namespace codeforge::model {

/// A slice's number in the log. Numbers are never reused or changed: they are on users' disks.
enum class SliceId : std::uint8_t {
    project = 0,
    files = 1,
    models = 2,
    components = 3,
    component_trees = 4,
    workflows = 5,
    lambdas = 6,
    theme = 7,
    settings = 8,
    sync = 9,
    conflicts = 10,
    // Not part of the public state: what the sync engine keeps durable.
    outbox = 11,
    shadow = 12,
    // What other parts keep durable.
    history = 13,   // undo and redo
    tabs = 14,      // sessions of this browser's tabs
    schema = 15,    // the application's schema number and the items that are older
    registry = 16,  // custom slices: name -> number
    // 64 to 255: custom slices (model/custom_slices.hpp).
};
/// Built-in slices, hidden ones included.
inline constexpr std::size_t kSliceCount = 17;
inline constexpr std::size_t kPublicSliceCount = 11;
/// Whatever a byte can name.
inline constexpr std::size_t kSliceNumbers = 256;
/// The id under which a slice's wire_field travels.
inline constexpr std::string_view kCurrentId = "current";

/// What an action does to its slice. One reducer implements all of them.
enum class Verb : std::uint8_t {
    put,           // payload item: insert, or replace the whole item
    replace,       // payload item: replace the whole item where the id exists
    merge,         // payload item: its members replace those of the item where the id exists
    remove,        // payload id, or an object with id
    set_all,       // payload array of items: the collection becomes exactly this
    put_many,      // payload array of items: each as put
    set_field,     // payload replaces the field
    clear_field,   // the field becomes null
    merge_field,   // payload members replace those of the object in the field
    toggle_field,  // the boolean at field becomes its opposite
    tree_node,     // payload {treeId, nodeId, updates}
    status,        // life cycle of a thunk: sets loading, status, error
    conflict,      // resolutions: the client carries them out together with sync
    rejected,      // what to do with an edit that the server refused: likewise
    none,          // accepted without effect
};
std::string_view verb_name(Verb verb);

/// A type in TypeScript, for slice_table_json() alone. The npm module is built without what only that reads.
struct TypeScript {
    std::string_view text;

    constexpr TypeScript() = default;
#ifdef CODEFORGE_WITHOUT_TYPESCRIPT
    constexpr TypeScript(const char*) {}  // NOLINT: implicit by design
#else
    constexpr TypeScript(const char* source) : text(source) {}  // NOLINT: implicit by design
#endif
};

struct FieldDef {
    std::string_view name;
    TypeScript type;
    base::JsonKind kind;    // invalid: any kind is accepted
    bool optional = false;
};

struct TypeDef {
    std::string_view name;
    std::span<const FieldDef> fields;
};

struct StateFieldDef {
    std::string_view name;
    std::string_view type;     // TypeScript; decides what a payload may be
    std::string_view initial;  // JSON
    bool persist = false;
};

struct ActionDef {
    std::string_view name;  // behind the slash, life cycle included: "saveFile/fulfilled"
    Verb verb;
    std::string_view field = {};    // of set_field, clear_field, merge_field, toggle_field, status
    std::string_view payload = {};  // TypeScript; of set_field and merge_field it decides what a payload may be
    std::string_view value = {};    // of status: the JSON members to set; of toggle_field and merge_field: member path
};

struct SliceDef {
    SliceId id;
    std::string_view name;        // key in the state and first half of action types
    std::string_view collection;  // member of the slice's state that lists the items; "" without one
    std::string_view wire;        // key prefix on the server; "" when not synced
    const TypeDef* item = nullptr;
    bool persist = false;
    std::span<const StateFieldDef> fields;
    std::span<const ActionDef> actions;
    std::span<const std::string_view> indexes = {};
    std::string_view wire_field = {};  // a field synced as "<wire>:current" beside the items
    bool undo = true;                  // whether edits of it can be undone

    /// Hidden slices are no part of the public state.
    bool is_hidden() const { return name.front() == '$'; }
};

// The built-in slices. Whoever has a State asks its table(), which knows the custom ones too.
std::span<const SliceDef> slices();
/// Requires: the slice is built in.
const SliceDef& slice(SliceId id);
const SliceDef* find_slice(std::string_view name);
const SliceDef* find_wire(std::string_view wire);
std::span<const TypeDef> types();

struct ActionRef {
    const SliceDef* slice = nullptr;
    const ActionDef* action = nullptr;
};
/// By full type, for example "files/addFile". action is null when the slice exists and the action
/// does not; both are null when the slice does not exist.
ActionRef find_action(std::string_view type);
/// `name`: what is behind the slice's name in a type, slash included. `slice` may be null.
ActionRef action_of(const SliceDef* slice, std::string_view name);

/// The generator's input: the public part of the table as JSON.
std::string slice_table_json();

}  // namespace codeforge::model
