#include "base/random.hpp"

#include "base/bytes.hpp"

namespace codeforge::base {

Random::Random(std::string_view seed) {
    std::uint32_t salt = 0x9e3779b9u;
    for (std::uint32_t& word : s_) {
        word = crc32c(seed, salt) | 1u;  // never all zero, which the generator could not leave
        salt = salt * 747796405u + 2891336453u;
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
