// Names of synced things: every id survives the way to the server and back.
#include "sync/key.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/random.hpp"

namespace codeforge::sync {
namespace {

using model::SliceId;

const model::SliceTable kTable;

int hex(char c) { return c <= '9' ? c - '0' : c - 'A' + 10; }

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out.push_back(text[i]);
            continue;
        }
        out.push_back(static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2])));
        i += 2;
    }
    return out;
}

TEST(Key, EveryIdSurvivesTheWayToTheServer) {
    base::Random random("keys");
    for (int round = 0; round < 5000; ++round) {
        std::string id;
        for (std::uint32_t i = 1 + random.next() % 12; i > 0; --i) id.push_back(random.next() % 3 == 0 ? "/~%:?#&+ 2F7E"[random.next() % 13] : static_cast<char>(random.next()));
        const std::string key = local_key(kTable, SliceId::files, id);
        const std::string wire = wire_key(key);
        EXPECT_EQ(wire.find('/'), std::string::npos);
        EXPECT_EQ(local_of_wire(wire), key);
        const std::string url = percent_encoded(wire);
        EXPECT_EQ(url.find_first_of("/?#&+ \"<>\\^`{|}:"), std::string::npos) << url;
        EXPECT_EQ(percent_decoded(url), wire);
        const auto parsed = parse_key(kTable, local_of_wire(percent_decoded(url)));
        ASSERT_TRUE(parsed.has_value());
        EXPECT_EQ(parsed->slice, SliceId::files);
        EXPECT_EQ(parsed->id, id);
    }
}

TEST(Key, OnlySyncedSlicesHaveKeys) {
    for (const model::SliceDef& def : model::slices()) {
        EXPECT_EQ(local_key(kTable, def.id, "x").empty(), def.wire.empty()) << def.name;
        if (def.wire.empty()) continue;
        const auto parsed = parse_key(kTable, local_key(kTable, def.id, "x:y"));
        ASSERT_TRUE(parsed.has_value());
        EXPECT_EQ(parsed->slice, def.id);
        EXPECT_EQ(parsed->id, "x:y");
    }
    for (std::string_view key : {"", "files", "files:", ":a", "unknown:1", "settings:app", "$outbox:a", "Files:a"}) EXPECT_FALSE(parse_key(kTable, key).has_value()) << key;
}

TEST(Key, TheCurrentThemeIsAField) {
    const auto key = parse_key(kTable, "theme:current");
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(key->id, "");
    model::State state;
    EXPECT_FALSE(local_text(state, *key).has_value());
    state.apply(local_change(kTable, *key, R"({"id":"t"})"));
    EXPECT_EQ(local_text(state, *key), R"({"id":"t"})");
    state.apply(local_change(kTable, *key, std::nullopt));
    EXPECT_EQ(state.field(SliceId::theme, "currentTheme")->text(), "null");
    EXPECT_EQ(parse_key(kTable, "files:current")->id, "current") << "only where the slice has such a field";
}

TEST(Key, ItemsAreReadAndChanged) {
    model::State state;
    const Key key{SliceId::files, "a"};
    EXPECT_FALSE(local_text(state, key).has_value());
    state.apply(local_change(kTable, key, R"({"id":"a"})"));
    EXPECT_EQ(local_text(state, key), R"({"id":"a"})");
    state.apply(local_change(kTable, key, std::nullopt));
    EXPECT_FALSE(local_text(state, key).has_value());
}

}  // namespace
}  // namespace codeforge::sync
