#include "base/text.hpp"

#include <limits>

namespace codeforge::base {

Digits::Digits(std::uint64_t value) {
    do {
        digits_[--at_] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
}

Digits::operator std::string() const { return std::string(view()); }

Part::Part(const char* literal) : text_(literal) {}
Part::Part(const std::string& text) : text_(text) {}
Part::Part(const Digits& number) : text_(number.view()) {}

void append(std::string& out, std::initializer_list<Part> parts) {
    std::size_t size = out.size();
    for (const Part& part : parts) size += part.view().size();
    if (size > out.capacity() && size > 2 * out.size()) out.reserve(size);
    for (const Part& part : parts) out.append(part.view());
}

std::string concat(std::initializer_list<Part> parts) {
    std::string out;
    append(out, parts);
    return out;
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
