# nlohmann/json and GoogleTest. Each is taken from the first of
#   1. the packages that the set-up unpacked beside the toolchain (environment CODEFORGE_THIRD_PARTY),
#   2. the system's packages (nlohmann-json3-dev, googletest),
#   3. the official release archive, checked against its hash.
include(FetchContent)

# Written by the set-up; given on the command line for a build by hand.
set(CODEFORGE_THIRD_PARTY "$ENV{CODEFORGE_THIRD_PARTY}" CACHE PATH "Prefix with include/nlohmann and src/googletest")

# Not verified yet: the archives could not be fetched where this was written, so neither these hashes nor this way of
# getting the libraries has been tried. A wrong hash stops the configuration; it cannot let a wrong archive in.
FetchContent_Declare(nlohmann_json_archive
  URL https://github.com/nlohmann/json/releases/download/v3.11.3/json.tar.xz
  URL_HASH SHA256=d6c65aca6b1ed68e7a182f4757257b107ae403032760ed6ef121c9d55e81757d)
FetchContent_Declare(googletest_archive
  URL https://github.com/google/googletest/archive/refs/tags/v1.14.0.tar.gz
  URL_HASH SHA256=8ad598c73ad796e0d8280b082cebd82a630d73e73cd3c70057938a6501bba5d7)

# Target codeforge_json: the header-only library, as system headers, without exceptions.
function(codeforge_provide_json)
  add_library(codeforge_json INTERFACE)
  set(prefix "")
  foreach(candidate IN ITEMS "${CODEFORGE_THIRD_PARTY}/include" /usr/local/include /usr/include)
    if(NOT prefix AND EXISTS "${candidate}/nlohmann/json.hpp")
      set(prefix "${candidate}")
    endif()
  endforeach()
  if(prefix)
    # A link to this one folder: all of /usr/include would bring the machine's C library into a WebAssembly build.
    set(include_folder "${CMAKE_BINARY_DIR}/third_party/include")
    file(MAKE_DIRECTORY "${include_folder}")
    file(CREATE_LINK "${prefix}/nlohmann" "${include_folder}/nlohmann" SYMBOLIC)
    message(STATUS "nlohmann/json: ${prefix}")
  else()
    FetchContent_Populate(nlohmann_json_archive)
    set(include_folder "${nlohmann_json_archive_SOURCE_DIR}/include")
    message(STATUS "nlohmann/json: release archive")
  endif()
  target_include_directories(codeforge_json SYSTEM INTERFACE "${include_folder}")
  target_compile_definitions(codeforge_json INTERFACE JSON_NOEXCEPTION JSON_USE_IMPLICIT_CONVERSIONS=0)
endfunction()

# Targets gtest_main and gmock.
macro(codeforge_provide_googletest)
  set(gtest_disable_pthreads ON CACHE BOOL "" FORCE) # else its build asks Emscripten for threads
  set(INSTALL_GTEST OFF CACHE BOOL "" FORCE)
  set(CMAKE_POLICY_VERSION_MINIMUM 3.5)
  set(googletest_folder "")
  foreach(candidate IN ITEMS "${CODEFORGE_THIRD_PARTY}/src/googletest" /usr/src/googletest)
    if(NOT googletest_folder AND EXISTS "${candidate}/CMakeLists.txt")
      set(googletest_folder "${candidate}")
    endif()
  endforeach()
  if(googletest_folder)
    message(STATUS "GoogleTest: ${googletest_folder}")
    add_subdirectory("${googletest_folder}" "${CMAKE_BINARY_DIR}/third_party/googletest" EXCLUDE_FROM_ALL)
  else()
    message(STATUS "GoogleTest: release archive")
    FetchContent_MakeAvailable(googletest_archive)
  endif()
endmacro()
