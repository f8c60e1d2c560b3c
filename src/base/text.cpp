#include "base/text.hpp"

#include <limits>

namespace codeforge::base {

void append(std::string& out, std::initializer_list<std::string_view> parts) {
    std::size_t size = out.size();
    for (std::string_view part : parts) size += part.size();
    if (size > out.capacity() && size > 2 * out.size()) out.reserve(size);
    for (std::string_view part : parts) out.append(part);
}

std::string concat(std::initializer_list<std::string_view> parts) {
    std::string out;
    append(out, parts);
    return out;
}

std::string number(std::uint64_t value) {
    char digits[20];
    int at = 20;
    do {
        digits[--at] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    return {digits + at, static_cast<std::size_t>(20 - at)};
}

std::uint64_t parse_number(std::string_view text) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t value = 0;
    for (char c : text) {
        if (c < '0' || c > '9') break;
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (kMost - digit) / 10) return kMost;
        value = value * 10 + digit;
    }
    return value;
}

}  // namespace codeforge::base
