// libc++ reports a broken precondition through printf, which alone would link 10 kB of number
// formatting. This is its documented point of replacement: the module traps without the text.
#include <cstdlib>
#include <version>

_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __libcpp_verbose_abort(const char*, ...) noexcept { std::abort(); }
_LIBCPP_END_NAMESPACE_STD
