#include "model/state.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"

namespace codeforge::model {

namespace {

/// A record of the registry: {"slice":64}.
std::size_t registered_number(const Item& record) {
    const Value* number = record.value.member("slice");
    const std::size_t slice = number != nullptr ? base::parse_number(number->text()) : 0;
    return slice >= kFirstCustomSlice && slice < kFirstPassingSlice ? slice : 0;
}

}  // namespace

State::State() : slices_(kSliceCount) {
    for (const SliceDef& def : slices()) set_initial_fields(def);
}

void State::set_initial_fields(const SliceDef& def) {
    Value& fields = at(def.id).fields;
    for (const StateFieldDef& field : def.fields)
        if (fields.member(field.name) == nullptr) fields.set({PathStep(field.name)}, Value(std::string(field.initial)));
}

State::Slice& State::at(SliceId slice) {
    const auto number = static_cast<std::size_t>(slice);
    if (number >= slices_.size()) slices_.resize(number + 1);
    return slices_[number];
}

const State::Slice& State::at(SliceId slice) const {
    const auto number = static_cast<std::size_t>(slice);
    if (number < slices_.size()) return slices_[number];
    static const Slice kNone;
    return kNone;
}

base::Result<void> State::adopt(SliceTable table) {
    table_ = std::move(table);
    std::size_t next = kFirstCustomSlice;
    std::size_t next_passing = kFirstPassingSlice;
    for (const auto& [name, record] : items(SliceId::registry)) next = std::max(next, registered_number(record) + 1);
    for (std::size_t index = 0; index < table_.custom_count(); ++index) {
        const SliceDef& def = table_.custom(index);
        const Item* record = find(SliceId::registry, def.name);
        std::size_t number = def.persist && record != nullptr ? registered_number(*record) : 0;
        if (number == 0) {
            number = def.persist ? next++ : next_passing++;
            if (number >= (def.persist ? kFirstPassingSlice : kSliceNumbers))
                return base::Error{base::Code::limit, base::concat({"slices.", def.name, ": this store has had ",
                                                                    base::number(kFirstPassingSlice - kFirstCustomSlice), " custom slices already"})};
            if (def.persist) unregistered_.push_back(index);
        }
        table_.set_number(index, static_cast<SliceId>(number));
        set_initial_fields(def);
    }
    return {};
}

Changes State::take_registrations() {
    Changes changes;
    for (std::size_t index : unregistered_) {
        const SliceDef& def = table_.custom(index);
        const std::string number = base::number(static_cast<std::uint64_t>(def.id));
        changes.push_back(Change::put(SliceId::registry, def.name, base::concat({R"({"slice":)", number, "}"})));
    }
    unregistered_.clear();
    return changes;
}

/// Another client of the same store may have registered a slice under another number than the one that
/// this client would have given.
void State::follow_registry(const Change& change, std::string_view json) {
    const std::size_t number = registered_number({Value(std::string(json)), 0});
    for (std::size_t index = 0; number != 0 && index < table_.custom_count(); ++index) {
        const SliceDef& def = table_.custom(index);
        if (def.name != change.id || !def.persist) continue;
        std::erase(unregistered_, index);
        const auto before = static_cast<std::size_t>(def.id);
        if (before == number) return;
        const std::size_t needed = std::max(before, number) + 1;
        if (slices_.size() < needed) slices_.resize(needed);
        // What the other client committed counts; what was only reduced here is reduced again.
        if (slices_[number].items.empty()) slices_[number] = std::move(slices_[before]);
        slices_[before] = Slice{};
        table_.set_number(index, static_cast<SliceId>(number));
        set_initial_fields(def);
        return;
    }
}

const Item* State::find(SliceId slice, std::string_view id) const {
    const Items& items = at(slice).items;
    const auto it = items.find(id);
    return it == items.end() ? nullptr : &it->second;
}

const Value* State::at(SliceId slice, std::string_view id, const Path& path) const {
    if (id.empty()) return at(slice).fields.at(path);
    const Item* item = find(slice, id);
    return item != nullptr ? item->value.at(path) : nullptr;
}

const Value* State::field(SliceId slice, std::string_view name) const { return at(slice).fields.member(name); }

std::vector<std::pair<std::string_view, const Item*>> State::ordered(SliceId slice) const {
    using Entry = std::pair<std::string_view, const Item*>;
    std::vector<Entry> list;
    list.reserve(at(slice).items.size());
    std::uint64_t first = UINT64_MAX;
    std::uint64_t last = 0;
    for (const auto& [id, item] : at(slice).items) {
        list.emplace_back(id, &item);
        first = std::min(first, item.order);
        last = std::max(last, item.order);
    }
    if (const std::uint64_t span = last - first; !list.empty() && span < 4 * list.size()) {
        // Close together, as they are unless much was removed: each goes to its place, and nothing is compared.
        std::vector<Entry> placed(static_cast<std::size_t>(span) + 1);
        bool alone = true;
        for (const Entry& entry : list) {
            Entry& place = placed[static_cast<std::size_t>(entry.second->order - first)];
            alone = alone && place.second == nullptr;
            place = entry;
        }
        if (alone) {
            std::erase_if(placed, [](const Entry& entry) { return entry.second == nullptr; });
            return placed;
        }
    }
    // qsort: one small function in the module instead of an instance of std::sort.
    const auto by_order = [](const void* a, const void* b) {
        const Entry& left = *static_cast<const Entry*>(a);
        const Entry& right = *static_cast<const Entry*>(b);
        // What was put back into its place may find another there.
        if (left.second->order == right.second->order) return left.first.compare(right.first);
        return left.second->order < right.second->order ? -1 : 1;
    };
    if (!list.empty()) std::qsort(list.data(), list.size(), sizeof(Entry), by_order);
    return list;
}

std::string State::slice_text(SliceId slice) const {
    const auto items = ordered(slice);
    std::size_t bytes = 64 + at(slice).fields.text_bytes();
    for (const auto& [id, item] : items) bytes += item->value.text_bytes() + 1;
    std::string out;
    out.reserve(bytes);  // megabytes: growing would hold them twice
    out += R"({"items":[)";
    bool first = true;
    for (const auto& [id, item] : items) {
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
    if (change.slice == SliceId::registry && !change.erased && table_.custom_count() > 0) follow_registry(change, json);
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
        const std::uint64_t order = change.order != 0 ? change.order : slice.next_order;
        slice.next_order = std::max(slice.next_order, order + 1);
        slice.items.emplace(change.id, Item{Value(std::move(json)), order});
        return true;
    }
    if (change.order != 0 && !change.erased) it->second.order = change.order;
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
