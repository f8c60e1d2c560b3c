#include "sync/key.hpp"

namespace codeforge::sync {

using model::Change;
using model::SliceDef;

std::string local_key(const model::SliceTable& table, model::SliceId slice, std::string_view id) {
    const SliceDef* def = table.find(slice);
    if (def == nullptr || def->wire.empty()) return {};
    std::string key(def->wire);
    key += ':';
    key += id;
    return key;
}

std::optional<Key> parse_key(const model::SliceTable& table, std::string_view local_key) {
    const std::size_t colon = local_key.find(':');
    if (colon == std::string_view::npos || colon + 1 == local_key.size()) return std::nullopt;
    const SliceDef* def = table.find_wire(local_key.substr(0, colon));
    if (def == nullptr) return std::nullopt;
    const std::string_view id = local_key.substr(colon + 1);
    if (!def->wire_field.empty() && id == model::kCurrentId) return Key{def->id, {}};
    return Key{def->id, std::string(id)};
}

std::string wire_key(std::string_view local_key) {
    std::string out;
    for (char c : local_key) {
        if (c == '/') out += "~2F";
        else if (c == '~') out += "~7E";
        else out.push_back(c);
    }
    return out;
}

std::string local_of_wire(std::string_view wire_key) {
    std::string out;
    for (std::size_t i = 0; i < wire_key.size(); ++i) {
        const std::string_view three = wire_key.substr(i, 3);
        if (three == "~2F") out.push_back('/');
        else if (three == "~7E") out.push_back('~');
        else {
            out.push_back(wire_key[i]);
            continue;
        }
        i += 2;
    }
    return out;
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter_or_digit = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
        if (letter_or_digit || c == '-' || c == '.' || c == '_' || c == '~') {
            out.push_back(c);
            continue;
        }
        out.push_back('%');
        out.push_back("0123456789ABCDEF"[byte >> 4]);
        out.push_back("0123456789ABCDEF"[byte & 15]);
    }
    return out;
}

std::optional<std::string> local_text(const model::State& state, const Key& key) {
    if (key.id.empty()) {
        const model::Value* value = state.field(key.slice, state.table().at(key.slice).wire_field);
        if (value == nullptr || value->kind() == base::JsonKind::null) return std::nullopt;
        return value->text();
    }
    const model::Item* item = state.find(key.slice, key.id);
    if (item == nullptr) return std::nullopt;
    return item->value.text();
}

Change local_change(const model::SliceTable& table, const Key& key, const std::optional<std::string>& json) {
    if (key.id.empty()) return Change::field(key.slice, table.at(key.slice).wire_field, json.value_or("null"));
    return json ? Change::put(key.slice, key.id, *json) : Change::erase(key.slice, key.id);
}

}  // namespace codeforge::sync
