// Every bound of the core in one place. Each is named in the error of whoever runs into it.
#pragma once

#include <cstddef>

namespace codeforge::base {

/// Nesting of one JSON value. The deepest of the real pages that we measured has 62 levels; the
/// recursive reader of JSON overflowed a WebAssembly stack of 1 MB at several thousand; ours has 256 kB.
inline constexpr std::size_t kMaxDepth = 200;
/// JSON text of one item, in bytes.
inline constexpr std::size_t kMaxItemBytes = 8u << 20;
/// UTF-8 bytes of an item's id; with the slice's name it must fit into a URL.
inline constexpr std::size_t kMaxIdBytes = 512;
/// One dispatched frame, in bytes.
inline constexpr std::size_t kMaxFrameBytes = 256u << 20;
/// Body of one HTTP response, in bytes.
inline constexpr std::size_t kMaxResponseBytes = 256u << 20;
/// Bytes of commits that wait for the disk. Beyond it dispatch refuses, so that memory stays bounded
/// while the storage is broken.
inline constexpr std::size_t kMaxUnsavedBytes = 256u << 20;

}  // namespace codeforge::base
