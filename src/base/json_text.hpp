// JSON as text: looks inside a JSON text one level at a time without building a tree of it.
// An item is kept as the text that JavaScript wrote, so loading ten thousand items parses nothing.
// The scanner trusts nothing: malformed text ends a scan with an error, never with a read past the
// end. It checks structure, not the grammar of numbers and escapes; text that comes from outside
// the module goes through base/json.hpp first, which does.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace codeforge::base {

enum class JsonKind { object, array, string, number, boolean, null, invalid };

/// Whether two texts are the same. Eight bytes at a time: the C library of the module compares singly.
bool same_bytes(std::string_view left, std::string_view right);

/// By the first character.
JsonKind json_kind(std::string_view text);
std::string_view json_kind_name(JsonKind kind);

/// Appends `text` as a JSON string with quotes (RFC 8259 section 7).
void append_quoted(std::string& out, std::string_view text);
std::string quoted(std::string_view text);

/// The characters of a JSON string token, escapes resolved to UTF-8. Requires: json_kind(token) is
/// string. A lone surrogate escape becomes U+FFFD.
std::string unquoted(std::string_view token);

inline bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
/// Index after the string token that starts at `at` (a quote), npos when it does not end.
std::size_t string_end(std::string_view text, std::size_t at);

/// The deepest nesting of arrays and objects in `text`, without recursion.
std::size_t json_depth(std::string_view text);

/// Walks the members of an object or the elements of an array.
///     for (JsonLevel level(text); level.next();) use(level.name(), level.value());
///     if (!level.ok()) ...
class JsonLevel {
public:
    explicit JsonLevel(std::string_view text);
    /// Moves to the next member. false at the end and on malformed text.
    bool next();
    /// Name token with its quotes, "" in arrays.
    std::string_view name_token() const { return name_; }
    std::string name() const { return unquoted(name_); }
    std::string_view value() const { return value_; }
    bool ok() const { return ok_; }

private:
    bool fail();
    void skip_space();
    bool read_string(std::string_view& token);
    bool read_value(std::string_view& token);

    std::string_view text_;
    std::string_view name_;
    std::string_view value_;
    std::size_t at_ = 0;
    char close_ = 0;
    bool first_ = true;
    bool ok_ = true;
};

}  // namespace codeforge::base
