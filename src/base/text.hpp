// Small text building. One call per message instead of a chain of operator+, which the compiler
// would inline at every place: this is a third of the size of the module.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace codeforge::base {

std::string concat(std::initializer_list<std::string_view> parts);
void append(std::string& out, std::initializer_list<std::string_view> parts);
/// Decimal.
std::string number(std::uint64_t value);
/// The leading decimal digits, 0 without any; stops growing at the largest value.
std::uint64_t parse_number(std::string_view text);

}  // namespace codeforge::base
