// The outbox: the three-way table over every combination of base, entry, local and remote value, and
// the records that edits leave.
#include "sync/outbox.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace codeforge::sync {
namespace {

using model::Change;
using model::SliceId;
using Text = std::optional<std::string>;

const std::string kKey = "files:a";
const Text kNone;
const Text kValues[] = {kNone, R"({"id":"a","v":1})", R"({"id":"a","v":2})", R"({"id":"a","v":3})"};

void put_in(model::State& state, const model::Changes& changes) {
    for (const Change& change : changes) ASSERT_TRUE(state.apply(change));
}

/// `base`: what the server had. `entry`: engaged when one was frozen.
model::State state_with(const Text& local, bool pending, const Text& base, const std::optional<Text>& entry) {
    model::State state;
    if (local) state.apply(Change::put(SliceId::files, "a", *local));
    if (base) state.apply(Change::put(SliceId::shadow, kKey, "{}"));
    if (!pending) return state;
    Pending record;
    record.base = base;
    if (entry) record.entry = Entry{"c-1", 7, *entry};
    state.apply(pending_change(kKey, record));
    return state;
}

TEST(Outbox, ThreeWayTable) {
    int checked = 0;
    for (const Text& local : kValues)
        for (const Text& base : kValues)
            for (const Text& remote : kValues)
                for (int entry_index = -1; entry_index < 4; ++entry_index) {
                    const std::optional<Text> entry = entry_index < 0 ? std::nullopt : std::optional<Text>(kValues[entry_index]);
                    const model::State state = state_with(local, true, base, entry);
                    const Comparison expected = local == remote            ? Comparison::settled
                                                : base == remote           ? Comparison::unchanged
                                                : entry && *entry == remote ? Comparison::landed
                                                                           : Comparison::conflict;
                    EXPECT_EQ(compare(state, kKey, remote), expected)
                        << "local " << local.value_or("-") << " base " << base.value_or("-") << " remote " << remote.value_or("-") << " entry " << entry_index;
                    ++checked;
                }
    EXPECT_EQ(checked, 4 * 4 * 4 * 5);
}

TEST(Outbox, CleanKeys) {
    for (const Text& local : kValues)
        for (const Text& remote : kValues) {
            const model::State known = state_with(local, false, local, std::nullopt);  // clean: local is what the server had
            EXPECT_EQ(compare(known, kKey, remote), local == remote ? Comparison::unchanged : Comparison::take);
            if (!local) continue;
            const model::State unknown = state_with(local, false, kNone, std::nullopt);  // no record, and the server never had it
            EXPECT_EQ(compare(unknown, kKey, remote), local == remote ? Comparison::settled : Comparison::conflict);
        }
}

TEST(Outbox, ComparisonIgnoresTheOrderOfMembers) {
    const model::State state = state_with(R"({"id":"a","v":1})", true, kNone, std::nullopt);
    EXPECT_EQ(compare(state, kKey, R"({ "v": 1.0, "id": "a" })"), Comparison::settled);
}

TEST(Outbox, RecordsComeBack) {
    for (const Text& base : kValues)
        for (int entry_index = -1; entry_index < 4; ++entry_index) {
            Pending pending;
            pending.base = base;
            if (entry_index >= 0) pending.entry = Entry{"c-\"x\"", 1ull << 52, kValues[entry_index]};
            pending.refused = entry_index == 2 ? "the server answered 413" : "";
            pending.failures = entry_index + 1;
            model::State state;
            state.apply(pending_change(kKey, pending));
            const auto read = read_pending(state, kKey);
            ASSERT_TRUE(read.has_value());
            EXPECT_EQ(read->base, base);
            ASSERT_EQ(read->entry.has_value(), pending.entry.has_value());
            if (read->entry) {
                EXPECT_EQ(read->entry->client, pending.entry->client);
                EXPECT_EQ(read->entry->mutation, pending.entry->mutation);
                EXPECT_EQ(read->entry->value, pending.entry->value);
            }
            EXPECT_EQ(read->refused, pending.refused);
            EXPECT_EQ(read->failures, pending.failures);
        }
    EXPECT_FALSE(read_pending(model::State(), kKey).has_value());
}

/// Notes and applies, as the client does.
void edit(model::State& state, model::Changes changes) {
    const model::Changes notes = note_local(state, changes);
    changes.insert(changes.end(), notes.begin(), notes.end());
    put_in(state, changes);
}

TEST(Outbox, TheFirstEditKeepsWhatTheServerHasAndLaterOnesLeaveIt) {
    model::State state = state_with(kValues[1], false, kValues[1], std::nullopt);
    edit(state, {{SliceId::files, false, "a", {"v"}, "2"}});
    EXPECT_EQ(read_pending(state, kKey)->base, kValues[1]);
    edit(state, {{SliceId::files, false, "a", {"v"}, "3"}});
    EXPECT_EQ(read_pending(state, kKey)->base, kValues[1]);
    edit(state, {Change::erase(SliceId::files, "a")});
    EXPECT_EQ(read_pending(state, kKey)->base, kValues[1]);
}

TEST(Outbox, NewItemsHaveNoBase) {
    model::State state;
    edit(state, {Change::put(SliceId::files, "a", *kValues[1]), Change::put(SliceId::models, "m", "{}"), Change::field(SliceId::theme, "currentTheme", "{}")});
    EXPECT_EQ(state.items(SliceId::outbox).size(), 3u);
    EXPECT_FALSE(read_pending(state, kKey)->base.has_value());
    EXPECT_TRUE(read_pending(state, "models:m").has_value());
    EXPECT_TRUE(read_pending(state, "theme:current").has_value());
}

TEST(Outbox, WhatIsNotSyncedLeavesNoRecord) {
    model::State state;
    edit(state, {Change::field(SliceId::files, "activeFileId", "\"a\""), Change::field(SliceId::settings, "settings", "{}"),
                 Change::field(SliceId::sync, "status", "\"idle\""), Change::field(SliceId::theme, "loading", "true")});
    EXPECT_TRUE(state.items(SliceId::outbox).empty());
}

TEST(Outbox, AnEditGivesARefusedKeyAnotherChance) {
    model::State state = state_with(kValues[1], false, kNone, std::nullopt);
    Pending pending;
    pending.refused = "too large";
    pending.failures = 3;
    state.apply(pending_change(kKey, pending));
    edit(state, {{SliceId::files, false, "a", {"v"}, "9"}});
    EXPECT_EQ(read_pending(state, kKey)->refused, "");
    EXPECT_EQ(read_pending(state, kKey)->failures, 0);
}

TEST(Outbox, AcknowledgingSettlesOrLeavesTheNewerValue) {
    for (const Text& local : kValues)
        for (const Text& value : kValues) {
            model::State state = state_with(local, true, kValues[3], std::optional<Text>(value));
            put_in(state, acknowledged(state, kKey, value));
            EXPECT_EQ(server_has(state, kKey), value.has_value());
            const auto pending = read_pending(state, kKey);
            ASSERT_EQ(pending.has_value(), local != value);
            if (pending) {
                EXPECT_EQ(pending->base, value);
                EXPECT_FALSE(pending->entry.has_value());
            }
            EXPECT_EQ(local_text(state, *parse_key(state.table(), kKey)), local) << "a local value is never touched";
        }
}

TEST(Outbox, TakenAndForgotten) {
    for (const Text& local : kValues)
        for (const Text& remote : kValues) {
            model::State state = state_with(local, true, kValues[1], std::nullopt);
            put_in(state, taken(state, kKey, remote));
            EXPECT_EQ(local_text(state, *parse_key(state.table(), kKey)), remote);
            EXPECT_EQ(server_has(state, kKey), remote.has_value());
            EXPECT_FALSE(read_pending(state, kKey).has_value());
            model::State kept = state_with(local, true, kValues[1], std::nullopt);
            put_in(kept, forgotten(kept, kKey));
            EXPECT_EQ(local_text(kept, *parse_key(kept.table(), kKey)), local);
            EXPECT_FALSE(server_has(kept, kKey));
            EXPECT_EQ(read_pending(kept, kKey).has_value(), local.has_value());
        }
}

}  // namespace
}  // namespace codeforge::sync
