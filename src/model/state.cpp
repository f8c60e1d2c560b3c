#include "model/state.hpp"

#include <algorithm>
#include <cstdlib>

namespace codeforge::model {

State::State() {
    for (const SliceDef& def : slices()) {
        Value fields("{}");
        for (const StateFieldDef& field : def.fields) fields.set({PathStep(field.name)}, Value(std::string(field.initial)));
        at(def.id).fields = std::move(fields);
    }
}

const Item* State::find(SliceId slice, std::string_view id) const {
    const Items& items = at(slice).items;
    const auto it = items.find(id);
    return it == items.end() ? nullptr : &it->second;
}

const Value* State::field(SliceId slice, std::string_view name) const { return at(slice).fields.member(name); }

std::vector<std::pair<std::string_view, const Item*>> State::ordered(SliceId slice) const {
    std::vector<std::pair<std::string_view, const Item*>> list;
    list.reserve(at(slice).items.size());
    for (const auto& [id, item] : at(slice).items) list.emplace_back(id, &item);
    // qsort: one small function in the module instead of an instance of std::sort.
    using Entry = std::pair<std::string_view, const Item*>;
    const auto by_order = [](const void* a, const void* b) {
        const std::uint64_t left = static_cast<const Entry*>(a)->second->order;
        const std::uint64_t right = static_cast<const Entry*>(b)->second->order;
        return left < right ? -1 : left > right ? 1 : 0;
    };
    if (!list.empty()) std::qsort(list.data(), list.size(), sizeof(Entry), by_order);
    return list;
}

std::string State::slice_text(SliceId slice) const {
    std::string out = R"({"items":[)";
    bool first = true;
    for (const auto& [id, item] : ordered(slice)) {
        if (!first) out.push_back(',');
        first = false;
        item->value.append_text(out);
    }
    out += R"(],"fields":)";
    at(slice).fields.append_text(out);
    out.push_back('}');
    return out;
}

bool State::apply_json(const Change& change, std::string json) {
    Slice& slice = at(change.slice);
    if (change.id.empty()) {
        if (change.path.empty()) return false;
        if (change.erased) return slice.fields.erase(change.path);
        return slice.fields.set(change.path, Value(std::move(json)));
    }
    const auto it = slice.items.find(change.id);
    if (it == slice.items.end()) {
        if (change.erased) return true;
        if (!change.path.empty()) return false;
        slice.items.emplace(change.id, Item{Value(std::move(json)), slice.next_order++});
        return true;
    }
    if (!change.erased) return it->second.value.set(change.path, Value(std::move(json)));
    if (!change.path.empty()) {
        it->second.value.erase(change.path);  // absent already is what was asked for
        return true;
    }
    slice.items.erase(it);
    return true;
}

void State::restore(SliceId slice, std::string_view id, std::string json, std::uint64_t order) {
    Slice& target = at(slice);
    target.next_order = std::max(target.next_order, order + 1);
    target.items.insert_or_assign(std::string(id), Item{Value(std::move(json)), order});
}

}  // namespace codeforge::model
