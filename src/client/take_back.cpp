#include "client/take_back.hpp"

namespace codeforge::client {

namespace {

const model::Value* value_at(const model::State& state, const Before& place) {
    if (place.id.empty()) {
        if (place.path.empty() || place.path.front().is_index) return nullptr;
        const model::Value* field = state.field(place.slice, place.path.front().name);
        return field != nullptr ? field->at(model::Path(place.path.begin() + 1, place.path.end())) : nullptr;
    }
    const model::Item* item = state.find(place.slice, place.id);
    return item != nullptr ? item->value.at(place.path) : nullptr;
}

}  // namespace

Before before(const model::State& state, const model::Change& change) {
    Before place{change.slice, change.id, change.path, false, {}, 0, state.next_order(change.slice)};
    // A member or element that goes away leaves a place that no single change could fill again.
    const std::size_t kept = change.id.empty() ? 1 : 0;
    if (change.erased && place.path.size() > kept) place.path.pop_back();
    const model::Value* value = value_at(state, place);
    place.absent = value == nullptr;
    if (value != nullptr) place.json = value->text();
    if (value != nullptr && place.path.empty()) place.order = state.find(change.slice, change.id)->order;
    return place;
}

void take_back(store::Store& store, const Before& before) {
    if (!before.absent && before.path.empty()) store.put_back(before.slice, before.id, before.json, before.order);
    else store.commit({{before.slice, before.absent, before.id, before.path, before.json}});
    store.next_order_back(before.slice, before.next_order);
}

}  // namespace codeforge::client
