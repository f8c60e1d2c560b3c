// What a writer knows of the tabs that follow it, and which tickets of its own stand for theirs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace codeforge::client {

/// Tabs that follow at one time; beyond it a hello is not answered.
inline constexpr std::size_t kMaxTabs = 64;
/// Commands of other tabs that are carried out at one time.
inline constexpr std::size_t kMaxForeignTickets = 1024;

class WriterTabs {
public:
    struct Asked {
        std::string origin;
        std::uint64_t ticket = 0;
    };

    bool any() const { return !tabs_.empty(); }
    std::size_t count() const { return tabs_.size(); }
    bool any_visible() const {
        return std::any_of(tabs_.begin(), tabs_.end(), [](const Tab& tab) { return tab.visible; });
    }
    /// false when there are too many.
    bool add(const std::string& origin) {
        if (find(origin) != nullptr) return true;
        if (tabs_.size() >= kMaxTabs) return false;
        tabs_.push_back({origin, true});
        return true;
    }
    void remove(std::string_view origin) {
        std::erase_if(tabs_, [origin](const Tab& tab) { return tab.origin == origin; });
        std::erase_if(asked_, [origin](const auto& entry) { return entry.second.origin == origin; });
    }
    void set_visible(std::string_view origin, bool visible) {
        if (Tab* tab = find(origin)) tab->visible = visible;
    }

    /// `ticket` is ours, `asked` says whose it really is. false when there are too many.
    bool stands_for(std::uint64_t ticket, Asked asked) {
        if (asked_.size() >= kMaxForeignTickets) return false;
        asked_.emplace_back(ticket, std::move(asked));
        return true;
    }
    std::optional<Asked> take_asked(std::uint64_t ticket) {
        const auto it = std::find_if(asked_.begin(), asked_.end(), [ticket](const auto& entry) { return entry.first == ticket; });
        if (it == asked_.end()) return std::nullopt;
        Asked asked = std::move(it->second);
        asked_.erase(it);
        return asked;
    }

private:
    struct Tab {
        std::string origin;
        bool visible = true;
    };
    Tab* find(std::string_view origin) {
        for (Tab& tab : tabs_)
            if (tab.origin == origin) return &tab;
        return nullptr;
    }
    std::vector<Tab> tabs_;
    std::vector<std::pair<std::uint64_t, Asked>> asked_;
};

}  // namespace codeforge::client
