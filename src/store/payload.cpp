#include "store/payload.hpp"

#include <unordered_set>

#include "base/json_check.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

namespace codeforge::store {

using base::JsonKind;
using base::Result;
using model::Action;

namespace {

base::Error over_limit(const Action& action, const std::string& why) {
    return {base::Code::limit, base::concat({action.type, ": ", why})};
}

/// Kind and nesting of one member. `where` names it in errors.
Result<void> check_member(const Action& action, const model::SliceDef& slice, std::string_view where, const PayloadMember& member) {
    const JsonKind kind = base::json_kind(member.text);
    if (kind == JsonKind::invalid) return malformed(action, base::concat({where, ".", member.name, " is not JSON"}));
    const bool nested = kind == JsonKind::object || kind == JsonKind::array;
    // One level costs two bytes at least, so short texts cannot be too deep. One more for the item.
    if (nested && member.text.size() >= 2 * base::kMaxDepth)
        if (const std::size_t depth = 1 + base::json_depth(member.text); depth > base::kMaxDepth)
            return over_limit(action, base::concat({where, ".", member.name, " is nested ", base::number(depth), " levels deep; the limit is ",
                                                   base::number(base::kMaxDepth)}));
    if (slice.item == nullptr) return {};
    for (const model::FieldDef& field : slice.item->fields) {
        if (field.name != member.name || field.kind == JsonKind::invalid || field.kind == kind) continue;
        if (field.optional && kind == JsonKind::null) continue;
        return malformed(action, base::concat({where, ".", member.name, " must be ", base::json_kind_name(field.kind), ", it is ",
                                              base::json_kind_name(kind)}));
    }
    return {};
}

/// Sets the item's id and checks members and size.
Result<void> check_item(const Action& action, const model::SliceDef& slice, std::string_view where, PayloadItem& item) {
    std::size_t bytes = 2;
    for (const PayloadMember& member : item.members) {
        bytes += member.name.size() + member.text.size() + 4;
        if (member.text.empty()) continue;
        if (auto checked = check_member(action, slice, where, member); !checked) return checked.error();
        if (member.name != "id") continue;
        if (base::json_kind(member.text) != JsonKind::string) return malformed(action, base::concat({where, ".id must be a string"}));
        item.id = base::unquoted(member.text);
    }
    if (item.id.empty()) return malformed(action, base::concat({where, ".id must be a string that is not empty"}));
    if (!slice.wire_field.empty() && item.id == model::kCurrentId)
        return malformed(action, base::concat({where, ".id 'current' is reserved: under it the server keeps ", slice.wire_field}));
    if (item.id.size() > base::kMaxIdBytes)
        return over_limit(action, base::concat({where, ".id has ", base::number(item.id.size()), " bytes; the limit is ", base::number(base::kMaxIdBytes)}));
    if (bytes > base::kMaxItemBytes)
        return over_limit(action, base::concat({"item '", item.id, "' has ", base::number(bytes), " bytes; the limit is ", base::number(base::kMaxItemBytes)}));
    return {};
}

Result<std::vector<PayloadMember>> members_of(const Action& action, std::string_view text, std::string_view where) {
    std::vector<PayloadMember> members;
    members.reserve(8);
    if (base::json_kind(text) != JsonKind::object)
        return malformed(action, base::concat({where, " must be an object, it is ", base::json_kind_name(base::json_kind(text))}));
    base::JsonLevel level(text);
    while (level.next()) members.push_back({level.name(), level.value()});
    if (!level.ok()) return malformed(action, base::concat({where, " is not valid JSON"}));
    return members;
}

Result<PayloadItem> item_of_text(const Action& action, const model::SliceDef& slice, std::string_view text, std::string_view where) {
    auto members = members_of(action, text, where);
    if (!members) return members.error();
    PayloadItem item{{}, std::move(*members), text};
    if (auto checked = check_item(action, slice, where, item); !checked) return checked.error();
    return item;
}

/// Element texts of an array payload, however it arrived.
Result<std::vector<std::string_view>> element_texts(const Action& action) {
    std::vector<std::string_view> texts;
    if (action.payload == Action::Payload::items) {
        for (const model::NamedText& member : action.members) texts.push_back(member.text);
        return texts;
    }
    if (action.payload != Action::Payload::text || base::json_kind(action.text) != JsonKind::array)
        return malformed(action, "payload must be an array of items");
    if (auto checked = base::check_json(action.text, base::concat({action.type, ": payload"})); !checked) return checked.error();
    base::JsonLevel level(action.text);
    while (level.next()) texts.push_back(level.value());
    if (!level.ok()) return malformed(action, "payload is not valid JSON");
    return texts;
}

}  // namespace

base::Error malformed(const Action& action, std::string_view why) {
    return {base::Code::malformed_payload, base::concat({action.type, ": ", why})};
}

std::string PayloadItem::json() const {
    if (!text.empty()) return std::string(text);
    std::size_t size = 2;
    for (const PayloadMember& member : members) size += member.name.size() + member.text.size() + 4;
    std::string out;
    out.reserve(size);
    out.push_back('{');
    for (const PayloadMember& member : members) {
        if (out.size() > 1) out.push_back(',');
        base::append_quoted(out, member.name);
        out.push_back(':');
        out += member.text;
    }
    out.push_back('}');
    return out;
}

Result<std::vector<PayloadMember>> object_payload(const Action& action) {
    if (action.payload == Action::Payload::fields) {
        std::vector<PayloadMember> members;
        members.reserve(action.members.size());
        for (const model::NamedText& member : action.members) members.push_back({std::string(member.name), member.text});
        return members;
    }
    if (action.payload != Action::Payload::text) return malformed(action, "payload must be an object");
    if (auto checked = base::check_json(action.text, base::concat({action.type, ": payload"})); !checked) return checked.error();
    return members_of(action, action.text, "payload");
}

Result<PayloadItem> item_payload(const Action& action, const model::SliceDef& slice) {
    auto members = object_payload(action);
    if (!members) return members.error();
    PayloadItem item{{}, std::move(*members), {}};
    if (auto checked = check_item(action, slice, "payload", item); !checked) return checked.error();
    return item;
}

Result<std::vector<PayloadItem>> items_payload(const Action& action, const model::SliceDef& slice) {
    auto texts = element_texts(action);
    if (!texts) return texts.error();
    std::vector<PayloadItem> items;
    items.reserve(texts->size());
    std::unordered_set<std::string_view> seen;
    seen.reserve(texts->size());
    for (std::string_view text : *texts) {
        const auto where = [&] { return base::concat({"payload[", base::number(items.size()), "]"}); };
        auto item = item_of_text(action, slice, text, "payload");
        if (!item) return item_of_text(action, slice, text, where()).error();  // once more, for a message with the place
        item->members = {};  // the text is enough
        items.push_back(std::move(*item));
        if (seen.insert(items.back().id).second) continue;
        const std::string id = items.back().id;
        items.pop_back();
        return malformed(action, base::concat({where(), ".id '", id, "' occurs twice"}));
    }
    return items;
}

Result<std::string> id_payload(const Action& action) {
    std::string_view token = action.text;
    if (action.payload == Action::Payload::text && base::json_kind(token) == JsonKind::object) {
        auto members = object_payload(action);
        if (!members) return members.error();
        token = {};
        for (const PayloadMember& member : *members)
            if (member.name == "id") token = member.text;
    } else if (action.payload == Action::Payload::fields) {
        for (const model::NamedText& member : action.members)
            if (member.name == "id") token = member.text;
    }
    if (base::json_kind(token) != JsonKind::string) return malformed(action, "payload must be the id, a string, or an object with it");
    return base::unquoted(token);
}

Result<std::string> text_payload(const Action& action) {
    switch (action.payload) {
        case Action::Payload::none: return std::string();
        case Action::Payload::text:
            if (auto checked = base::check_json(action.text, base::concat({action.type, ": payload"})); !checked) return checked.error();
            return std::string(action.text);
        case Action::Payload::fields: {
            auto members = object_payload(action);
            if (!members) return members.error();
            for (const PayloadMember& member : *members)
                if (member.text.empty()) return malformed(action, base::concat({"payload.", member.name, " is not JSON"}));
            return PayloadItem{{}, std::move(*members), {}}.json();
        }
        case Action::Payload::items: break;
    }
    std::string out = "[";
    for (const model::NamedText& member : action.members) {
        if (out.size() > 1) out.push_back(',');
        out += member.text;
    }
    return out + "]";
}

}  // namespace codeforge::store
