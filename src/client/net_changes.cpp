#include "client/net_changes.hpp"

namespace codeforge::client {

std::optional<std::string> NetChanges::text_of(const Place& place) const {
    if (place.id.empty()) {
        const model::Value* value = state_.field(place.slice, place.field);
        return value != nullptr ? std::optional(value->text()) : std::nullopt;
    }
    const model::Item* item = state_.find(place.slice, place.id);
    return item != nullptr ? std::optional(item->value.text()) : std::nullopt;
}

void NetChanges::watch(model::SliceId slice, const std::string& id, const model::Path& path) {
    Place place{slice, id, id.empty() && !path.empty() ? path.front().name : std::string(), std::nullopt};
    std::string key{static_cast<char>(slice)};
    key += id.empty() ? '.' + place.field : ':' + id;
    const auto [it, is_new] = places_.try_emplace(std::move(key), std::move(place));
    if (is_new) it->second.text = text_of(it->second);
}

NetChanges::Outcome NetChanges::outcome() const {
    Outcome outcome{{}, reordered_ | (moved_here_ & moved_by_others_)};
    for (const auto& [key, place] : places_) {
        const std::optional<std::string> now = text_of(place);
        if (now == place.text) continue;
        // Back after it was gone: its place is not the end.
        if (!place.text && moved_here_[index(place.slice)]) outcome.reordered.set(index(place.slice));
        if (place.id.empty()) outcome.changes.push_back({place.slice, !now, {}, {model::PathStep(place.field)}, now.value_or("")});
        else outcome.changes.push_back(now ? model::Change::put(place.slice, place.id, *now) : model::Change::erase(place.slice, place.id));
    }
    return outcome;
}

}  // namespace codeforge::client
