#include "model/schema.hpp"

#include <algorithm>

#include "base/json_check.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

namespace codeforge::model {

using base::JsonKind;
using base::JsonLevel;

namespace {

constexpr std::string_view kVersionId = "version";

std::uint64_t number_in(const Value& value, std::string_view name) {
    const Value* member = value.member(name);
    return std::max(kFirstSchema, member != nullptr ? base::parse_number(member->text()) : 0);
}

bool is_failed(const Item& mark) { return mark.value.member("failed") != nullptr; }

bool names(std::string_view list, std::string_view name) {
    for (JsonLevel level(list); level.next();)
        if (base::json_kind(level.value()) == JsonKind::string && base::unquoted(level.value()) == name) return true;
    return false;
}

/// The change that gives an item its new text; "" as id: the field that holds one.
Change item_change(const SliceDef& slice, std::string_view id, std::string json) {
    return id.empty() ? Change::field(slice.id, item_field(slice), std::move(json)) : Change::put(slice.id, id, std::move(json));
}

Change failed_change(const Item& mark, std::string_view id, std::string_view why) {
    return Change::put(SliceId::schema, id, base::concat({R"({"id":)", base::quoted(id), R"(,"from":)", base::number(number_in(mark.value, "from")),
                                                          R"(,"failed":)", why, "}"}));
}

}  // namespace

SchemaNumbers schema_numbers(const State& state) {
    const Item* record = state.find(SliceId::schema, kVersionId);
    if (record == nullptr) return {};
    return {number_in(record->value, "version"), number_in(record->value, "level")};
}

Change schema_numbers_change(SchemaNumbers numbers) {
    return Change::put(SliceId::schema, kVersionId, base::concat({R"({"id":"version","version":)", base::number(numbers.version),
                                                                  R"(,"level":)", base::number(numbers.level), "}"}));
}

std::string mark_id(const SliceDef& slice, std::string_view id) { return base::concat({slice.name, ":", id}); }

Change mark_change(const SliceDef& slice, std::string_view id, std::uint64_t from) {
    const std::string mark = mark_id(slice, id);
    return Change::put(SliceId::schema, mark, base::concat({R"({"id":)", base::quoted(mark), R"(,"from":)", base::number(from), "}"}));
}

std::uint64_t schema_of(const State& state, const SliceDef& slice, std::string_view id) {
    if (state.items(SliceId::schema).empty()) return kFirstSchema;
    const Item* mark = state.find(SliceId::schema, mark_id(slice, id));
    return mark != nullptr ? number_in(mark->value, "from") : schema_numbers(state).level;
}

std::string_view item_field(const SliceDef& slice) {
    for (const StateFieldDef& field : slice.fields)
        if (field.persist && (field.name.starts_with("current") || (slice.collection.empty() && field.initial.starts_with("{")))) return field.name;
    return {};
}

Changes begin_migration(const State& state, std::uint64_t wanted, std::string_view slices, bool is_fresh) {
    const SchemaNumbers now = schema_numbers(state);
    if (now.level >= wanted) return {};
    if (is_fresh) return {schema_numbers_change({wanted, wanted})};
    Changes changes;
    for (std::size_t number = 0; number < state.slice_count(); ++number) {
        const SliceDef* def = state.table().find(static_cast<SliceId>(number));
        if (def == nullptr || def->is_hidden() || !names(slices, def->name)) continue;
        for (const auto& [id, item] : state.items(def->id))
            if (state.find(SliceId::schema, mark_id(*def, id)) == nullptr) changes.push_back(mark_change(*def, id, now.level));
        const std::string_view field = number >= kFirstCustomSlice ? std::string_view() : item_field(*def);
        const Value* value = field.empty() ? nullptr : state.field(def->id, field);
        if (value != nullptr && value->kind() == JsonKind::object && state.find(SliceId::schema, mark_id(*def, "")) == nullptr)
            changes.push_back(mark_change(*def, "", now.level));
    }
    // Steps of undo carry values of the old schema, and conflicts are found again by the next pull.
    for (SliceId old : {SliceId::history, SliceId::conflicts})
        for (const auto& [id, item] : state.items(old))
            if (!id.starts_with("!")) changes.push_back(Change::erase(old, id));  // those are edits that are nowhere else (sync/rejected)
    const bool pending = !changes.empty() || state.items(SliceId::schema).size() > 1;
    changes.push_back(schema_numbers_change({pending ? now.version : wanted, wanted}));
    return changes;
}

base::Result<Changes> carry_out_migration(const State& state, std::string_view payload) {
    Changes changes;
    std::size_t settled = 0;
    for (JsonLevel list(payload); list.next();) {
        const SliceDef* def = state.table().find_slice(base::string_member(list.value(), "slice"));
        const std::string id = base::string_member(list.value(), "id");
        if (def == nullptr) return base::Error{base::Code::malformed_payload, "a migration names no slice"};
        const std::string mark = mark_id(*def, id);
        const Item* marked = state.find(SliceId::schema, mark);
        if (marked == nullptr) continue;  // written anew meanwhile
        const auto item = base::json_member(list.value(), "item");
        if (const auto failed = base::json_member(list.value(), "failed")) {
            changes.push_back(failed_change(*marked, mark, *failed));
        } else if (item && item->size() > base::kMaxItemBytes) {
            changes.push_back(failed_change(*marked, mark, base::quoted(base::concat({"the item would have ", base::number(item->size()), " bytes"}))));
        } else {
            if (item) changes.push_back(item_change(*def, id, std::string(*item)));
            changes.push_back(Change::erase(SliceId::schema, mark));
        }
        settled += is_failed(*marked) ? 0 : 1;
    }
    std::size_t waiting = 0;
    for (const auto& [id, mark] : state.items(SliceId::schema)) waiting += id != kVersionId && !is_failed(mark) ? 1 : 0;
    const SchemaNumbers now = schema_numbers(state);
    if (waiting <= settled && now.version != now.level) changes.push_back(schema_numbers_change({now.level, now.level}));
    return changes;
}

Changes marks_settled(const State& state, const Changes& changes) {
    Changes settled;
    if (state.items(SliceId::schema).size() < 2) return settled;  // nothing but the numbers
    for (const Change& change : changes) {
        const SliceDef* def = state.table().find(change.slice);
        if (def == nullptr || def->is_hidden()) continue;
        if (change.id.empty() && (change.path.empty() || change.path.front() != PathStep(item_field(*def)))) continue;
        const std::string mark = mark_id(*def, change.id);
        if (state.find(SliceId::schema, mark) == nullptr) continue;
        if (std::none_of(settled.begin(), settled.end(), [&](const Change& other) { return other.id == mark; }))
            settled.push_back(Change::erase(SliceId::schema, mark));
    }
    return settled;
}

}  // namespace codeforge::model
