#include "model/inverse.hpp"

namespace codeforge::model {

Change inverse_of(const State& state, const Change& change) {
    Change inverse{change.slice, true, change.id, change.path, {}, 0};
    if (change.path.empty()) {
        const Item* item = state.find(change.slice, change.id);
        if (item == nullptr) return inverse;
        inverse.order = item->order;
        inverse.json = item->value.text();
    } else {
        const Value* old = state.at(change.slice, change.id, change.path);
        if (old == nullptr) return inverse;
        inverse.json = old->text();
    }
    inverse.erased = false;
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
