// The hidden slice `tabs`: for every tab that sent frames the number of the last one that was carried out. It is
// written in the commit of the frame itself, so that a frame which is sent again, to this writer or to
// the next one, is recognised for ever. {"n": number, "at": Unix ms}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/change.hpp"
#include "model/state.hpp"

namespace codeforge::client {

/// Tabs that are remembered; the one that was heard longest ago goes first.
inline constexpr std::size_t kMaxTabRecords = 64;

/// Under this id: the writer that made the newest commits. It says whether two states have one history.
inline constexpr std::string_view kWriterRecord = "writer";

/// "" when nobody said so.
std::string writer_of(const model::State& state);
model::Change writer_noted(std::string_view origin);

/// 0 when nothing of that tab was carried out.
std::uint64_t last_frame(const model::State& state, std::string_view origin);
/// To be committed with frame `number`.
model::Changes frame_noted(const model::State& state, std::string_view origin, std::uint64_t number, std::uint64_t at_ms);

}  // namespace codeforge::client
