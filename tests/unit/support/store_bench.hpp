// A store alone, driven with frames: dispatch() reduces and commits as the client does.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/json_check.hpp"
#include "store/frame.hpp"
#include "store/store.hpp"
#include "unit/support/frames.hpp"

namespace codeforge::testing {

inline constexpr std::uint64_t kNowMs = 1'700'000'000'000;

class StoreBench {
public:
    /// "" on success, else "code: message".
    std::string dispatch(const std::string& frame) {
        auto action = store::parse_frame(frame);
        if (!action) return text_of(action.error());
        auto reduction = store.reduce(*action, now_ms);
        if (!reduction) return text_of(reduction.error());
        echo = reduction->echo;
        applied = store.commit(std::move(reduction->changes));
        return {};
    }
    std::string json(std::string_view type, std::string_view payload) { return dispatch(frame_json(type, payload)); }
    std::string none(std::string_view type) { return dispatch(frame_none(type)); }

    /// JSON text of an item, "" when absent.
    std::string item(model::SliceId slice, std::string_view id) const {
        const model::Item* found = store.state().find(slice, id);
        return found != nullptr ? found->value.text() : std::string();
    }
    std::string field(model::SliceId slice, std::string_view name) const {
        const model::Value* value = store.state().field(slice, name);
        return value != nullptr ? value->text() : std::string();
    }
    /// Ids in order, separated by spaces.
    std::string ids(model::SliceId slice) const {
        std::string out;
        for (const auto& [id, item] : store.state().ordered(slice)) out += (out.empty() ? "" : " ") + std::string(id);
        return out;
    }
    /// The whole public and hidden state as one text.
    std::string everything() const {
        std::string out;
        for (const model::SliceDef& def : model::slices()) out += store.state().slice_text(def.id) + "\n";
        return out;
    }

    store::Store store;
    std::uint64_t now_ms = kNowMs;
    bool echo = false;
    model::Changes applied;

private:
    static std::string text_of(const base::Error& error) { return std::string(base::code_name(error.code)) + ": " + error.message; }
};

inline ::testing::AssertionResult same_json(std::string_view left, std::string_view right) {
    if (base::same_json(left, right)) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "  " << left << "\nis not\n  " << right;
}

}  // namespace codeforge::testing
