// What the tabs of one browser say to each other. One tab, the writer, holds the store's lock, the log
// and the sync engine; the others follow it. A message is a few numbers and byte strings; every kind
// uses those it needs and leaves the others empty. tabs.md beside this file says who sends what when.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace codeforge::client {

/// The name of a tab's instance, in bytes at most.
inline constexpr std::size_t kMaxOriginBytes = 64;
/// A session and a user.
inline constexpr std::size_t kMaxWhoBytes = 512;

enum class TabMessageKind : std::uint8_t {
    hello = 1,  // follower: I have nothing yet, or lost the thread
    welcome,    // writer, to one: load the files, then apply `records`
    announce,   // writer: a new one begins, or: say hello again
    frame,      // follower: dispatch this
    commit,     // writer: this happened
    moment,     // writer: changes that are not kept (the state of a sync run)
    standing,   // writer: how far the log is, and what its status shows
    command,    // follower: flush, configure, sync
    answer,     // writer, to one
    bye,        // follower: I close, and everything of mine is durable
};

struct TabMessage {
    TabMessageKind kind = TabMessageKind::hello;
    std::uint64_t term = 0;         // the reign of a writer, as far as the sender knows; later ones are greater
    std::string from;               // the sender
    std::uint64_t seq = 0;          // of a commit; of the writer's last commit; frame: 1 when it cannot be undone
    std::uint64_t durable_seq = 0;  // welcome, standing
    std::uint64_t number = 0;       // frame, commit: of the frame among those of its tab; command, answer: ticket; welcome: where the writer began
    std::uint64_t at_ms = 0;        // frame: when it was dispatched
    std::string origin;             // commit: the tab whose frame it carries out; "": the writer's own
    std::string text;               // frame: the frame; commit: why the frame was refused; command, answer, standing: JSON
    std::string session, user;      // frame: whose edit it is
    std::string records;            // frame: its undo group; commit, welcome, moment: commits as the log has them (persist/record.hpp)
};

std::string encode(const TabMessage& message);
/// Errors: damaged. Requires nothing: the bytes may be anything.
base::Result<TabMessage> decode_tab_message(std::string_view bytes);

}  // namespace codeforge::client
