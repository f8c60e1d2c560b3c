// The application's schema number. In the hidden slice `schema` stand the store's numbers and, while
// a migration goes on, a mark for every item that is older than the rest. An item without a mark is at
// the level; so whatever is written, received or left alone at any moment, its number is known.
//     "version"      {"id":"version","version":1,"level":3}   1: every item is at least that, 3: the newest
//     "files:f1"     {"id":"files:f1","from":1}               with "failed": why its step did not work
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/state.hpp"

namespace codeforge::model {

/// Items of older schemas carry no number on the wire, and stores no record.
inline constexpr std::uint64_t kFirstSchema = 1;
inline constexpr std::uint64_t kMaxSchema = 1'000'000;
/// Under this name an item carries its number on the wire, where it is not the first.
inline constexpr std::string_view kSchemaMember = "$codeforgeSchema";

struct SchemaNumbers {
    std::uint64_t version = kFirstSchema;
    std::uint64_t level = kFirstSchema;
};
SchemaNumbers schema_numbers(const State& state);
Change schema_numbers_change(SchemaNumbers numbers);

/// `id` "": the field of the slice that holds an item (item_field).
std::string mark_id(const SliceDef& slice, std::string_view id);
Change mark_change(const SliceDef& slice, std::string_view id, std::uint64_t from);
/// The schema number of one item: that of its mark, or the level.
std::uint64_t schema_of(const State& state, const SliceDef& slice, std::string_view id);
/// The field that holds a copy of an item, or the slice's one object where it has no items: "currentTheme", "settings".
/// "" without one.
std::string_view item_field(const SliceDef& slice);

/// The store's slices are at the number or newer. Changes that mark what is older: everything that is
/// there in the slices named in `slices` (a JSON array) and has no mark yet. Empty when the store is
/// at `wanted` already. A store without any commit is at `wanted` from the beginning.
Changes begin_migration(const State& state, std::uint64_t wanted, std::string_view slices, bool is_fresh);
/// What a step made of items: payload [{"slice","id","item"} or {"slice","id","failed"}].
/// Items whose mark is gone are left alone. With the last mark the version follows the level.
base::Result<Changes> carry_out_migration(const State& state, std::string_view payload);
/// Erasures of the marks of the items that `changes` of a dispatch write as the application knows them now.
Changes marks_settled(const State& state, const Changes& changes);

}  // namespace codeforge::model
