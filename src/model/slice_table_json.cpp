// The public part of the slice table as JSON: what web/generate makes the TypeScript types from.
#include "base/json.hpp"
#include "model/slice_table.hpp"

namespace codeforge::model {

namespace {

using base::Json;

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(std::string(text)); }

Json type_json(const TypeDef& type) {
    Json fields = Json::array();
    for (const FieldDef& field : type.fields) {
        Json entry = {{"name", std::string(field.name)}, {"type", std::string(field.type.text)}};
        if (field.optional) entry["optional"] = true;
        fields.push_back(std::move(entry));
    }
    return {{"name", std::string(type.name)}, {"fields", std::move(fields)}};
}

Json slice_json(const SliceDef& def) {
    Json fields = Json::array();
    for (const StateFieldDef& field : def.fields)
        fields.push_back({{"name", std::string(field.name)},
                          {"type", std::string(field.type)},
                          {"initial", Json::parse(field.initial, nullptr, false)}});
    Json actions = Json::array();
    for (const ActionDef& action : def.actions)
        actions.push_back({{"name", std::string(action.name)},
                           {"verb", std::string(verb_name(action.verb))},
                           {"payload", text_or_null(action.payload)}});
    Json indexes = Json::array();
    for (std::string_view index : def.indexes) indexes.push_back(std::string(index));
    return {{"name", std::string(def.name)},
            {"wire", text_or_null(def.wire)},
            {"collection", text_or_null(def.collection)},
            {"itemType", def.item != nullptr ? Json(std::string(def.item->name)) : Json(nullptr)},
            {"persist", def.persist},
            {"sync", !def.wire.empty()},
            {"indexes", std::move(indexes)},
            {"fields", std::move(fields)},
            {"actions", std::move(actions)}};
}

}  // namespace

std::string slice_table_json() {
    Json type_list = Json::array();
    for (const TypeDef& type : types()) type_list.push_back(type_json(type));
    Json slice_list = Json::array();
    for (const SliceDef& def : slices().first(kPublicSliceCount)) slice_list.push_back(slice_json(def));
    return Json{{"version", 1}, {"types", std::move(type_list)}, {"slices", std::move(slice_list)}}.dump(2);
}

}  // namespace codeforge::model
