// A seeded pseudo-random generator (xoshiro128**, Blackman and Vigna 2018): jitter and client ids.
// The seed comes from outside, so that a whole run can be repeated from it. Not for secrets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace codeforge::base {

class Random {
public:
    /// Any text; different texts give different sequences.
    explicit Random(std::string_view seed);

    std::uint32_t next();
    /// Uniform in [0, 1).
    double unit() { return next() / 4294967296.0; }
    /// `digits` hexadecimal digits.
    std::string hex(int digits);

private:
    std::uint32_t s_[4];
};

}  // namespace codeforge::base
