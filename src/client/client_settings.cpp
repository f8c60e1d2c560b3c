// How the client is configured: the server's address, auto-sync, and what the settings of the state say.
#include <algorithm>

#include "base/json_check.hpp"
#include "base/text.hpp"
#include "client/client.hpp"
#include "client/slice_settings.hpp"

namespace codeforge::client {

using base::Code;
using base::Error;
using base::Result;
using model::SliceId;

namespace {

std::uint64_t interval_of(std::string_view sync) {
    return static_cast<std::uint64_t>(std::clamp(base::number_member(sync, "intervalMs", 30'000), 100.0, 86'400'000.0));
}

std::string without_slash(std::string url) {
    while (!url.empty() && url.back() == '/') url.pop_back();
    return url;
}

}  // namespace

Result<void> Client::configure(std::string_view text, std::uint64_t now_ms) {
    if (auto checked = base::check_json(text, "configure"); !checked) return checked.error();
    if (base::json_kind(text) != base::JsonKind::object) return Error{Code::malformed_payload, "configure: an object is needed"};
    if (base::json_member(text, "hold")) {
        hold_ = base::bool_member(text, "hold", false);
        if (phase_ == Phase::ready) pump(now_ms);
        return {};
    }
    sync::Config config = engine_.config();
    if (base::json_member(text, "flaskApiUrl")) {
        const std::string url = base::string_member(text, "flaskApiUrl");
        if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
            return Error{Code::malformed_payload, base::concat({"configure: flaskApiUrl must begin with http:// or https://, it is '", url, "'"})};
        config.api_url = without_slash(url);
    }
    config.rolls_back = base::string_member(text, "onReject", config.rolls_back ? "rollback" : "keep") == "rollback";
    if (const auto slices = base::json_member(text, "sliceSync"))
        if (auto read = read_slice_settings(*slices, phase_ == Phase::opening ? custom_slices_ : state().table(), config.slices); !read) return read.error();
    const std::string_view sync = base::json_member(text, "autoSync").value_or("");
    if (base::json_kind(sync) == base::JsonKind::object) {
        if (const auto enabled = base::json_member(sync, "enabled"))
            wanted_auto_ = *enabled == "null" ? std::nullopt : std::optional(base::bool_member(sync, "enabled", true));
        if (const auto interval = base::json_member(sync, "intervalMs"))
            wanted_interval_ms_ = *interval == "null" ? std::nullopt : std::optional(interval_of(sync));
        config.sync_on_change = base::bool_member(sync, "syncOnChange", config.sync_on_change);
        config.max_queue = static_cast<std::uint64_t>(std::clamp(base::number_member(sync, "maxQueueSize", static_cast<double>(config.max_queue)), 1.0, 1e6));
    }
    engine_.configure(std::move(config), now_ms);
    if (base::bool_member(text, "resetMetrics", false)) engine_.reset_metrics();
    if (base::json_member(text, "visible")) visible_ = base::bool_member(text, "visible", true);
    set_visibility();
    if (base::bool_member(text, "online", false)) engine_.came_online(now_ms);
    apply_settings(now_ms);
    if (phase_ == Phase::ready && follower_) follower_->command(0, std::string(text), now_ms);
    if (phase_ == Phase::ready) pump(now_ms);
    return {};
}

void Client::apply_settings(std::uint64_t now_ms) {
    sync::Config config = engine_.config();
    const model::Value* settings = state().field(SliceId::settings, "settings");
    const model::Value* enabled = settings != nullptr ? settings->member("autoSync") : nullptr;
    const model::Value* interval = settings != nullptr ? settings->member("syncInterval") : nullptr;
    config.auto_sync = wanted_auto_.value_or(enabled == nullptr || enabled->text() != "false");
    const std::uint64_t interval_ms = interval != nullptr ? base::parse_number(interval->text()) : 0;
    if (read_only_) config.api_url.clear();
    config.interval_ms = wanted_interval_ms_.value_or(interval_ms < 100 ? 30'000 : interval_ms);
    engine_.configure(std::move(config), now_ms);
}

}  // namespace codeforge::client
