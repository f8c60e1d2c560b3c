#include "store/reduce.hpp"

#include <algorithm>
#include <cctype>
#include <unordered_set>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "store/payload.hpp"

namespace codeforge::store {

using base::JsonKind;
using base::Result;
using model::Change;
using model::Changes;
using model::SliceId;
using model::Value;
using model::Verb;

namespace {

struct Context {
    const model::State& state;
    TreeNodes& nodes;
    const model::Action& action;
    const model::SliceDef& slice;
    const model::ActionDef& def;
    std::uint64_t now_ms;

    std::string now() const { return base::number(now_ms); }
};

Reduction echoing(Changes changes) {
    const std::size_t count = changes.size();
    return {std::move(changes), count, true};
}

bool empty_texts(const PayloadItem& item) {
    return std::any_of(item.members.begin(), item.members.end(), [](const PayloadMember& m) { return m.text.empty(); });
}

/// Changes of the members whose text differs; with `erase_absent` also the removal of members that
/// the payload lacks. An error when an empty text names a member that the item does not have.
Result<Changes> member_changes(const Context& c, const PayloadItem& item, const Value& current, bool erase_absent) {
    Changes changes;
    for (const PayloadMember& member : item.members) {
        const Value* old = current.member(member.name);
        if (member.text.empty()) {
            if (old == nullptr) return malformed(c.action, base::concat({"payload.", member.name, " refers to a value that the item does not have"}));
            continue;
        }
        if (old != nullptr && old->has_text(member.text)) continue;
        changes.push_back({c.slice.id, false, item.id, {model::PathStep(member.name)}, std::string(member.text)});
    }
    if (!erase_absent) return changes;
    for (const Value::Member& old : current.members()) {
        const bool kept = std::any_of(item.members.begin(), item.members.end(), [&](const PayloadMember& m) { return m.name == old.name; });
        if (!kept) changes.push_back({c.slice.id, true, item.id, {model::PathStep(old.name)}, {}});
    }
    return changes;
}

/// An item must not outgrow the limit by one merge after the other.
Result<void> check_growth(const Context& c, const PayloadItem& item, const Value& current) {
    std::size_t bytes = 0;
    for (const PayloadMember& member : item.members) bytes += member.name.size() + member.text.size();
    bytes += current.text_bytes();
    for (const PayloadMember& member : item.members) {
        const Value* old = member.text.empty() ? nullptr : current.member(member.name);
        if (old != nullptr) bytes -= old->text_bytes();
    }
    if (bytes <= base::kMaxItemBytes) return {};
    return base::Error{base::Code::limit, base::concat({c.action.type, ": item '", item.id, "' would have ", base::number(bytes),
                                                        " bytes; the limit is ", base::number(base::kMaxItemBytes)})};
}

/// The nesting that a value gets below `levels` levels of its slice or item.
Result<void> check_nesting(const Context& c, std::string_view name, std::string_view json, std::size_t levels) {
    const std::size_t depth = levels + (json.size() >= base::kMaxDepth ? base::json_depth(json) : 0);
    if (depth <= base::kMaxDepth) return {};
    return base::Error{base::Code::limit, base::concat({c.action.type, ": ", name, " would be nested ", base::number(depth),
                                                        " levels deep; the limit is ", base::number(base::kMaxDepth)})};
}

/// The JSON text of a field's member, "" when the field is null or lacks it.
std::string field_member(const Context& c, std::string_view field, std::string_view member) {
    const Value* value = c.state.field(c.slice.id, field);
    const Value* inner = value != nullptr ? value->member(member) : nullptr;
    return inner != nullptr ? inner->text() : std::string();
}

/// The field that holds the chosen item's id ("activeFileId") or a copy of it ("currentProject").
std::string_view chosen_field(const model::SliceDef& slice) {
    for (const model::StateFieldDef& field : slice.fields)
        if (field.name.starts_with("active") || field.name.starts_with("current")) return field.name;
    return {};
}

bool is_chosen(const Context& c, std::string_view id) {
    const std::string_view field = chosen_field(c.slice);
    if (field.empty()) return false;
    const Value* value = c.state.field(c.slice.id, field);
    if (value == nullptr) return false;
    const std::string token = field.starts_with("active") ? value->text() : field_member(c, field, "id");
    return base::json_kind(token) == JsonKind::string && base::unquoted(token) == id;
}

Result<Reduction> put_one(const Context& c, bool insert, bool merge) {
    auto item = item_payload(c.action, c.slice);
    if (!item) return item.error();
    const model::Item* current = c.state.find(c.slice.id, item->id);
    if (current == nullptr) {
        if (!insert) return Reduction{};
        if (empty_texts(*item)) return malformed(c.action, "payload refers to values of an item that does not exist");
        return echoing({Change::put(c.slice.id, item->id, item->json())});
    }
    auto changes = member_changes(c, *item, current->value, !merge);
    if (!changes) return changes.error();
    if (auto small = check_growth(c, *item, current->value); !small) return small.error();
    return echoing(std::move(*changes));
}

/// The copy of the current project follows its item, and a created project becomes the current one.
Result<Reduction> put_project(const Context& c, bool insert, bool merge) {
    auto reduction = put_one(c, insert, merge);
    if (!reduction) return reduction;
    auto item = item_payload(c.action, c.slice);
    if (!item) return item.error();
    const bool created = c.def.name.starts_with("createProject");
    if (!created && !is_chosen(c, item->id)) return reduction;
    const model::Item* current = c.state.find(c.slice.id, item->id);
    Value copy = current != nullptr ? current->value : Value("{}");
    for (const Change& change : reduction->changes) {
        if (change.path.empty()) copy = Value(change.json);
        else if (change.erased) copy.erase(change.path);
        else copy.set(change.path, Value(change.json));
    }
    reduction->changes.push_back(Change::field(c.slice.id, "currentProject", copy.text()));
    return reduction;
}

Result<Reduction> remove_one(const Context& c) {
    auto id = id_payload(c.action);
    if (!id) return id.error();
    Reduction reduction;
    reduction.echo = true;
    if (c.state.find(c.slice.id, *id) != nullptr) reduction.changes.push_back(Change::erase(c.slice.id, *id));
    reduction.echoed = reduction.changes.size();
    if (is_chosen(c, *id)) reduction.changes.push_back(Change::field(c.slice.id, chosen_field(c.slice), "null"));
    return reduction;
}

Result<Reduction> put_many(const Context& c) {
    auto items = items_payload(c.action, c.slice);
    if (!items) return items.error();
    Changes changes;
    changes.reserve(items->size());
    for (PayloadItem& item : *items) changes.push_back(Change::put(c.slice.id, item.id, item.take_json()));
    return echoing(std::move(changes));
}

Result<Reduction> set_all(const Context& c) {
    auto items = items_payload(c.action, c.slice);
    if (!items) return items.error();
    Changes changes;
    changes.reserve(items->size());
    if (!c.state.items(c.slice.id).empty()) {
        std::unordered_set<std::string_view> wanted;
        for (const PayloadItem& item : *items) wanted.insert(item.id);
        for (const auto& [id, item] : c.state.ordered(c.slice.id))
            if (!wanted.contains(id)) changes.push_back(Change::erase(c.slice.id, id));
    }
    // Items keep their places while they come in the order they have; from the first one that does
    // not, each is taken out and put in again at the end.
    std::uint64_t last_order = 0;
    bool moving = false;
    for (PayloadItem& item : *items) {
        const model::Item* current = c.state.find(c.slice.id, item.id);
        moving = moving || current == nullptr || current->order < last_order;
        if (current != nullptr) {
            last_order = current->order;
            if (moving) changes.push_back(Change::erase(c.slice.id, item.id));
            else if (current->value.has_text(item.text)) continue;
        }
        changes.push_back(Change::put(c.slice.id, item.id, item.take_json()));
    }
    return echoing(std::move(changes));
}

/// Whether a state field of that TypeScript type may hold a value of that kind.
bool field_accepts(std::string_view type, JsonKind kind) {
    if (kind == JsonKind::null || type == "unknown") return true;
    if (type.starts_with("string") || type.starts_with("'")) return kind == JsonKind::string;
    if (type.starts_with("number")) return kind == JsonKind::number;
    if (type.starts_with("boolean")) return kind == JsonKind::boolean;
    return kind == JsonKind::object;
}

Result<Reduction> set_field(const Context& c) {
    auto text = text_payload(c.action);
    if (!text) return text.error();
    if (text->empty()) *text = "null";
    if (auto shallow = check_nesting(c, "payload", *text, 1); !shallow) return shallow.error();
    if (text->size() > base::kMaxItemBytes)
        return base::Error{base::Code::limit, base::concat({c.action.type, ": payload has ", base::number(text->size()), " bytes; the limit is ",
                                                            base::number(base::kMaxItemBytes)})};
    const JsonKind kind = base::json_kind(*text);
    if (!field_accepts(c.def.payload, kind))
        return malformed(c.action, base::concat({"payload must be ", c.def.payload, ", it is ", base::json_kind_name(kind)}));
    return Reduction{{Change::field(c.slice.id, c.def.field, std::move(*text))}, 0, false};
}

/// The value member of a merge_field action: "" merges into the field, "updatedAt" does so and
/// stamps it, "=name" sets that member from a bare payload, "name" merges one level further in.
Result<Reduction> merge_field(const Context& c) {
    const Value* target = c.state.field(c.slice.id, c.def.field);
    std::vector<PayloadMember> members;
    std::string bare;
    if (c.def.value.starts_with("=")) {
        auto text = text_payload(c.action);
        if (!text) return text.error();
        if (!field_accepts(c.def.payload, base::json_kind(*text)) || *text == "null" || text->empty())
            return malformed(c.action, base::concat({"payload must be a ", c.def.payload}));
        bare = std::move(*text);
        members.push_back({std::string(c.def.value.substr(1)), bare});
    } else {
        auto object = object_payload(c.action);
        if (!object) return object.error();
        members = std::move(*object);
    }
    std::size_t bytes = 0;
    for (const PayloadMember& member : members) {
        if (base::json_kind(member.text) == JsonKind::invalid) return malformed(c.action, base::concat({"payload.", member.name, " is not JSON"}));
        if (auto shallow = check_nesting(c, member.name, member.text, 3); !shallow) return shallow.error();
        bytes += member.text.size();
    }
    if (bytes + (target != nullptr ? target->text_bytes() : 0) > base::kMaxItemBytes)
        return base::Error{base::Code::limit, base::concat({c.action.type, ": the field would exceed ", base::number(base::kMaxItemBytes), " bytes"})};
    if (target == nullptr || target->kind() != JsonKind::object) return Reduction{};
    const bool stamps = c.slice.id != SliceId::settings;
    const bool inner = stamps && c.def.value != "updatedAt";
    Reduction reduction;
    const model::PathStep field(c.def.field);
    if (inner && target->member(c.def.value) == nullptr)
        reduction.changes.push_back({c.slice.id, false, {}, {field, model::PathStep(c.def.value)}, "{}"});
    for (const PayloadMember& member : members) {
        model::Path path{field};
        if (inner) path.emplace_back(c.def.value);
        path.emplace_back(std::string_view(member.name));
        reduction.changes.push_back({c.slice.id, false, {}, std::move(path), std::string(member.text)});
    }
    if (stamps) reduction.changes.push_back({c.slice.id, false, {}, {field, "updatedAt"}, c.now()});
    if (c.slice.id != SliceId::project) return reduction;
    // The list keeps the same project, so that what is pushed is what is shown.
    const std::string id = base::unquoted(field_member(c, c.def.field, "id"));
    if (c.state.find(c.slice.id, id) == nullptr) return reduction;
    for (const PayloadMember& member : members)
        reduction.changes.push_back({c.slice.id, false, id, {model::PathStep(member.name)}, std::string(member.text)});
    reduction.changes.push_back({c.slice.id, false, id, {"updatedAt"}, c.now()});
    return reduction;
}

Result<Reduction> toggle_field(const Context& c) {
    const std::string old = field_member(c, c.def.field, c.def.value);
    return Reduction{{{c.slice.id, false, {}, {model::PathStep(c.def.field), model::PathStep(c.def.value)}, old == "true" ? "false" : "true"}},
                     0, false};
}

/// "loadFiles/rejected" -> "Failed to load files".
std::string failure_text(std::string_view action) {
    std::string out = "Failed to ";
    for (char ch : action.substr(0, action.find('/'))) {
        if (std::isupper(static_cast<unsigned char>(ch)) != 0) out.push_back(' ');
        out.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(ch))));
    }
    return base::quoted(out);
}

