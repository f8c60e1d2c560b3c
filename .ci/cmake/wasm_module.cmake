# The WebAssembly module: one core.wasm with two glue files, for the web (pages and workers) and for Node. One glue
# for both would contain `import("node:module")`, which bundlers stumble over.
set(bindings_folder "${CMAKE_SOURCE_DIR}/bindings")
file(GLOB binding_sources CONFIGURE_DEPENDS "${bindings_folder}/*.cpp")
file(GLOB binding_libraries CONFIGURE_DEPENDS "${bindings_folder}/*.js")

add_library(core_bindings OBJECT ${binding_sources})
target_link_libraries(core_bindings PUBLIC codeforge_core)
target_compile_options(core_bindings PRIVATE -Wall -Wextra -Werror)
target_compile_definitions(core_bindings PRIVATE EMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)

set(module_link_options
  -lembind
  -sDYNAMIC_EXECUTION=0 -sEMBIND_AOT          # works under a content security policy without 'unsafe-eval'
  -sFETCH -sFETCH_SUPPORT_INDEXEDDB=0         # its own cache database is not used
  -lidbfs.js -sFORCE_FILESYSTEM=1
  --no-entry -sMODULARIZE -sEXPORT_ES6 -sEXPORT_NAME=createModule
  -sALLOW_MEMORY_GROWTH
  -sSTACK_SIZE=1MB -Wl,--stack-first          # an overflow traps instead of writing into static variables
  -sINCOMING_MODULE_JS_API=locateFile,instantiateWasm,wasmBinary,print,printErr,onAbort
  -sEXPORTED_RUNTIME_METHODS=HEAPU8)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  list(APPEND module_link_options -sASSERTIONS=1)
else()
  list(APPEND module_link_options -sASSERTIONS=0)
endif()
foreach(library IN LISTS binding_libraries)
  list(APPEND module_link_options "SHELL:--js-library \"${library}\"")
endforeach()

# One link. The output's base name is the same in both, so that both glue files ask for `core.wasm`.
function(codeforge_link_module target environment)
  add_executable(${target} $<TARGET_OBJECTS:core_bindings>)
  target_link_libraries(${target} PRIVATE codeforge_core)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME core SUFFIX .mjs LINKER_LANGUAGE CXX
    RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/${target}" LINK_DEPENDS "${binding_libraries}")
  target_link_options(${target} PRIVATE ${module_link_options} "-sENVIRONMENT=${environment}" ${ARGN})
endfunction()
codeforge_link_module(core_web web,worker)
codeforge_link_module(core_node node "SHELL:--emit-tsd core.d.ts")
# Not at the same time: both would compile the same system libraries, and the second waits for a lock in vain.
add_dependencies(core_node core_web)

set(module_folder "${CMAKE_SOURCE_DIR}/web/dist/wasm")
set(module_files
  "core_web/core.wasm:core.wasm" "core_web/core.mjs:core.web.mjs" "core_node/core.mjs:core.node.mjs" "core_node/core.d.ts:core.d.ts")
set(copy_commands "")
set(copied "")
foreach(pair IN LISTS module_files)
  string(REPLACE ":" ";" pair "${pair}")
  list(GET pair 0 from)
  list(GET pair 1 to)
  list(APPEND copy_commands COMMAND ${CMAKE_COMMAND} -E copy_if_different "${CMAKE_BINARY_DIR}/${from}" "${module_folder}/${to}")
  list(APPEND copied "${module_folder}/${to}")
endforeach()
# Target wasm_module: the files of the npm module, from the release preset.
add_custom_target(wasm_module
  COMMAND ${CMAKE_COMMAND} -E compare_files "${CMAKE_BINARY_DIR}/core_web/core.wasm" "${CMAKE_BINARY_DIR}/core_node/core.wasm"
  COMMAND ${CMAKE_COMMAND} -E make_directory "${module_folder}"
  ${copy_commands}
  COMMENT "Copying core.wasm and its glue to web/dist/wasm"
  VERBATIM)
add_dependencies(wasm_module core_web core_node)
set_property(TARGET wasm_module PROPERTY ADDITIONAL_CLEAN_FILES "${copied}")
