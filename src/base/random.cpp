#include "base/random.hpp"

namespace codeforge::base {

Random::Random(std::string_view seed) {
    // FNV-1a (Fowler, Noll, Vo) from two starting points, each finished as SplitMix64 does.
    std::uint64_t hashes[2] = {14695981039346656037u, 0x9e3779b97f4a7c15u};
    for (int half = 0; half < 2; ++half) {
        std::uint64_t hash = hashes[half];
        for (char c : seed) hash = (hash ^ static_cast<std::uint8_t>(c)) * 1099511628211u;
        hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9u;
        hash = (hash ^ hash >> 27) * 0x94d049bb133111ebu;
        hash ^= hash >> 31;
        s_[2 * half] = static_cast<std::uint32_t>(hash) | 1u;  // never all zero, which the generator could not leave
        s_[2 * half + 1] = static_cast<std::uint32_t>(hash >> 32);
    }
}

std::uint32_t Random::next() {
    const auto rotate = [](std::uint32_t x, int k) { return x << k | x >> (32 - k); };
    const std::uint32_t result = rotate(s_[1] * 5, 7) * 9;
    const std::uint32_t t = s_[1] << 9;
    s_[2] ^= s_[0];
    s_[3] ^= s_[1];
    s_[1] ^= s_[2];
    s_[0] ^= s_[3];
    s_[2] ^= t;
    s_[3] = rotate(s_[3], 11);
    return result;
}

std::string Random::hex(int digits) {
    std::string out;
    while (static_cast<int>(out.size()) < digits) out.push_back("0123456789abcdef"[next() & 15]);
    return out;
}

}  // namespace codeforge::base