std::string_view field_type(const model::SliceDef& slice, std::string_view name) {
    for (const model::StateFieldDef& field : slice.fields)
        if (field.name == name) return field.type;
    return {};
}

Result<Reduction> set_status(const Context& c) {
    auto payload = text_payload(c.action);
    if (!payload) return payload.error();
    const bool absent = payload->empty() || *payload == "null";
    if (absent) *payload = c.def.name.ends_with("rejected") ? failure_text(c.def.name) : c.now();
    Reduction reduction;
    for (base::JsonLevel level(c.def.value); level.next();) {
        std::string_view text = level.value();
        const std::string now = c.now();
        if (text == R"("$payload")") {
            const std::string_view type = field_type(c.slice, level.name());
            text = field_accepts(type, base::json_kind(*payload)) ? std::string_view(*payload) : "null";
            if (text == "null" && !absent)
                return malformed(c.action, base::concat({"payload must be ", type, ", it is ", base::json_kind_name(base::json_kind(*payload))}));
        }
        if (text == R"("$now")") text = now;
        reduction.changes.push_back(Change::field(c.slice.id, level.name(), std::string(text)));
    }
    return reduction;
}

Result<Reduction> edit_tree_node(const Context& c) {
    auto members = object_payload(c.action);
    if (!members) return members.error();
    std::string tree_id;
    std::string node_id;
    std::string_view updates;
    for (const PayloadMember& member : *members) {
        const bool is_string = base::json_kind(member.text) == JsonKind::string;
        if (member.name == "treeId" && is_string) tree_id = base::unquoted(member.text);
        if (member.name == "nodeId" && is_string) node_id = base::unquoted(member.text);
        if (member.name == "updates") updates = member.text;
    }
    if (tree_id.empty() || node_id.empty()) return malformed(c.action, "payload needs the strings treeId and nodeId");
    if (base::json_kind(updates) != JsonKind::object) return malformed(c.action, "payload.updates must be an object");
    const model::Item* tree = c.state.find(c.slice.id, tree_id);
    if (tree == nullptr) return Reduction{};
    // Only new children can make the tree grow much, and measuring it costs a walk over its nodes.
    const bool grows = updates.find("\"children\"") != std::string_view::npos;
    if (updates.size() + (grows ? tree->value.text_bytes() : 0) > base::kMaxItemBytes)
        return base::Error{base::Code::limit, base::concat({c.action.type, ": tree '", tree_id, "' would exceed ",
                                                             base::number(base::kMaxItemBytes), " bytes"})};
    Reduction reduction;
    reduction.changes.reserve(4);
    for (const model::Path& node : c.nodes.find(tree_id, tree->value, node_id)) {
        base::JsonLevel level(updates);
        while (level.next()) {
            const std::string name = level.name();
            if (name == "children" && base::json_kind(level.value()) != JsonKind::array)
                return malformed(c.action, "payload.updates.children must be an array");
            if (auto shallow = check_nesting(c, name, level.value(), node.size() + 1); !shallow) return shallow.error();
            model::Path path;
            path.reserve(node.size() + 1);
            path.insert(path.end(), node.begin(), node.end());
            path.emplace_back(std::string_view(name));
            reduction.changes.push_back({c.slice.id, false, tree_id, std::move(path), std::string(level.value())});
        }
        if (!level.ok()) return malformed(c.action, "payload.updates is not valid JSON");
    }
    reduction.changes.push_back({c.slice.id, false, tree_id, {"updatedAt"}, c.now()});
    return reduction;
}

