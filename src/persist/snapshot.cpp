#include "persist/snapshot.hpp"

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "persist/record.hpp"

namespace codeforge::persist {

using base::ByteReader;
using base::ByteWriter;

std::string shard_name(std::uint32_t generation, std::size_t shard) {
    return base::concat({"snap-", base::number(generation), "-", base::number(shard)});
}

std::string head_name(std::uint32_t generation) { return base::concat({kHeadPrefix, base::number(generation)}); }

std::uint32_t head_generation(std::string_view name) {
    if (!name.starts_with(kHeadPrefix)) return 0;
    const auto generation = static_cast<std::uint32_t>(base::parse_number(name.substr(kHeadPrefix.size())));
    return name == head_name(generation) ? generation : 0;
}

std::string segment_name(std::uint32_t number) { return base::concat({"log-", base::number(number)}); }

std::uint32_t segment_number(std::string_view name) {
    if (!name.starts_with("log-")) return 0;
    const auto number = static_cast<std::uint32_t>(base::parse_number(name.substr(4)));
    return name == segment_name(number) ? number : 0;
}

std::size_t shard_of(model::SliceId slice, std::string_view id, std::size_t shard_count) {
    return base::crc32c(id, static_cast<std::uint32_t>(slice)) & (shard_count - 1);
}

std::string head_text(const Head& head) {
    std::string payload;
    ByteWriter out(payload);
    out.varint(kFormatVersion);
    out.varint(head.generation);
    out.varint(head.covered_seq);
    out.varint(head.first_segment);
    out.varint(head.shards.size());
    for (const ShardEntry& shard : head.shards) {
        out.varint(shard.generation);
        out.varint(shard.bytes);
        out.fixed32(shard.crc);
    }
    std::string text;
    append_record(text, RecordType::head, payload);
    return text;
}

base::Result<Head> read_head(std::string_view bytes) {
    RecordReader records(bytes);
    if (!records.next() || records.type() != RecordType::head)
        return base::Error{base::Code::damaged, "a head fails its checksum"};
    ByteReader in(records.payload());
    if (auto known = check_version(in.varint()); !known) return known.error();
    Head head;
    head.generation = static_cast<std::uint32_t>(in.varint());
    head.covered_seq = in.varint();
    head.first_segment = static_cast<std::uint32_t>(in.varint());
    const std::uint64_t count = in.varint();
    for (std::uint64_t i = 0; in.ok() && i < count; ++i) {
        ShardEntry shard;
        shard.generation = static_cast<std::uint32_t>(in.varint());
        shard.bytes = static_cast<std::uint32_t>(in.varint());
        shard.crc = in.fixed32();
        head.shards.push_back(shard);
    }
    const bool power_of_two = count > 0 && (count & (count - 1)) == 0;
    if (!in.ok() || !power_of_two) return base::Error{base::Code::damaged, "a head does not decode"};
    return head;
}

namespace {

/// Fields that describe the moment are not kept; those that only another program knows are.
bool is_kept(const model::SliceDef* def, std::string_view name) {
    if (def == nullptr) return true;
    for (const model::StateFieldDef& field : def->fields)
        if (field.name == name) return field.persist;
    return true;
}

}  // namespace

std::vector<std::string> shard_bytes(const model::State& state, const std::vector<bool>& wanted, std::uint32_t generation) {
    const std::size_t count = wanted.size();
    std::vector<std::string> files(count);
    const auto file_for = [&](model::SliceId slice, std::string_view id) -> std::string* {
        const std::size_t shard = shard_of(slice, id, count);
        if (!wanted[shard]) return nullptr;
        std::string& file = files[shard];
        if (file.empty()) {
            std::string header;
            ByteWriter out(header);
            out.varint(kFormatVersion);
            out.varint(generation);
            out.varint(shard);
            append_record(file, RecordType::shard_header, header);
        }
        return &file;
    };
    for (std::size_t number = 0; number < state.slice_count(); ++number) {
        const auto slice = static_cast<model::SliceId>(number);
        const model::SliceDef* def = state.table().find(slice);
        if (def != nullptr && !def->persist) continue;
        for (const model::Value::Member& field : state.fields(slice)->members()) {
            std::string* file = is_kept(def, field.name) ? file_for(slice, "") : nullptr;
            if (file == nullptr) continue;
            std::string payload;
            ByteWriter out(payload);
            out.u8(static_cast<std::uint8_t>(slice));
            out.bytes(field.name);
            out.bytes(field.value.text());
            append_record(*file, RecordType::fields, payload);
        }
        for (const auto& [id, item] : state.items(slice)) {
            std::string* file = file_for(slice, id);
            if (file == nullptr) continue;
            std::string payload;
            ByteWriter out(payload);
            out.u8(static_cast<std::uint8_t>(slice));
            out.varint(item.order);
            out.bytes(id);
            out.bytes(item.value.text());
            append_record(*file, RecordType::item, payload);
        }
    }
    for (std::string& file : files)
        if (!file.empty()) append_record(file, RecordType::shard_end, "");
    return files;
}

base::Result<void> check_version(std::uint64_t version) {
    if (version <= kPartsVersion) return {};
    return base::Error{base::Code::unsupported, base::concat({"the stored format is version ", base::number(version),
                                                              "; this program knows versions up to ", base::number(kPartsVersion)})};
}

base::Result<ShardContent> read_shard(std::string_view bytes, model::State& state) {
    ShardContent content;
    bool ended = false;
    RecordReader records(bytes);
    for (;;) {
        if (!records.next()) {
            if (records.intact() || !records.skip()) break;
            ++content.damaged;
            continue;
        }
        ByteReader in(records.payload());
        if (records.type() == RecordType::shard_header)
            if (auto known = check_version(in.varint()); !known) return known.error();
        if (records.type() == RecordType::shard_end) ended = true;
        if (records.type() != RecordType::item && records.type() != RecordType::fields) continue;
        const std::uint8_t slice = in.u8();
        const bool is_item = records.type() == RecordType::item;
        const std::uint64_t order = is_item ? in.varint() : 0;
        const std::string_view name = in.bytes();
        const std::string_view json = in.bytes();
        if (!in.ok()) {
            ++content.damaged;
        } else if (is_item) {
            state.restore(static_cast<model::SliceId>(slice), name, std::string(json), order);
            ++content.items;
        } else {
            state.apply(model::Change::field(static_cast<model::SliceId>(slice), name, std::string(json)));
        }
    }
    if (!ended) ++content.damaged;
    return content;
}

}  // namespace codeforge::persist
