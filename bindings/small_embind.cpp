// The types that cross the border, and no others: a libembind.a of our own, which the linker finds before Emscripten's. That
// one registers 38 types, and JavaScript would carry the converters of all of them.
#include <emscripten/bind.h>

#include <cstring>
#include <limits>
#include <string>

extern "C" {

/// Names a type that nobody registered, in the text of an exception; every type of ours is registered, or no call would get through.
const char* __getTypeName(const std::type_info*) { return strdup(""); }

/// The list of registrations serves threads, which would repeat them.
void _embind_register_bindings(emscripten::internal::InitFunc*) {}

}  // extern "C"

EMSCRIPTEN_BINDINGS(crossing_types) {
    using namespace emscripten::internal;
    _embind_register_void(TypeID<void>::get(), "void");
    _embind_register_bool(TypeID<bool>::get(), "bool", true, false);
    _embind_register_integer(TypeID<int>::get(), "int", sizeof(int), std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
    _embind_register_float(TypeID<double>::get(), "double", sizeof(double));
    _embind_register_std_string(TypeID<std::string>::get(), "std::string");
    _embind_register_emval(TypeID<emscripten::val>::get());
}
