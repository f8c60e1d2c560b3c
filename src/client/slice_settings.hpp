// Reads the network settings of slices as JavaScript writes them.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "model/custom_slices.hpp"
#include "sync/slice_settings.hpp"

namespace codeforge::client {

/// `json`: an object of {"<slice>": {"enabled", "syncToFlask", "debounceMs": 0 to 86,400,000, "batchSize": 1 to 500}}; what is
/// absent stays as it is. Errors: unknown-slice, malformed-payload; nothing is changed then.
base::Result<void> read_slice_settings(std::string_view json, const model::SliceTable& table, sync::SettingsBySlice& settings);

}  // namespace codeforge::client
