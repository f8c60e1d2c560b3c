#include "store/frame.hpp"

#include <optional>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace codeforge::store {

namespace {

class Parts {
public:
    explicit Parts(std::string_view frame) : rest_(frame) {}

    std::optional<std::string_view> next() {
        if (done_) return std::nullopt;
        const std::size_t end = rest_.find('\0');
        const std::string_view part = rest_.substr(0, end);
        done_ = end == std::string_view::npos;
        if (!done_) rest_.remove_prefix(end + 1);
        return part;
    }

private:
    std::string_view rest_;
    bool done_ = false;
};

base::Error malformed(std::string_view type, std::string_view why) {
    return {base::Code::malformed_payload, base::concat({type, ": frame ", why})};
}

}  // namespace

base::Result<void> StagedItems::add(std::string_view piece) {
    bytes_ += piece.size();
    base::Result<void> done;
    if (bytes_ > base::kMaxFrameBytes)
        done = base::Error{base::Code::limit, base::concat({"an action of more than ", base::number(base::kMaxFrameBytes), " bytes exceeds the limit"})};
    for (Parts parts(piece); done && parts.next();) {
        const auto text = parts.next();
        if (text) texts_.emplace_back(*text);
        else done = malformed("frame", "ends inside a pair");
    }
    if (!done) *this = {};
    return done;
}

base::Result<model::Action> parse_frame(std::string_view frame, StagedItems* staged) {
    Parts parts(frame);
    model::Action action;
    action.type = parts.next().value_or("");
    const std::string_view kind = parts.next().value_or("");
    if (kind == "n") return action;
    if (kind == "j") {
        const auto text = parts.next();
        if (!text || parts.next()) return malformed(action.type, "of kind j needs exactly one part");
        action.payload = model::Action::Payload::text;
        action.text = *text;
        return action;
    }
    if (kind == "s" && staged != nullptr) {
        action.payload = model::Action::Payload::items;
        action.staged = &staged->texts_;
        action.members.reserve(staged->texts_.size());
        for (const std::string& text : staged->texts_) action.members.push_back({{}, text});
        return action;
    }
    if (kind != "o" && kind != "a") return malformed(action.type, "has no known kind");
    action.payload = kind == "o" ? model::Action::Payload::fields : model::Action::Payload::items;
    action.members.reserve(8);
    while (const auto name = parts.next()) {
        const auto text = parts.next();
        if (!text) return malformed(action.type, "ends inside a pair");
        action.members.push_back({*name, kind == "o" && text->starts_with('\'') ? action.quoted(text->substr(1)) : *text});
    }
    return action;
}

}  // namespace codeforge::store
