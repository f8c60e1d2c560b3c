#include "client/slice_settings.hpp"

#include <utility>

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "model/slice_table.hpp"
#include "sync/engine.hpp"

namespace codeforge::client {

using base::Code;
using base::Error;
using base::JsonKind;
using base::Result;

namespace {

constexpr std::uint64_t kMaxDebounceMs = 86'400'000;

Error wrong(std::string_view slice, std::string_view member, std::string_view rule) {
    return {Code::malformed_payload, base::concat({"configure: slices.", slice, ".", member, " must be ", rule})};
}

Result<void> read_number(std::string_view slice, std::string_view member, std::string_view text, std::uint64_t least, std::uint64_t most,
                         std::uint64_t& number) {
    const std::uint64_t value = base::parse_number(text);
    if (base::json_kind(text) != JsonKind::number || text.front() == '-' || value < least || value > most)
        return wrong(slice, member, base::concat({"a number of ", base::number(least), " to ", base::number(most)}));
    number = value;
    return {};
}

Result<void> read_one(std::string_view slice, std::string_view json, sync::SliceSettings& settings) {
    if (base::json_kind(json) != JsonKind::object) return Error{Code::malformed_payload, base::concat({"configure: slices.", slice, " must be an object"})};
    for (base::JsonLevel level(json); level.next();) {
        const std::string member = level.name();
        const std::string_view value = level.value();
        const bool is_switch = member == "enabled" || member == "syncToFlask";
        if (is_switch && base::json_kind(value) != JsonKind::boolean) return wrong(slice, member, "true or false");
        if (member == "enabled") settings.enabled = value == "true";
        if (member == "syncToFlask") settings.sync_to_flask = value == "true";
        Result<void> read;
        if (member == "debounceMs") read = read_number(slice, member, value, 0, kMaxDebounceMs, settings.debounce_ms);
        if (member == "batchSize") read = read_number(slice, member, value, 1, sync::kImportItems, settings.batch_size);
        if (!read) return read;
    }
    return {};
}

}  // namespace

Result<void> read_slice_settings(std::string_view json, const model::SliceTable& table, sync::SettingsBySlice& settings) {
    sync::SettingsBySlice next = settings;
    for (base::JsonLevel level(json); level.next();) {
        const std::string name = level.name();
        const model::SliceDef* def = table.find_slice(name);
        if (def == nullptr) return Error{Code::unknown_slice, base::concat({"configure: there is no slice ", name})};
        sync::SliceSettings one = next.of_wire(def->wire);
        one.wire = def->wire;
        if (auto read = read_one(name, level.value(), one); !read) return read;
        if (!def->wire.empty()) next.set(std::move(one));  // the others stay on the device whatever is asked
    }
    settings = std::move(next);
    return {};
}

}  // namespace codeforge::client
