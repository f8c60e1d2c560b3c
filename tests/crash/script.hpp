// What a user does before the lights go out: a list of steps, made from a seed or by hand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/random.hpp"

namespace codeforge::crash {

struct Step {
    enum class Kind { dispatch, flush, strict_flush, pause };
    Kind kind = Kind::dispatch;
    std::string frame;             // of dispatch
    std::uint64_t pause_ms = 0;    // time that passes before the next step
};

struct Script {
    std::string name;
    std::vector<Step> steps;
};

/// The scripts of the enumeration, always the same ones.
std::vector<Script> scripts();
/// A few more edits of the same kind, for what happens after a recovery.
Script aftermath(std::uint64_t seed);

}  // namespace codeforge::crash
