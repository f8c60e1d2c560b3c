// Records and commits: what is written is read back, and what was spoiled is not.
#include "persist/record.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/random.hpp"

namespace codeforge::persist {
namespace {

using model::Change;
using model::Commit;
using model::SliceId;

Commit random_commit(base::Random& random, std::uint64_t seq) {
    Commit commit{seq, random.next(), {}};
    for (std::uint32_t i = random.next() % 4; i > 0; --i) {
        Change change;
        change.slice = static_cast<SliceId>(random.next() % model::kSliceNumbers);
        change.erased = random.next() % 3 == 0;
        change.id = std::string("id\0:/", random.next() % 6) + random.hex(3);
        for (std::uint32_t step = random.next() % 4; step > 0; --step) {
            if (random.next() % 2 == 0) change.path.emplace_back(random.next());
            else change.path.emplace_back(std::string_view(random.hex(4)));
        }
        if (!change.erased) change.json = "\"" + random.hex(static_cast<int>(random.next() % 300)) + "\"";
        commit.changes.push_back(std::move(change));
    }
    return commit;
}

void expect_same(const Commit& left, const Commit& right) {
    EXPECT_EQ(left.seq, right.seq);
    EXPECT_EQ(left.at_ms, right.at_ms);
    ASSERT_EQ(left.changes.size(), right.changes.size());
    for (std::size_t i = 0; i < left.changes.size(); ++i) {
        EXPECT_EQ(left.changes[i].slice, right.changes[i].slice);
        EXPECT_EQ(left.changes[i].erased, right.changes[i].erased);
        EXPECT_EQ(left.changes[i].id, right.changes[i].id);
        EXPECT_EQ(left.changes[i].path, right.changes[i].path);
        EXPECT_EQ(left.changes[i].json, right.changes[i].json);
    }
}

TEST(Record, CommitsComeBack) {
    base::Random random("commits");
    std::string bytes;
    std::vector<Commit> commits;
    for (std::uint64_t seq = 1; seq <= 200; ++seq) {
        commits.push_back(random_commit(random, seq * seq * 1'000'000'007u));
        append_commit(bytes, commits.back());
    }
    RecordReader reader(bytes);
    for (const Commit& commit : commits) {
        ASSERT_TRUE(reader.next());
        ASSERT_EQ(reader.type(), RecordType::commit);
        const auto read = read_commit(reader.payload());
        ASSERT_TRUE(read.ok());
        expect_same(*read, commit);
    }
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.intact());
}

TEST(Record, TypesAndPayloadsComeBack) {
    std::string bytes;
    append_record(bytes, RecordType::head, "");
    append_record(bytes, RecordType::item, std::string(70'000, '\0'));
    RecordReader reader(bytes);
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.type(), RecordType::head);
    EXPECT_EQ(reader.payload(), "");
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.payload().size(), 70'000u);
    EXPECT_EQ(bytes.size(), 9u + 9u + 70'000u);
}

TEST(Record, ACutRecordIsNotRead) {
    std::string bytes;
    append_record(bytes, RecordType::item, "first");
    const std::size_t first = bytes.size();
    append_record(bytes, RecordType::item, "second");
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const std::string cut = bytes.substr(0, length);
        RecordReader reader(cut);
        EXPECT_EQ(reader.next(), length >= first);
        if (length >= first) {
            EXPECT_EQ(reader.payload(), "first");
            EXPECT_FALSE(reader.next());
        }
        EXPECT_EQ(reader.intact(), length == 0 || length == first);
        EXPECT_EQ(reader.bad_bytes(), length >= first ? length - first : length);
    }
}

TEST(Record, AFlippedBitIsNoticed) {
    std::string bytes;
    append_record(bytes, RecordType::commit, "some payload");
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        std::string spoiled = bytes;
        spoiled[bit / 8] = static_cast<char>(spoiled[bit / 8] ^ (1 << bit % 8));
        RecordReader reader(spoiled);
        EXPECT_FALSE(reader.next()) << "bit " << bit;
    }
}

TEST(Record, SpoiledCommitsAreErrors) {
    base::Random random("spoiled commits");
    for (int round = 0; round < 3000; ++round) {
        std::string bytes;
        append_commit(bytes, random_commit(random, 5));
        std::string payload = bytes.substr(9);
        if (payload.empty()) continue;
        if (round % 2 == 0) payload[random.next() % payload.size()] = static_cast<char>(random.next());
        else payload.resize(random.next() % payload.size());
        const auto read = read_commit(payload);  // an error or another commit; never a crash
        if (!read) {
            EXPECT_EQ(read.error().code, base::Code::damaged);
        }
    }
}

}  // namespace
}  // namespace codeforge::persist
