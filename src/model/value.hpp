// A JSON value that is text until somebody has to reach inside.
// Reaching inside takes one level apart: an object becomes named members, each of them text again.
// So an edit of one node in a tree of ten thousand costs the levels on its path, not the tree; and
// an item that nobody edits stays one string.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.hpp"

namespace codeforge::model {

/// One step into a value: a member's name or an index in an array.
struct PathStep {
    std::string name;
    std::uint32_t index = 0;
    bool is_index = false;

    PathStep(std::string_view member) : name(member) {}                            // NOLINT: implicit by design
    PathStep(const char* member) : name(member) {}                                 // NOLINT: implicit by design
    PathStep(std::uint32_t element) : index(element), is_index(true) {}            // NOLINT: implicit by design
    bool operator==(const PathStep&) const = default;
};
using Path = std::vector<PathStep>;

class Value {
public:
    struct Member;

    /// null
    Value();
    /// Requires: `json` is well-formed JSON of at most kMaxDepth levels.
    explicit Value(std::string json);
    Value(Value&&) noexcept;
    Value& operator=(Value&&) noexcept;
    Value(const Value& other);
    Value& operator=(const Value& other);
    ~Value();

    base::JsonKind kind() const;
    std::string text() const;
    void append_text(std::string& out) const;
    /// text() while nobody has reached inside, else "". Lives until somebody does.
    std::string_view whole_text() const { return text_; }
    /// Whether text() is these bytes; copies nothing while the value is one text.
    bool has_text(std::string_view json) const;
    /// Bytes of text(), roughly when taken apart.
    std::size_t text_bytes() const;

    /// nullptr when absent or when this is not an object (array).
    const Value* member(std::string_view name) const;
    const Value* element(std::size_t index) const;
    const Value* at(const Path& path) const;
    /// Members or elements; empty for other kinds. Names are "" in arrays.
    const std::vector<Member>& members() const;

    /// Replaces the value at `path` or adds the last step's member (element: only at the end).
    /// false, and nothing changed, when the path does not lead anywhere.
    bool set(const Path& path, Value value);
    bool erase(const Path& path);

private:
    struct Node;
    bool expand() const;
    Value* step(const PathStep& step) const;
    Value* parent_of(const Path& path) const;

    // Exactly one of the two holds the value. Taking apart does not change the value, so it happens
    // behind const.
    mutable std::string text_;
    mutable std::unique_ptr<Node> node_;
};

struct Value::Member {
    std::string name;
    Value value;
};

}  // namespace codeforge::model
