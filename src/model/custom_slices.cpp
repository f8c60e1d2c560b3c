#include "model/custom_slices.hpp"

#include <algorithm>
#include <cctype>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace codeforge::model {

using base::Code;
using base::Error;
using base::JsonKind;
using base::JsonLevel;
using base::Result;

/// What the views and spans of `def` point into.
struct SliceTable::Custom {
    std::string name;
    std::string collection;
    std::string wire;
    std::vector<std::string> texts;  // by field: name, initial value, name of its action
    std::vector<StateFieldDef> fields;
    std::vector<ActionDef> actions;
    SliceDef def{};
};

namespace {

constexpr std::string_view kActive = "activeId";

constexpr ActionDef kCustomActions[] = {
    {"addItem", Verb::put}, {"addItems", Verb::put_many}, {"updateItem", Verb::merge}, {"replaceItem", Verb::replace},
    {"removeItem", Verb::remove}, {"setItems", Verb::set_all},
    {"setActive", Verb::set_field, kActive, "string"}, {"clearActive", Verb::clear_field, kActive}};

Error malformed(std::string_view name, std::string_view why) {
    return {Code::malformed_payload, base::concat({"slices.", name, ": ", why})};
}

/// A letter, then letters and digits: it becomes a member of the state and half of an action's type.
bool is_name(std::string_view name) {
    if (name.empty() || name.size() > kMaxSliceName || std::isalpha(static_cast<unsigned char>(name.front())) == 0) return false;
    for (char c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) return false;
    return true;
}

/// As is_name, with what keys on a server may have besides.
bool is_wire(std::string_view wire) {
    if (wire.empty() || wire.size() > kMaxSliceName) return false;
    for (char c : wire)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.') return false;
    return true;
}

std::string text_of(std::string_view token) { return base::json_kind(token) == JsonKind::string ? base::unquoted(token) : std::string(); }

/// "filter" -> "setFilter".
std::string setter_of(std::string_view field) {
    std::string name = base::concat({"set", field});
    name[3] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[3])));
    return name;
}

}  // namespace

SliceTable::SliceTable() {
    for (const SliceDef& def : slices()) by_number_[static_cast<std::size_t>(def.id)] = &def;
}
SliceTable::SliceTable(SliceTable&&) noexcept = default;
SliceTable& SliceTable::operator=(SliceTable&&) noexcept = default;
SliceTable::~SliceTable() = default;
SliceTable::SliceTable(const SliceTable& other) : SliceTable() {
    if (other.custom_.empty()) return;
    CODEFORGE_CHECK(define(other.source_).ok());
    for (std::size_t index = 0; index < custom_.size(); ++index) set_number(index, other.custom(index).id);
}

const SliceDef& SliceTable::custom(std::size_t index) const { return custom_[index]->def; }

const SliceDef* SliceTable::find_slice(std::string_view name) const {
    for (const auto& slice : custom_)
        if (slice->name == name) return &slice->def;
    return model::find_slice(name);
}

const SliceDef* SliceTable::find_wire(std::string_view wire) const {
    for (const auto& slice : custom_)
        if (!wire.empty() && slice->wire == wire) return &slice->def;
    return model::find_wire(wire);
}

ActionRef SliceTable::find_action(std::string_view type) const {
    const std::size_t slash = std::min(type.find('/'), type.size());
    return action_of(find_slice(type.substr(0, slash)), type.substr(slash));
}

void SliceTable::set_number(std::size_t index, SliceId id) {
    SliceDef& def = custom_[index]->def;
    auto& before = by_number_[static_cast<std::size_t>(def.id)];
    if (before == &def) before = nullptr;
    def.id = id;
    by_number_[static_cast<std::size_t>(id)] = &def;
}

namespace {

/// Adds a field with the action that sets it.
Result<void> add_field(std::string_view slice, std::string_view collection, std::string_view name, std::string_view initial,
                       std::vector<std::string>& texts) {
    if (!is_name(name)) return malformed(slice, base::concat({"field '", name, "' must be named by a letter and then letters and digits"}));
    if (name == collection || name == kActive || name == "active" || name == "items")
        return malformed(slice, base::concat({"field '", name, "' has a name that the slice uses itself"}));
    if (texts.size() / 3 >= kMaxSliceFields)
        return Error{Code::limit, base::concat({"slices.", slice, ": more than ", base::number(kMaxSliceFields), " fields"})};
    for (std::string_view text : {name, initial}) texts.emplace_back(text);
    texts.push_back(setter_of(name));
    return {};
}

}  // namespace

Result<void> SliceTable::define(std::string_view json) {
    source_ = json;
    for (JsonLevel list(json); list.next();) {
        if (custom_.size() >= kMaxCustomSlices) return Error{Code::limit, base::concat({"slices: more than ", base::number(kMaxCustomSlices)})};
        auto slice = std::make_unique<Custom>();
        SliceDef& def = slice->def;
        std::string_view fields = "{}";
        for (JsonLevel member(list.value()); member.next();) {
            const std::string name = member.name();
            if (name == "name") slice->name = text_of(member.value());
            if (name == "collection") slice->collection = text_of(member.value());
            if (name == "wire") slice->wire = text_of(member.value());
            if (name == "persist") def.persist = member.value() == "true";
            if (name == "undo") def.undo = member.value() == "true";
            if (name == "fields") fields = member.value();
        }
        if (!is_name(slice->name))
            return malformed(slice->name, base::concat({"a name is a letter and then letters and digits, at most ", base::number(kMaxSliceName)}));
        if (find_slice(slice->name) != nullptr) return malformed(slice->name, "there is a slice of this name already");
        if (!is_name(slice->collection)) return malformed(slice->name, "collection must be a name: a letter and then letters and digits");
        if (!slice->wire.empty() && !is_wire(slice->wire)) return malformed(slice->name, "wire must consist of letters, digits, '-', '_' and '.'");
        if (find_wire(slice->wire) != nullptr) return malformed(slice->name, base::concat({"the server keys '", slice->wire, ":' belong to another slice"}));
        // What is pending would be pushed as deleted after a reload.
        if (!slice->wire.empty() && !def.persist) return malformed(slice->name, "what is not persistent cannot be synced: set wire to null");
        for (JsonLevel field(fields); field.next();)
            if (auto added = add_field(slice->name, slice->collection, field.name(), field.value(), slice->texts); !added) return added;
        slice->actions.assign(std::begin(kCustomActions), std::end(kCustomActions));
        slice->fields.push_back({kActive, "string | null", "null", def.persist});
        for (std::size_t i = 0; i < slice->texts.size(); i += 3) {
            slice->fields.push_back({slice->texts[i], "unknown", slice->texts[i + 1], def.persist});
            slice->actions.push_back({slice->texts[i + 2], Verb::set_field, slice->texts[i], "unknown"});
        }
        def.name = slice->name;
        def.collection = slice->collection;
        def.wire = slice->wire;
        def.fields = slice->fields;
        def.actions = slice->actions;
        custom_.push_back(std::move(slice));
    }
    return {};
}

}  // namespace codeforge::model
