// Texts that may be missing, as outbox records, conflicts and letters keep them: null stands for what is not there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json_text.hpp"
#include "model/value.hpp"

namespace codeforge::sync {

/// nullopt: no such member, or null.
inline std::optional<std::string> kept_text(const model::Value& record, std::string_view name) {
    const model::Value* value = record.member(name);
    if (value == nullptr || value->kind() == base::JsonKind::null) return std::nullopt;
    return value->text();
}

/// Valid as long as `json`.
inline std::string_view text_or_null(const std::optional<std::string>& json) { return json ? std::string_view(*json) : std::string_view("null"); }

}  // namespace codeforge::sync
