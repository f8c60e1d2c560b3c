// How the keys of one slice go over the network. Slices are named by their key prefix, so that the
// engine needs nothing but the key. Nothing here has to do with safety: the log keeps every edit.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace codeforge::sync {

struct SliceSettings {
    std::string wire;
    bool enabled = true;                // false: paused; edits wait in the outbox
    bool sync_to_flask = true;          // false: neither pushed nor pulled
    std::uint64_t debounce_ms = 300;    // per item, towards the network
    std::uint64_t batch_size = 0;       // items of one import; 0: 10, and kImportItems for a backlog

    bool goes() const { return enabled && sync_to_flask; }
};

/// The settings that differ from the defaults, one entry a slice.
class SettingsBySlice {
public:
    const SliceSettings& of_key(std::string_view key) const { return of_wire(key.substr(0, key.find(':'))); }
    const SliceSettings& of_wire(std::string_view wire) const {
        static const SliceSettings defaults;
        for (const SliceSettings& settings : entries_)
            if (settings.wire == wire) return settings;
        return defaults;
    }
    void set(SliceSettings settings) {
        std::erase_if(entries_, [&](const SliceSettings& entry) { return entry.wire == settings.wire; });
        entries_.push_back(std::move(settings));
    }
    /// Whether any slice stays at home; looking through the outbox is spared otherwise.
    bool holds_any() const {
        return std::any_of(entries_.begin(), entries_.end(), [](const SliceSettings& entry) { return !entry.goes(); });
    }

private:
    std::vector<SliceSettings> entries_;
};

}  // namespace codeforge::sync
