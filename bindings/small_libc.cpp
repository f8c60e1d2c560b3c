// Keeps printf, 10 kB of number formatting, out of the module, which itself prints nothing. One place of the libraries would
// link it; the other was Embind's file, which small_embind.cpp replaces.
#include <cstdlib>
#include <version>

// libc++ reports a broken precondition. This is its documented point of replacement: the module traps without the text.
_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __libcpp_verbose_abort(const char*, ...) noexcept { std::abort(); }
_LIBCPP_END_NAMESPACE_STD