Result<Reduction> carry_out(const Context& c) {
    const bool project = c.slice.id == SliceId::project;
    switch (c.def.verb) {
        case Verb::put: return project ? put_project(c, true, false) : put_one(c, true, false);
        case Verb::replace: return put_one(c, false, false);
        case Verb::merge: return project ? put_project(c, false, true) : put_one(c, false, true);
        case Verb::remove: return remove_one(c);
        case Verb::put_many: return put_many(c);
        case Verb::set_all: return set_all(c);
        case Verb::set_field: return set_field(c);
        case Verb::clear_field: return Reduction{{Change::field(c.slice.id, c.def.field, "null")}, 0, false};
        case Verb::merge_field: return merge_field(c);
        case Verb::toggle_field: return toggle_field(c);
        case Verb::tree_node: return edit_tree_node(c);
        case Verb::status: return set_status(c);
        case Verb::conflict:
        case Verb::rejected:
        case Verb::none: return Reduction{};
    }
    return Reduction{};
}

}  // namespace

Result<Reduction> reduce(const model::State& state, TreeNodes& nodes, const model::Action& action, std::uint64_t now_ms) {
    const model::ActionRef ref = state.table().find_action(action.type);
    if (ref.slice == nullptr)
        return base::Error{base::Code::unknown_slice, base::concat({"'", action.type, "' names no slice of this store"})};
    if (ref.action == nullptr)
        return base::Error{base::Code::unknown_action, base::concat({"slice '", ref.slice->name, "' has no action '", action.type, "'"})};
    return carry_out({state, nodes, action, *ref.slice, *ref.action, now_ms});
}

}  // namespace codeforge::store
