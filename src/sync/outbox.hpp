// The outbox: one durable record for every key whose local value the server does not have yet, and
// the shadow: the set of keys that the server had when last heard of.
// A record keeps the base, which is what the server last had; a key without a record equals its
// shadow, so bases cost memory only where something is pending. When a record is sent it gets an
// entry with an identity (client, mutation) and a frozen payload, durable before the first byte
// leaves; later edits go on in the state and never into the payload.
// Both are hidden slices of the state, so the log, recovery and snapshots carry them like any item.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/state.hpp"
#include "sync/key.hpp"

namespace codeforge::sync {

struct Entry {
    std::string client;
    std::uint64_t mutation = 0;
    std::optional<std::string> value;  // nullopt: a deletion
    std::uint64_t schema = 1;          // the number that the value has
};

struct Pending {
    std::optional<std::string> base;  // nullopt: the server does not have the key
    std::optional<Entry> entry;
    std::string refused;  // why the server will not take the value; "" otherwise
    int failures = 0;     // answers of status 500 to this key in a row
};

std::optional<Pending> read_pending(const model::State& state, std::string_view key);
model::Change pending_change(std::string_view key, const Pending& pending);
bool server_has(const model::State& state, std::string_view key);

/// Outbox records that `changes` make necessary. Call it before the changes are applied and commit
/// both together, so that no edit is durable without its record. The keys that they touch go to `keys`
/// where it is given; a key may be there twice.
model::Changes note_local(const model::State& state, const model::Changes& changes, std::vector<std::string>* keys = nullptr);

/// What a server's value of a key means for the local one.
enum class Comparison {
    unchanged,  // the server has the base: nothing new there
    settled,    // the server has the local value (or neither has one)
    landed,     // the server has the payload of the entry; the local value is newer
    take,       // clean here, changed there
    conflict,   // changed on both sides
};
/// `remote` nullopt: the server does not have the key.
Comparison compare(const model::State& state, std::string_view key, const std::optional<std::string>& remote);

/// The server is known to have `value` under the key now.
model::Changes acknowledged(const model::State& state, std::string_view key, const std::optional<std::string>& value);
/// Takes the server's value over the local one.
model::Changes taken(const model::State& state, std::string_view key, const std::optional<std::string>& remote);
/// The server lost what it had; the local value is sent again.
model::Changes forgotten(const model::State& state, std::string_view key);

}  // namespace codeforge::sync
