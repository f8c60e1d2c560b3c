#include "base/json_text.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace codeforge::base {

namespace {

std::uint64_t eight_bytes(const char* at) {
    std::uint64_t bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/// How many of eight bytes stand before the first that has to be escaped in a JSON string: one below 0x20, a quote or a
/// backslash (Mycroft's test for a zero byte, on the bytes' differences; its lowest hit is exact).
std::size_t plain_bytes(std::uint64_t bytes) {
    constexpr std::uint64_t kOnes = 0x0101010101010101u;
    const std::uint64_t quotes = bytes ^ kOnes * '"';
    const std::uint64_t slashes = bytes ^ kOnes * '\\';
    const std::uint64_t hits = ((bytes - kOnes * 0x20) & ~bytes) | ((quotes - kOnes) & ~quotes) | ((slashes - kOnes) & ~slashes);
    return static_cast<std::size_t>(std::countr_zero(hits & kOnes * 0x80)) / 8;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The code unit of "\uXXXX" whose 'u' is at `at`, or -1.
int code_unit(std::string_view text, std::size_t at) {
    if (at + 4 >= text.size()) return -1;
    int unit = 0;
    for (std::size_t i = at + 1; i <= at + 4; ++i) {
        const int digit = hex_value(text[i]);
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

void append_utf8(std::string& out, std::uint32_t point) {
    if (point < 0x80) {
        out.push_back(static_cast<char>(point));
    } else if (point < 0x800) {
        out.push_back(static_cast<char>(0xc0 | point >> 6));
        out.push_back(static_cast<char>(0x80 | (point & 0x3f)));
    } else if (point < 0x10000) {
        out.push_back(static_cast<char>(0xe0 | point >> 12));
        out.push_back(static_cast<char>(0x80 | (point >> 6 & 0x3f)));
        out.push_back(static_cast<char>(0x80 | (point & 0x3f)));
    } else {
        out.push_back(static_cast<char>(0xf0 | point >> 18));
        out.push_back(static_cast<char>(0x80 | (point >> 12 & 0x3f)));
        out.push_back(static_cast<char>(0x80 | (point >> 6 & 0x3f)));
        out.push_back(static_cast<char>(0x80 | (point & 0x3f)));
    }
}

/// Resolves the escape at `i` (the backslash); returns the index after it.
std::size_t append_escape(std::string& out, std::string_view body, std::size_t i) {
    if (i + 1 >= body.size()) return body.size();
    switch (body[i + 1]) {
        case 'b': out.push_back('\b'); return i + 2;
        case 'f': out.push_back('\f'); return i + 2;
        case 'n': out.push_back('\n'); return i + 2;
        case 'r': out.push_back('\r'); return i + 2;
        case 't': out.push_back('\t'); return i + 2;
        case 'u': break;
        default: out.push_back(body[i + 1]); return i + 2;
    }
    const int unit = code_unit(body, i + 1);
    if (unit < 0) return body.size();
    if (unit >= 0xd800 && unit < 0xdc00 && i + 7 < body.size() && body[i + 6] == '\\' && body[i + 7] == 'u') {
        const int low = code_unit(body, i + 7);
        if (low >= 0xdc00 && low < 0xe000) {
            append_utf8(out, 0x10000u + (static_cast<std::uint32_t>(unit - 0xd800) << 10) +
                                 static_cast<std::uint32_t>(low - 0xdc00));
            return i + 12;
        }
    }
    append_utf8(out, unit >= 0xd800 && unit < 0xe000 ? 0xfffdu : static_cast<std::uint32_t>(unit));
    return i + 6;
}

}  // namespace

std::size_t string_end(std::string_view text, std::size_t at) {
    // Names and ids are short: a call would cost more than a look at their bytes.
    const std::size_t near = std::min(text.size(), at + 17);
    std::size_t i = at + 1;
    for (; i < near && text[i] != '\\'; ++i)
        if (text[i] == '"') return i + 1;
    for (;;) {
        const void* hit = i < text.size() ? std::memchr(text.data() + i, '"', text.size() - i) : nullptr;
        if (hit == nullptr) return std::string_view::npos;
        const std::size_t quote = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
        std::size_t slashes = 0;
        while (text[quote - 1 - slashes] == '\\') ++slashes;  // stops at the opening quote at the latest
        if (slashes % 2 == 0) return quote + 1;
        i = quote + 1;
    }
}

bool same_bytes(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return false;
    std::size_t i = 0;
    for (; i + 8 <= left.size(); i += 8)
        if (eight_bytes(left.data() + i) != eight_bytes(right.data() + i)) return false;
    for (; i < left.size(); ++i)
        if (left[i] != right[i]) return false;
    return true;
}

JsonKind json_kind(std::string_view text) {
    if (text.empty()) return JsonKind::invalid;
    switch (text.front()) {
        case '{': return JsonKind::object;
        case '[': return JsonKind::array;
        case '"': return JsonKind::string;
        case 't':
        case 'f': return JsonKind::boolean;
        case 'n': return JsonKind::null;
        default: break;
    }
    const char c = text.front();
    return c == '-' || (c >= '0' && c <= '9') ? JsonKind::number : JsonKind::invalid;
}

std::string_view json_kind_name(JsonKind kind) {
    switch (kind) {
        case JsonKind::object: return "an object";
        case JsonKind::array: return "an array";
        case JsonKind::string: return "a string";
        case JsonKind::number: return "a number";
        case JsonKind::boolean: return "a boolean";
        case JsonKind::null: return "null";
        case JsonKind::invalid: break;
    }
    return "not JSON";
}

void append_quoted(std::string& out, std::string_view text) {
    if (out.empty()) out.reserve(text.size() + text.size() / 16 + 2);
    char piece[256];
    std::size_t used = 0;
    piece[used++] = '"';
    for (std::size_t i = 0; i < text.size();) {
        if (used > sizeof piece - 16) {  // room for eight bytes and one escape
            out.append(piece, used);
            used = 0;
        }
        if (i + 8 <= text.size()) {
            const std::uint64_t bytes = eight_bytes(text.data() + i);
            std::memcpy(piece + used, &bytes, sizeof bytes);
            const std::size_t plain = plain_bytes(bytes);
            i += plain;
            used += plain;
            if (plain == 8) continue;
        }
        const auto c = static_cast<unsigned char>(text[i++]);
        if (c >= 0x20 && c != '"' && c != '\\') {
            piece[used++] = static_cast<char>(c);
            continue;
        }
        piece[used++] = '\\';
        switch (c) {
            case '"':
            case '\\': piece[used++] = static_cast<char>(c); break;
            case '\b': piece[used++] = 'b'; break;
            case '\f': piece[used++] = 'f'; break;
            case '\n': piece[used++] = 'n'; break;
            case '\r': piece[used++] = 'r'; break;
            case '\t': piece[used++] = 't'; break;
            default:
                for (const char digit : {'u', '0', '0', "0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15]}) piece[used++] = digit;
        }
    }
    piece[used++] = '"';
    out.append(piece, used);
}

std::string quoted(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

std::string unquoted(std::string_view token) {
    if (token.size() < 2) return {};
    const std::string_view body = token.substr(1, token.size() - 2);
    std::size_t slash = body.find('\\');
    if (slash == std::string_view::npos) return std::string(body);
    std::string out(body.substr(0, slash));
    while (slash < body.size()) {
        const std::size_t after = append_escape(out, body, slash);
        slash = std::min(body.find('\\', after), body.size());
        if (after < slash) out.append(body.substr(after, slash - after));
    }
    return out;
}

std::size_t json_depth(std::string_view text) {
    std::size_t depth = 0;
    std::size_t deepest = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') {
            const std::size_t end = string_end(text, i);
            if (end == std::string_view::npos) break;
            i = end - 1;
        } else if (c == '{' || c == '[') {
            deepest = std::max(deepest, ++depth);
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return deepest;
}

JsonLevel::JsonLevel(std::string_view text) : text_(text) {
    skip_space();
    if (at_ >= text_.size() || (text_[at_] != '{' && text_[at_] != '[')) {
        ok_ = false;
        return;
    }
    close_ = text_[at_] == '{' ? '}' : ']';
    ++at_;
}

bool JsonLevel::fail() {
    ok_ = false;
    close_ = 0;
    return false;
}

void JsonLevel::skip_space() {
    while (at_ < text_.size() && is_json_space(text_[at_])) ++at_;
}

bool JsonLevel::read_string(std::string_view& token) {
    if (at_ >= text_.size() || text_[at_] != '"') return false;
    const std::size_t end = string_end(text_, at_);
    if (end == std::string_view::npos) return false;
    token = text_.substr(at_, end - at_);
    at_ = end;
    return true;
}

bool JsonLevel::read_value(std::string_view& token) {
    if (at_ >= text_.size()) return false;
    const std::size_t start = at_;
    const char first = text_[at_];
    if (first == '"') return read_string(token);
    if (first != '{' && first != '[') {
        while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}' && text_[at_] != ']' && !is_json_space(text_[at_])) ++at_;
        token = text_.substr(start, at_ - start);
        return !token.empty();  // a word such as NaN passes: its reader refuses that one value
    }
    for (std::size_t depth = 0; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '"') {
            const std::size_t end = string_end(text_, at_);
            if (end == std::string_view::npos) return false;
            at_ = end - 1;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            ++at_;
            token = text_.substr(start, at_ - start);
            return true;
        }
    }
    return false;
}

bool JsonLevel::next() {
    if (close_ == 0) return false;
    skip_space();
    if (at_ >= text_.size()) return fail();
    if (text_[at_] == close_) {
        ++at_;
        skip_space();
        close_ = 0;
        if (at_ != text_.size()) ok_ = false;
        return false;
    }
    if (!first_) {
        if (text_[at_] != ',') return fail();
        ++at_;
        skip_space();
    }
    first_ = false;
    if (close_ == '}') {
        if (!read_string(name_)) return fail();
        skip_space();
        if (at_ >= text_.size() || text_[at_] != ':') return fail();
        ++at_;
        skip_space();
    }
    return read_value(value_) || fail();
}

}  // namespace codeforge::base
