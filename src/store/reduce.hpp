// The reducer: what an action changes. One implementation of each verb of the slice table serves
// every slice; it reads the state and never writes it.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "model/change.hpp"
#include "model/slice_table.hpp"
#include "model/state.hpp"
#include "store/tree_nodes.hpp"

namespace codeforge::store {

struct Reduction {
    model::Changes changes;
    /// The first `echoed` changes do to the collection exactly what the payload says, so that the
    /// sender may keep the objects it sent instead of reading them back.
    std::size_t echoed = 0;
    bool echo = false;
};

/// Errors: unknown-slice, unknown-action, malformed-payload, limit. Actions of the verb `conflict`
/// reduce to nothing here: sync carries them out.
base::Result<Reduction> reduce(const model::State& state, TreeNodes& nodes, const model::Action& action, std::uint64_t now_ms);

}  // namespace codeforge::store
