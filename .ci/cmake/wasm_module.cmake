# The WebAssembly module: one core.wasm with two glue files, for the web (pages and workers) and for Node. One glue
# for both would contain `import("node:module")`, which bundlers stumble over.
set(bindings_folder "${CMAKE_SOURCE_DIR}/bindings")
file(GLOB binding_sources CONFIGURE_DEPENDS "${bindings_folder}/*.cpp")
file(GLOB binding_libraries CONFIGURE_DEPENDS "${bindings_folder}/*.js")

# Embind's library of our own, which -lembind finds before Emscripten's.
set(embind_source "${bindings_folder}/small_embind.cpp")
list(REMOVE_ITEM binding_sources "${embind_source}")
add_library(embind STATIC "${embind_source}")
set_target_properties(embind PROPERTIES ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/own_libraries")
target_compile_options(embind PRIVATE -Wall -Wextra -Werror)
target_compile_definitions(embind PRIVATE EMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)

add_library(core_bindings OBJECT ${binding_sources})
target_link_libraries(core_bindings PUBLIC codeforge_core)
target_compile_options(core_bindings PRIVATE -Wall -Wextra -Werror)
target_compile_definitions(core_bindings PRIVATE EMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)

set(module_link_options
  "-L${CMAKE_BINARY_DIR}/own_libraries" -lembind
  -sDYNAMIC_EXECUTION=0 -sEMBIND_AOT          # works under a content security policy without 'unsafe-eval'
  -sFETCH -sFETCH_SUPPORT_INDEXEDDB=0         # its own cache database is not used
  -lidbfs.js
  --no-entry -sMODULARIZE -sEXPORT_ES6 -sEXPORT_NAME=createModule
  -sALLOW_MEMORY_GROWTH -sINITIAL_HEAP=4MB    # the default of 16 MB is more than most projects need
  -sMEMORY_GROWTH_GEOMETRIC_STEP=0.01         # memory is never given back: little more is taken than is needed
  -sSTACK_SIZE=256KB -Wl,--stack-first        # an overflow traps instead of writing into static variables
  -sINCOMING_MODULE_JS_API=locateFile,instantiateWasm,wasmBinary,print,printErr,onAbort
  -sEXPORTED_RUNTIME_METHODS=HEAPU8)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  list(APPEND module_link_options -sASSERTIONS=1)
else()
  # Closure's advanced mode takes 10 kB gzipped off the glue. Everything that calls FS and IDBFS is inside the link.
  # Nothing lies in the first kilobyte, which is the far end of the stack, so Binaryen may fold offsets into addresses.
  list(APPEND module_link_options -sASSERTIONS=0 --closure=1 -sBINARYEN_EXTRA_PASSES=--low-memory-unused)
endif()
foreach(library IN LISTS binding_libraries)
  list(APPEND module_link_options "SHELL:--js-library \"${library}\"")
endforeach()

# One link. The output's base name is the same in both, so that both glue files ask for `core.wasm`.
function(codeforge_link_module target environment)
  add_executable(${target} $<TARGET_OBJECTS:core_bindings>)
  target_link_libraries(${target} PRIVATE codeforge_core)
  add_dependencies(${target} embind)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME core SUFFIX .mjs LINKER_LANGUAGE CXX
    RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/${target}" LINK_DEPENDS "${binding_libraries};$<TARGET_FILE:embind>")
  set_property(TARGET ${target} PROPERTY RULE_LAUNCH_LINK
    "${CMAKE_COMMAND} -E env EM_CLOSURE_COMPILER=${CMAKE_SOURCE_DIR}/node_modules/.bin/google-closure-compiler")
  target_link_options(${target} PRIVATE ${module_link_options} "-sENVIRONMENT=${environment}" ${ARGN})
endfunction()
codeforge_link_module(core_web web,worker)
codeforge_link_module(core_node node "SHELL:--emit-tsd core.d.ts")
# One after the other: at first use both would wait for the same system libraries.
add_dependencies(core_node core_web)

# Target wasm_module: the files of the npm module, from the release preset. The stamp keeps a build without changes quick.
set(module_folder "${CMAKE_SOURCE_DIR}/web/dist/wasm")
set(install_script "${CMAKE_SOURCE_DIR}/.ci/install-module.mjs")
add_custom_command(
  OUTPUT "${module_folder}/core.wasm" "${module_folder}/core.web.mjs" "${module_folder}/core.node.mjs" "${module_folder}/core.d.ts"
    "${CMAKE_BINARY_DIR}/module.stamp"
  COMMAND ${CMAKE_CROSSCOMPILING_EMULATOR} "${install_script}" "${CMAKE_BINARY_DIR}" "${module_folder}"
  COMMAND ${CMAKE_COMMAND} -E touch "${CMAKE_BINARY_DIR}/module.stamp"
    "${module_folder}/core.wasm" "${module_folder}/core.web.mjs" "${module_folder}/core.node.mjs" "${module_folder}/core.d.ts"
  DEPENDS core_web core_node "${install_script}" "${CMAKE_SOURCE_DIR}/.ci/lib/function-order.mjs"
  COMMENT "Writing core.wasm and its glue to web/dist/wasm"
  VERBATIM)
add_custom_target(wasm_module DEPENDS "${module_folder}/core.wasm")
