// Prints the slice table as JSON; web/generate/slices.mjs makes the TypeScript types from it.
#include <cstdio>

#include "model/slice_table.hpp"

int main() {
    return std::puts(codeforge::model::slice_table_json().c_str()) < 0 ? 1 : 0;
}
