# unit_tests and sim_tests: the same sources natively and as WebAssembly under Node.
codeforge_provide_googletest()

function(codeforge_test_executable name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${ARGN})
  if(NOT sources)
    message(FATAL_ERROR "${name}: no test sources")
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE codeforge_core gtest_main gmock)
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}/tests")
  target_compile_options(${name} PRIVATE -Wall -Wextra -Werror)
  if(EMSCRIPTEN)
    target_link_options(${name} PRIVATE -sENVIRONMENT=node -sNODERAWFS=1 -sEXIT_RUNTIME=1
      -sALLOW_MEMORY_GROWTH -sSTACK_SIZE=1MB -Wl,--stack-first -sASSERTIONS=1)
  endif()
  # One entry an executable: starting a process for each test would cost more than the tests.
  add_test(NAME ${name} COMMAND ${name})
endfunction()

codeforge_test_executable(unit_tests "${CMAKE_SOURCE_DIR}/tests/unit/*.cpp")
codeforge_test_executable(sim_tests "${CMAKE_SOURCE_DIR}/tests/sim/*.cpp")
codeforge_test_executable(crash_tests "${CMAKE_SOURCE_DIR}/tests/crash/*.cpp")
