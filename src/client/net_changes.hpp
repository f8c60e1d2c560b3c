// What a mirror has to be told after edits were taken back and done again: only what differs in the end,
// so that whatever comes out the same keeps its identity there.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "model/change.hpp"
#include "model/state.hpp"

namespace codeforge::client {

class NetChanges {
public:
    explicit NetChanges(const model::State& state) : state_(state) {}

    /// By number.
    using Slices = std::bitset<model::kSliceNumbers>;

    /// Before the first modification of that item or field.
    void watch(model::SliceId slice, const std::string& id, const model::Path& path);
    /// Items of the slice came or went, here or in what others did.
    void moved(model::SliceId slice, bool by_others) { (by_others ? moved_by_others_ : moved_here_).set(index(slice)); }

    /// An item came to a place of its own.
    void reorder(model::SliceId slice) { reordered_.set(index(slice)); }

    struct Outcome {
        model::Changes changes;
        Slices reordered;
    };
    /// The difference between then and now.
    Outcome outcome() const;

private:
    struct Place {
        model::SliceId slice;
        std::string id;
        std::string field;  // of the slice's own fields
        std::optional<std::string> text;
    };
    static std::size_t index(model::SliceId slice) { return static_cast<std::size_t>(slice); }
    std::optional<std::string> text_of(const Place& place) const;

    const model::State& state_;
    std::unordered_map<std::string, Place> places_;
    Slices moved_here_, moved_by_others_, reordered_;
};

}  // namespace codeforge::client
