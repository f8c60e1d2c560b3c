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

/// The rules for an item, member by member. `where` names it in errors.
class ItemCheck {
public:
    ItemCheck(const Action& action, const model::SliceDef& slice, std::string_view where) : action_(action), slice_(slice), where_(where) {}

    /// "" for a value that the state already has.
    Result<void> member(std::string_view name, std::string_view text) {
        bytes_ += name.size() + text.size() + 4;
        if (text.empty()) return {};
        if (auto checked = check_value(name, text); !checked) return checked;
        if (name != "id") return {};
        if (base::json_kind(text) != JsonKind::string) return malformed(action_, base::concat({where_, ".id must be a string"}));
        id_ = base::unquoted(text);
        return {};
    }

    /// The item's id.
    Result<std::string> end() {
        if (id_.empty()) return malformed(action_, base::concat({where_, ".id must be a string that is not empty"}));
        if (!slice_.wire_field.empty() && id_ == model::kCurrentId)
            return malformed(action_, base::concat({where_, ".id 'current' is reserved: under it the server keeps ", slice_.wire_field}));
        if (id_.size() > base::kMaxIdBytes)
            return over_limit(action_, base::concat({where_, ".id has ", base::number(id_.size()), " bytes; the limit is ", base::number(base::kMaxIdBytes)}));
        if (bytes_ > base::kMaxItemBytes)
            return over_limit(action_, base::concat({"item '", id_, "' has ", base::number(bytes_), " bytes; the limit is ", base::number(base::kMaxItemBytes)}));
        return std::move(id_);
    }

private:
    /// Kind and nesting.
    Result<void> check_value(std::string_view name, std::string_view text) const {
        const JsonKind kind = base::json_kind(text);
        if (kind == JsonKind::invalid) return malformed(action_, base::concat({where_, ".", name, " is not JSON"}));
        const bool nested = kind == JsonKind::object || kind == JsonKind::array;
        // One level costs two bytes at least, so short texts cannot be too deep. One more for the item.
        if (nested && text.size() >= 2 * base::kMaxDepth)
            if (const std::size_t depth = 1 + base::json_depth(text); depth > base::kMaxDepth)
                return over_limit(action_, base::concat({where_, ".", name, " is nested ", base::number(depth), " levels deep; the limit is ",
                                                        base::number(base::kMaxDepth)}));
        if (slice_.item == nullptr) return {};
        for (const model::FieldDef& field : slice_.item->fields) {
            if (field.kind == JsonKind::invalid || field.kind == kind || field.name != name) continue;
            if (field.optional && kind == JsonKind::null) continue;
            return malformed(action_, base::concat({where_, ".", name, " must be ", base::json_kind_name(field.kind), ", it is ",
                                                   base::json_kind_name(kind)}));
        }
        return {};
    }

    const Action& action_;
    const model::SliceDef& slice_;
    std::string_view where_;
    std::string id_;
    std::size_t bytes_ = 2;
};

base::Error no_object(const Action& action, std::string_view text, std::string_view where) {
    return malformed(action, base::concat({where, " must be an object, it is ", base::json_kind_name(base::json_kind(text))}));
}

Result<std::vector<PayloadMember>> members_of(const Action& action, std::string_view text, std::string_view where) {
    std::vector<PayloadMember> members;
    members.reserve(8);
    if (base::json_kind(text) != JsonKind::object) return no_object(action, text, where);
    base::JsonLevel level(text);
    while (level.next()) members.push_back({level.name(), level.value()});
    if (!level.ok()) return malformed(action, base::concat({where, " is not valid JSON"}));
    return members;
}

/// The id of an item that arrived as one text, which is looked through and not taken apart.
Result<std::string> id_of_text(const Action& action, const model::SliceDef& slice, std::string_view text, std::string_view where) {
    if (base::json_kind(text) != JsonKind::object) return no_object(action, text, where);
    ItemCheck check(action, slice, where);
    base::JsonLevel level(text);
    while (level.next()) {
        const std::string_view name = level.name_token();
        const bool plain = name.find('\\') == std::string_view::npos;
        const std::string resolved = plain ? std::string() : level.name();
        if (auto checked = check.member(plain ? name.substr(1, name.size() - 2) : resolved, level.value()); !checked) return checked.error();
    }
    if (!level.ok()) return malformed(action, base::concat({where, " is not valid JSON"}));
    return check.end();
}

/// Element texts of an array payload, however it arrived.
Result<std::vector<std::string_view>> element_texts(const Action& action) {
    std::vector<std::string_view> texts;
    if (action.payload == Action::Payload::items) {
        texts.reserve(action.members.size());
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
    ItemCheck check(action, slice, "payload");
    for (const PayloadMember& member : *members)
        if (auto checked = check.member(member.name, member.text); !checked) return checked.error();
    auto id = check.end();
    if (!id) return id.error();
    return PayloadItem{std::move(*id), std::move(*members), {}, nullptr};
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
        auto id = id_of_text(action, slice, text, "payload");
        if (!id) return id_of_text(action, slice, text, where()).error();  // once more, for a message with the place
        items.push_back({std::move(*id), {}, text, action.staged != nullptr ? &(*action.staged)[items.size()] : nullptr});
        if (seen.insert(items.back().id).second) continue;
        const std::string twice = items.back().id;
        items.pop_back();
        return malformed(action, base::concat({where(), ".id '", twice, "' occurs twice"}));
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
            return PayloadItem{{}, std::move(*members), {}, nullptr}.json();
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
