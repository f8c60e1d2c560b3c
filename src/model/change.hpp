// Actions ask, changes are what happens. A commit is a numbered list of changes; it is what the
// log stores, the mirror applies and the outbox is made from.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/slice_table.hpp"
#include "model/value.hpp"

namespace codeforge::model {

/// The atomic edit: at `path` inside item `id` of `slice`, the value becomes `json` or goes away.
/// id "" is the slice's own fields; path {} is the whole item.
struct Change {
    SliceId slice = SliceId::project;
    bool erased = false;
    std::string id;
    Path path;
    std::string json;  // unused when erased
    std::uint64_t order = 0;  // of a put of a whole item: its place (Item::order); 0: where it is, or the end

    static Change put(SliceId slice, std::string_view id, std::string json) {
        return {slice, false, std::string(id), {}, std::move(json), 0};
    }
    static Change erase(SliceId slice, std::string_view id) { return {slice, true, std::string(id), {}, {}, 0}; }
    static Change field(SliceId slice, std::string_view name, std::string json) {
        return {slice, false, {}, {PathStep(name)}, std::move(json), 0};
    }
};
using Changes = std::vector<Change>;

struct Commit {
    std::uint64_t seq = 0;
    std::uint64_t at_ms = 0;  // Unix time
    Changes changes;
};

/// A name and the JSON text of its value. Views into the frame that arrived.
struct NamedText {
    std::string_view name;
    std::string_view text;
};

/// What a dispatch brings. The texts were written by JSON.stringify or checked by base/json_check.hpp.
struct Action {
    enum class Payload { none, text, fields, items };
    std::string_view type;
    Payload payload = Payload::none;
    std::string_view text;            // text: the whole payload
    std::vector<NamedText> members;   // fields: name and value; items: id and item
    std::vector<std::string>* staged = nullptr;  // items: where their texts are, in the same order, if they may be taken

    /// The JSON text of a string, which lives as long as the action.
    std::string_view quoted(std::string_view string) {
        texts_.push_back(std::make_unique<std::string>(base::quoted(string)));
        return *texts_.back();
    }

private:
    std::vector<std::unique_ptr<std::string>> texts_;
};

}  // namespace codeforge::model
