// Conflicts: a key that changed here and on the server becomes an item of the conflicts slice with
// base, local and remote version. While it is there the key is parked: it is neither pushed nor
// overwritten. Resolving it writes the chosen version as an ordinary edit based on the remote one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/state.hpp"

namespace codeforge::sync {

/// `remote` nullopt: deleted on the server. Replaces an older record of the same key.
model::Changes conflict_recorded(const model::State& state, std::string_view key, const std::optional<std::string>& remote, std::uint64_t now_ms);

/// strategy: local, remote, merge, manual. merge keeps, member by member, the side that changed
/// since the base, and the local one where both did. manual needs `custom`, an object.
/// Errors: malformed-payload.
base::Result<model::Changes> conflict_resolved(const model::State& state, std::string_view key, std::string_view strategy,
                                               const std::optional<std::string>& custom, std::uint64_t now_ms);

/// An undo brings conflicts back. They then stay until somebody resolves them or the server has yet another value, since
/// the server may know the resolution by now; `changes` marks them so. Answers what their keys need in the outbox.
model::Changes conflicts_reopened(const model::State& state, model::Changes& changes);
bool is_reopened(const model::State& state, std::string_view key);

/// The actions of the conflicts slice whose verb is `conflict`. `action` is the name behind the
/// slash, `payload` its JSON text.
base::Result<model::Changes> carry_out_conflict_action(const model::State& state, std::string_view action, std::string_view payload,
                                                       std::uint64_t now_ms);

}  // namespace codeforge::sync
