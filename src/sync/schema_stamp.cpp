#include "sync/schema_stamp.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace codeforge::sync {

std::string stamped(std::string_view json, std::uint64_t schema, bool always) {
    if ((schema == model::kFirstSchema && !always) || !json.starts_with('{')) return std::string(json);
    const bool is_empty = json.find('"') == std::string_view::npos;
    return base::concat({"{", base::quoted(model::kSchemaMember), ":", base::number(schema), is_empty ? "" : ",", json.substr(1)});
}

std::uint64_t take_stamp(std::string& json) {
    if (json.find(model::kSchemaMember) == std::string::npos) return model::kFirstSchema;
    model::Value item(json);
    const model::Value* stamp = item.member(model::kSchemaMember);
    if (stamp == nullptr) return model::kFirstSchema;
    const std::uint64_t schema = base::parse_number(stamp->text());
    item.erase({model::PathStep(model::kSchemaMember)});
    json = item.text();
    return std::max(model::kFirstSchema, schema);
}

model::Changes arrived(const model::State& state, const Key& key, std::uint64_t schema) {
    const model::SliceDef& def = state.table().at(key.slice);
    if (schema < model::schema_numbers(state).level) return {model::mark_change(def, key.id, schema)};
    const std::string mark = model::mark_id(def, key.id);
    if (state.find(model::SliceId::schema, mark) == nullptr) return {};
    return {model::Change::erase(model::SliceId::schema, mark)};
}

}  // namespace codeforge::sync
