#include "model/inverse.hpp"

namespace codeforge::model {

Change inverse_place_of(const State& state, const Change& change, const Value*& value) {
    Change inverse{change.slice, true, change.id, change.path, {}, 0};
    if (change.path.empty()) {
        const Item* item = state.find(change.slice, change.id);
        value = item != nullptr ? &item->value : nullptr;
        if (item != nullptr) inverse.order = item->order;
    } else {
        value = state.at(change.slice, change.id, change.path);
    }
    inverse.erased = value == nullptr;
    return inverse;
}

Change inverse_of(const State& state, const Change& change) {
    const Value* value = nullptr;
    Change inverse = inverse_place_of(state, change, value);
    if (value != nullptr) inverse.json = value->text();
    return inverse;
}

Changes inverse_of(const State& state, const Changes& changes) {
    // All values are those before the first change, and the last change is taken back first: an
    // element that was appended goes before the one below it.
    Changes inverse;
    inverse.reserve(changes.size());
    for (std::size_t i = changes.size(); i > 0; --i) inverse.push_back(inverse_of(state, changes[i - 1]));
    return inverse;
}

}  // namespace codeforge::model
