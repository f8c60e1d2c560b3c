// Edits that the server refused. Under the policy *keep* they stay where they are and their outbox
// record says why; under *rollback* the state goes back to what the server has, and the edit becomes a
// letter: an item "!<time>-<key>" of the slice history, {"key","reason","at","value","base"}, that
// somebody can see, send again or throw away. Nothing is thrown away by itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/state.hpp"

namespace codeforge::sync {

/// Letters that are kept. When there are so many, further edits are kept in place instead.
inline constexpr std::size_t kRejectedLimit = 200;

/// Brings the key back to its base and keeps what was here as a letter; none when there is no room.
/// Requires: the key has an outbox record.
model::Changes rolled_back(const model::State& state, std::string_view key, std::string_view reason, std::uint64_t now_ms);

/// sync/retryRejected and sync/discardRejected; payload: {"key"}. Retrying takes the newest letter of the key as an edit, or
/// asks the server again for what was kept. Discarding throws the letter away, or takes back what was kept.
/// Errors: malformed-payload, also when nothing of that key was refused.
base::Result<model::Changes> carry_out_rejected_action(const model::State& state, std::string_view action, std::string_view payload);

/// [{"key","slice","id","reason","at","value","base","isRolledBack"}…], the oldest letter first; at 0 for what was kept.
std::string rejected_json(const model::State& state);
std::size_t rejected_letters(const model::State& state);

}  // namespace codeforge::sync
