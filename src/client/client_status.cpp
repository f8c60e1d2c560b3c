// What a status bar shows: of the writer from its own parts, of a follower from its own edits and from
// what the writer says.
#include <algorithm>

#include "base/text.hpp"
#include "client/client.hpp"

namespace codeforge::client {

using base::Code;

namespace {

/// Member of the writer's standing, or `fallback` before it was heard.
std::string standing_member(const std::string& standing, std::string_view name, std::string_view fallback) {
    if (standing.empty()) return std::string(fallback);
    const model::Value whole(standing);
    const model::Value* value = whole.member(name);
    return value != nullptr ? value->text() : std::string(fallback);
}

}  // namespace

std::string_view Client::save_state() const {
    if (memory_only_) return "memory";
    if (follower_) {
        if (follower_->durable_number() < follower_->number()) return "saving";
        const std::string theirs = standing_member(follower_->standing(), "save", "");
        return theirs == R"("problem")" ? "problem" : theirs == R"("saving")" ? "saving" : "saved";
    }
    if (log_.failure()) return "problem";
    return log_.durable_seq() == seq_ ? "saved" : "saving";
}

std::uint64_t Client::status_mark() const {
    if (follower_) return follower_->revision() ^ static_cast<std::uint64_t>(phase_) << 57;
    const std::uint64_t save = memory_only_ ? 0 : log_.failure() ? 1 : log_.durable_seq() == seq_ ? 2 : 3;
    return engine_.status_mark(state()) ^ state().items(model::SliceId::schema).size() * 0x9E3779B97F4A7C15 ^ save << 60 ^ static_cast<std::uint64_t>(phase_) << 57;
}

std::string Client::storage_json() const {
    const auto& failure = failure_ ? failure_ : log_.failure();
    std::string error = "null";
    if (failure) {
        // The cause's own code goes in front of its message: "quota: ...".
        const std::string_view message = failure->message;
        const std::size_t colon = message.find(": ");
        const bool coded = failure->code == Code::storage && colon != std::string_view::npos;
        error = base::concat({R"({"code":)", base::quoted(coded ? message.substr(0, colon) : base::code_name(failure->code)),
                              R"(,"message":)", base::quoted(coded ? message.substr(colon + 2) : message), "}"});
    }
    return base::concat({R"({"backend":)", memory_only_ ? R"("memory")" : R"("indexeddb")", R"(,"error":)", error, R"(,"files":)",
                         base::number(memory_only_ ? 0 : log_.files()), R"(,"bytes":)", base::number(memory_only_ ? 0 : log_.bytes()), "}"});
}

std::string Client::standing_json() const {
    return base::concat({R"({"save":)", base::quoted(save_state()), R"(,"storage":)", storage_json(), R"(,"others":)", base::number(tabs_.count()),
                         R"(,"sync":)", engine_.status_json(state()), "}"});
}

std::string Client::tabs_json() const {
    if (!follower_) {
        const std::string_view role = origin_.empty() ? "alone" : "writer";
        return base::concat({R"({"role":)", base::quoted(role), R"(,"writer":"alive","others":)", base::number(tabs_.count()),
                             R"(,"pending":0,"before":)", base::number(before_number_), R"(,"reached":)", base::number(reached_seq_), "}"});
    }
    const std::string_view writer = follower_->is_unresponsive() ? "unresponsive" : follower_->is_joined() ? "alive" : "missing";
    return base::concat({R"({"role":"follower","writer":)", base::quoted(writer), R"(,"others":)", standing_member(follower_->standing(), "others", "1"),
                         R"(,"pending":)", base::number(follower_->unplaced()), R"(,"before":)", base::number(before_number_), R"(,"reached":0})"});
}

std::string Client::status_json() {
    constexpr std::string_view kPhases[] = {"opening", "ready", "closing", "closed", "failed"};
    told_mark_ = mark_;
    // The numbers of a follower are those of its own edits.
    const std::uint64_t last = follower_ ? follower_->number() : seq_;
    const std::uint64_t durable = follower_ ? follower_->durable_number() : durable_seq();
    const std::uint64_t strict = memory_only_ ? seq_ : follower_ ? 0 : log_.strict_seq();
    const auto number = base::number;
    std::string storage = storage_json();
    std::string sync = follower_ ? standing_member(follower_->standing(), "sync", "") : engine_.status_json(state());
    if (follower_) storage = standing_member(follower_->standing(), "storage", storage);
    if (sync.empty()) sync = engine_.status_json(state());
    return base::concat({R"({"phase":)", base::quoted(kPhases[static_cast<std::size_t>(phase_)]), R"(,"seq":)", number(last),
                         R"(,"handedSeq":)", number(memory_only_ ? seq_ : follower_ ? durable : log_.handed_seq()),
                         R"(,"durableSeq":)", number(durable), R"(,"strictSeq":)", number(strict),
                         R"(,"unsavedCommits":)", number(last - std::min(last, durable)), R"(,"save":)", base::quoted(save_state()),
                         R"(,"storage":)", storage, R"(,"recovery":{"items":)", number(recovered_items_), R"(,"commits":)", number(recovered_commits_),
                         R"(,"tornBytes":)", number(torn_bytes_), R"(,"damagedRecords":)", number(damaged_),
                         R"(},"tabs":)", tabs_json(), R"(,"schema":)", schema_json(), R"(,"sync":)", sync, "}"});
}

}  // namespace codeforge::client
