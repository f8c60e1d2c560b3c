// Keeps printf, 10 kB of number formatting, out of the module, which itself prints nothing. Two places of the libraries
// would link it.
#include <cstdlib>
#include <version>

// libc++ reports a broken precondition. This is its documented point of replacement: the module traps without the text.
_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __libcpp_verbose_abort(const char*, ...) noexcept { std::abort(); }
_LIBCPP_END_NAMESPACE_STD

// sprintf for integers, as LLVM names it. Embind alone calls it, to name a type that was never registered in the text of an
// exception; every type of ours is registered, or no call would get through.
extern "C" int siprintf(char* out, const char*, ...) {
    *out = '\0';
    return 0;
}
