#include "store/history_step.hpp"

#include "base/json_text.hpp"
#include "base/text.hpp"

namespace codeforge::store {

using base::number;
using model::Change;

namespace {

/// As base::number, which would need memory of its own for a time.
void append_number(std::string& out, std::uint64_t value) {
    char digits[20];
    std::size_t at = sizeof digits;
    do {
        digits[--at] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    out.append(digits + at, sizeof digits - at);
}

std::uint64_t number_of(const model::Value& value, std::string_view name) {
    const model::Value* member = value.member(name);
    return member != nullptr ? base::parse_number(member->text()) : 0;
}

std::string text_of(const model::Value& value, std::string_view name) {
    const model::Value* member = value.member(name);
    return member != nullptr && member->kind() == base::JsonKind::string ? base::unquoted(member->text()) : std::string();
}

/// false when it is none.
bool read_change(std::string_view text, Change& change) {
    int count = 0;
    base::JsonLevel level(text);
    for (; level.next(); ++count) {
        const std::string_view part = level.value();
        if (count == 0) {
            const std::uint64_t slice = base::parse_number(part);
            if (slice >= model::kSliceNumbers) return false;
            change.slice = static_cast<model::SliceId>(slice);
        } else if (count == 1) {
            change.id = base::unquoted(part);
        } else if (count == 2) {
            for (base::JsonLevel steps(part); steps.next();) {
                if (base::json_kind(steps.value()) == base::JsonKind::string) change.path.emplace_back(std::string_view(base::unquoted(steps.value())));
                else change.path.emplace_back(static_cast<std::uint32_t>(base::parse_number(steps.value())));
            }
        } else if (count == 3) {
            change.json = part;
        } else {
            change.order = base::parse_number(part);
        }
    }
    change.erased = count == 3;
    return level.ok() && count >= 3;
}

}  // namespace

void append_history_change(std::string& out, const Change& change, const model::Value* value) {
    out.push_back('[');
    append_number(out, static_cast<std::uint64_t>(change.slice));
    out.push_back(',');
    base::append_quoted(out, change.id);
    out += ",[";
    for (std::size_t i = 0; i < change.path.size(); ++i) {
        if (i > 0) out.push_back(',');
        if (change.path[i].is_index) append_number(out, change.path[i].index);
        else base::append_quoted(out, change.path[i].name);
    }
    out.push_back(']');
    if (!change.erased) {
        out.push_back(',');
        if (value != nullptr) value->append_text(out);
        else out += change.json;
    }
    if (change.order != 0) {
        out.push_back(',');
        append_number(out, change.order);
    }
    out.push_back(']');
}

std::string withdrawn_json(const std::vector<std::string>& withdrawn) {
    std::string out = "{";
    for (std::size_t i = 0; i < withdrawn.size(); ++i)
        if (!withdrawn[i].empty()) base::append(out, {out.size() > 1 ? ",\"" : "\"", number(i), "\":\"", withdrawn[i], "\""});
    out.push_back('}');
    return out;
}

std::string HistoryStep::json() const {
    std::size_t bytes = 128 + type.size() + group.size();
    for (std::size_t i = 0; i < changes.size(); ++i)
        bytes += changes[i].json.size() + changes[i].id.size() + 16 + 32 * changes[i].path.size() + (i < values.size() && values[i] != nullptr ? values[i]->text_bytes() : 0);
    std::string out;
    out.reserve(bytes);
    out += R"({"n":)";
    append_number(out, number);
    out += R"(,"t":")";
    out += type;
    out += R"(","s":)";
    append_number(out, first_ms);
    out += R"(,"l":)";
    append_number(out, last_ms);
    if (!group.empty()) {
        out += R"(,"g":)";
        base::append_quoted(out, group);
    }
    if (undone) out += R"(,"r":true)";
    out += R"(,"c":[)";
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (i > 0) out.push_back(',');
        append_history_change(out, changes[i], i < values.size() ? values[i] : nullptr);
    }
    out += "]}";
    return out;
}

HistoryStep read_history_step(const model::Value& value) {
    HistoryStep step;
    step.number = number_of(value, "n");
    step.type = text_of(value, "t");
    step.first_ms = number_of(value, "s");
    step.last_ms = number_of(value, "l");
    step.group = text_of(value, "g");
    step.undone = value.member("r") != nullptr;
    const model::Value* marks = value.member("x");
    const std::string changes = value.member("c") != nullptr ? value.member("c")->text() : std::string();
    std::size_t index = 0;
    for (base::JsonLevel level(changes); level.next(); ++index) {
        Change change;
        if (!read_change(level.value(), change)) continue;
        if (marks != nullptr) step.withdrawn.push_back(text_of(*marks, number(index).view()));
        step.changes.push_back(std::move(change));
    }
    return step;
}

bool is_incidental(const Change& change) {
    if (!change.id.empty()) return change.path.size() == 1 && change.path.front() == model::PathStep("updatedAt");
    if (change.path.size() != 1) return change.path.empty() || change.path.back() == model::PathStep("updatedAt");
    // Custom slices sync their items only.
    const bool built_in = static_cast<std::size_t>(change.slice) < model::kSliceCount;
    const std::string_view synced = built_in ? model::slice(change.slice).wire_field : "";
    return synced.empty() || change.path.front() != model::PathStep(synced);
}

}  // namespace codeforge::store
