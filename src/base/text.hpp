// Small text building. One call per message instead of a chain of operator+, which the compiler
// would inline at every place: this is a third of the size of the module.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace codeforge::base {

/// Numbers by text. One type wherever it will do: each other instance of a hash table is 0.2 kB more to download (decision 0027).
using Numbers = std::unordered_map<std::string, std::uint64_t>;

/// A number in decimal, without memory of its own.
class Digits {
public:
    explicit Digits(std::uint64_t value);
    std::string_view view() const { return {digits_ + at_, kMost - at_}; }
    operator std::string() const;  // NOLINT: implicit by design

private:
    static constexpr std::size_t kMost = 20;
    char digits_[kMost];
    std::uint8_t at_ = kMost;
};

/// What a text is put together from. The constructors are calls on purpose: a string's view, inlined, is forty bytes
/// of WebAssembly, and messages have hundreds of parts.
class Part {
public:
    [[gnu::noinline]] Part(const char* literal);         // NOLINT: implicit by design
    [[gnu::noinline]] Part(const std::string& text);     // NOLINT: implicit by design
    [[gnu::noinline]] Part(const Digits& number);        // NOLINT: implicit by design
    Part(std::string_view text) : text_(text) {}         // NOLINT: implicit by design
    std::string_view view() const { return text_; }

private:
    std::string_view text_;
};

std::string concat(std::initializer_list<Part> parts);
void append(std::string& out, std::initializer_list<Part> parts);
inline Digits number(std::uint64_t value) { return Digits(value); }
/// The leading decimal digits, 0 without any; stops growing at the largest value.
std::uint64_t parse_number(std::string_view text);

}  // namespace codeforge::base
