#include "model/value.hpp"

#include <cstring>

namespace codeforge::model {

using base::JsonKind;

struct Value::Node {
    bool is_object = true;
    std::vector<Member> members;
};

Value::Value() : text_("null") {}
Value::Value(std::string json) : text_(std::move(json)) {}
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::Value(const Value& other) : text_(other.text()) {}
Value& Value::operator=(const Value& other) {
    if (this != &other) *this = Value(other.text());
    return *this;
}
Value::~Value() = default;

JsonKind Value::kind() const {
    if (node_) return node_->is_object ? JsonKind::object : JsonKind::array;
    return base::json_kind(text_);
}

void Value::append_text(std::string& out) const {
    if (!node_) {
        out += text_;
        return;
    }
    out.push_back(node_->is_object ? '{' : '[');
    bool first = true;
    for (const Member& member : node_->members) {
        if (!first) out.push_back(',');
        first = false;
        if (node_->is_object) {
            base::append_quoted(out, member.name);
            out.push_back(':');
        }
        member.value.append_text(out);
    }
    out.push_back(node_->is_object ? '}' : ']');
}

std::string Value::text() const {
    if (!node_) return text_;
    std::string out;
    append_text(out);
    return out;
}

bool Value::has_text(std::string_view json) const { return node_ ? text() == json : base::same_bytes(text_, json); }

std::size_t Value::text_bytes() const {
    if (!node_) return text_.size();
    std::size_t bytes = 2;
    for (const Member& member : node_->members) bytes += member.name.size() + 4 + member.value.text_bytes();
    return bytes;
}

bool Value::expand() const {
    if (node_) return true;
    const JsonKind kind = base::json_kind(text_);
    if (kind != JsonKind::object && kind != JsonKind::array) return false;
    auto node = std::make_unique<Node>();
    node->is_object = kind == JsonKind::object;
    base::JsonLevel level(text_);
    while (level.next())
        node->members.push_back({node->is_object ? level.name() : std::string(), Value(std::string(level.value()))});
    if (!level.ok()) return false;
    node_ = std::move(node);
    text_ = std::string();
    return true;
}

const std::vector<Value::Member>& Value::members() const {
    static const std::vector<Member> kNone;
    return expand() ? node_->members : kNone;
}

Value* Value::step(const PathStep& step) const {
    if (!expand() || node_->is_object == step.is_index) return nullptr;
    if (step.is_index) return step.index < node_->members.size() ? &node_->members[step.index].value : nullptr;
    return const_cast<Value*>(member(step.name));
}

const Value* Value::member(std::string_view name) const {
    if (!expand() || !node_->is_object) return nullptr;
    // Most names differ in their lengths, which costs no call.
    for (const Member& member : node_->members)
        if (member.name.size() == name.size() && std::memcmp(member.name.data(), name.data(), name.size()) == 0) return &member.value;
    return nullptr;
}

const Value* Value::element(std::size_t index) const {
    if (!expand() || node_->is_object || index >= node_->members.size()) return nullptr;
    return &node_->members[index].value;
}

const Value* Value::at(const Path& path) const {
    const Value* value = this;
    for (const PathStep& next : path)
        if ((value = value->step(next)) == nullptr) return nullptr;
    return value;
}

Value* Value::parent_of(const Path& path) const {
    Value* value = const_cast<Value*>(this);
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
        if ((value = value->step(path[i])) == nullptr) return nullptr;
    return value->expand() ? value : nullptr;
}

bool Value::set(const Path& path, Value value) {
    if (path.empty()) {
        *this = std::move(value);
        return true;
    }
    Value* parent = parent_of(path);
    if (parent == nullptr) return false;
    const PathStep& last = path.back();
    if (Value* target = parent->step(last)) {
        *target = std::move(value);
        return true;
    }
    auto& members = parent->node_->members;
    if (parent->node_->is_object == last.is_index) return false;
    if (last.is_index && last.index != members.size()) return false;
    members.push_back({last.name, std::move(value)});
    return true;
}

bool Value::erase(const Path& path) {
    if (path.empty()) return false;
    Value* parent = parent_of(path);
    if (parent == nullptr || parent->step(path.back()) == nullptr) return false;
    auto& members = parent->node_->members;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const bool hit = path.back().is_index ? i == path.back().index : members[i].name == path.back().name;
        if (!hit) continue;
        members.erase(members.begin() + static_cast<std::ptrdiff_t>(i));
        return true;
    }
    return false;
}

}  // namespace codeforge::model
