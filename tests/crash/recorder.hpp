// Runs a script on the real client and writes down everything that reaches the disk, with what the
// client had promised by then. A crash at any moment is afterwards a choice among these writes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "crash/script.hpp"
#include "persist/log.hpp"

namespace codeforge::crash {

using Files = std::map<std::string, std::string>;

struct Recorded {
    persist::Write write;
    /// Promised as durable before this write was answered: must be there although the write is lost.
    std::uint64_t durable_before = 0;
    /// Promised as stable on the medium before this write was answered.
    std::uint64_t strict_before = 0;
};

struct Recording {
    Files start;                              // what was on the disk before the script
    std::vector<Recorded> writes;             // in the order in which they happen
    std::map<std::uint64_t, std::uint64_t> prints;  // by commit number: fingerprint of the state after it
    std::uint64_t durable = 0;                // promised at the end
    std::uint64_t strict = 0;
    std::string problem;                      // why the script could not be run; "" otherwise
};

/// Runs the script on a store that begins with `start`. Each write is answered `answer_ms` after it was asked for.
Recording record(const Script& script, const Files& start, std::uint64_t answer_ms);

/// Tells persistent states apart: slices, fields, items in their order.
std::uint64_t fingerprint(const model::State& state);

std::vector<persist::File> listed(const Files& files);
void carry_out(Files& files, const persist::Write& write);

}  // namespace codeforge::crash
