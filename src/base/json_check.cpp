#include "base/json_check.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"

namespace codeforge::base {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Bytes of the UTF-8 character at `at`, which is no ASCII; 0 when it is none (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const unsigned lead = byte(at);
    const unsigned second = byte(at + 1);
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    // The second byte's range keeps out overlong forms, surrogates and what lies beyond U+10FFFF.
    const unsigned least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (lead < 0xc2 || lead > 0xf4 || second < least || second > most) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((byte(at + i) & 0xc0) != 0x80) return 0;
    return length;
}

/// A number as sign, digits without zeros at either end, and the place of the point before them.
struct Decimal {
    bool negative = false;
    std::string digits;      // "" is zero
    std::int64_t point = 0;  // the value is 0.digits times ten to this
};

constexpr std::int64_t kMostExponent = 1'000'000'000;

/// Requires: `token` keeps the grammar of a JSON number.
Decimal decimal_of(std::string_view token) {
    Decimal decimal;
    std::size_t at = 0;
    if (token[0] == '-') {
        decimal.negative = true;
        ++at;
    }
    bool behind_point = false;
    for (; at < token.size() && token[at] != 'e' && token[at] != 'E'; ++at) {
        if (token[at] == '.') {
            behind_point = true;
            continue;
        }
        const bool leading_zero = decimal.digits.empty() && token[at] == '0';
        if (!leading_zero) decimal.digits.push_back(token[at]);
        if (behind_point ? leading_zero : !leading_zero) decimal.point += behind_point ? -1 : 1;
    }
    if (at < token.size()) {
        std::string_view exponent = token.substr(at + 1);
        const bool down = exponent[0] == '-';
        if (!is_digit(exponent[0])) exponent.remove_prefix(1);
        const auto size = static_cast<std::int64_t>(std::min<std::uint64_t>(parse_number(exponent), kMostExponent));
        decimal.point += down ? -size : size;
    }
    while (!decimal.digits.empty() && decimal.digits.back() == '0') decimal.digits.pop_back();
    return decimal;
}

/// Whether a double can hold its size. The largest is 0.17976931348623157... times ten to 309.
bool is_finite(const Decimal& decimal) {
    if (decimal.digits.empty() || decimal.point != 309) return decimal.digits.empty() || decimal.point < 309;
    return decimal.digits.substr(0, 17) <= "17976931348623157";
}

/// As Number.prototype.toString writes it (ECMA-262, 6.1.6.1.20).
void append_decimal(std::string& out, const Decimal& decimal) {
    const std::string_view digits = decimal.digits;
    if (digits.empty()) {
        out.push_back('0');
        return;
    }
    if (decimal.negative) out.push_back('-');
    const std::int64_t point = decimal.point;
    const auto count = static_cast<std::int64_t>(digits.size());
    if (point > 21 || point < -5) {
        out.push_back(digits[0]);
        if (count > 1) append(out, {".", digits.substr(1)});
        append(out, {"e", point > 0 ? "+" : "-", number(static_cast<std::uint64_t>(point > 0 ? point - 1 : 1 - point))});
    } else if (point <= 0) {
        append(out, {"0.", std::string(static_cast<std::size_t>(-point), '0'), digits});
    } else if (point >= count) {
        append(out, {digits, std::string(static_cast<std::size_t>(point - count), '0')});
    } else {
        append(out, {digits.substr(0, static_cast<std::size_t>(point)), ".", digits.substr(static_cast<std::size_t>(point))});
    }
}

/// One pass over a text. Recursion is as deep as the text, which was measured before.
class Reader {
public:
    /// `out` gets the canonical text; nullptr: only checks.
    Reader(std::string_view text, std::string* out) : text_(text), out_(out) {}

    bool whole() {
        skip_space();
        if (!value()) return false;
        skip_space();
        return at_ == text_.size();
    }

private:
    struct Member {
        std::string name;
        std::string text;
    };

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char wanted) {
        if (peek() != wanted) return false;
        ++at_;
        return true;
    }
    void skip_space() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
    }
    void emit(std::string_view text) {
        if (out_ != nullptr) out_->append(text);
    }

    bool value() {
        switch (peek()) {
            case '{': return object();
            case '[': return array();
            case '"': return string();
            case 't': return word("true");
            case 'f': return word("false");
            case 'n': return word("null");
            default: return number_token();
        }
    }

    bool word(std::string_view wanted) {
        if (text_.substr(at_, wanted.size()) != wanted) return false;
        at_ += wanted.size();
        emit(wanted);
        return true;
    }

    bool digits() {
        const std::size_t start = at_;
        while (is_digit(peek())) ++at_;
        return at_ > start;
    }

    bool number_token() {
        const std::size_t start = at_;
        take('-');
        if (!take('0') && !digits()) return false;
        if (take('.') && !digits()) return false;
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            if (!digits()) return false;
        }
        const std::string_view token = text_.substr(start, at_ - start);
        if (out_ == nullptr && token.size() <= 300 && token.find_first_of("eE") == std::string_view::npos) return true;
        const Decimal decimal = decimal_of(token);
        if (!is_finite(decimal)) return false;
        if (out_ != nullptr) append_decimal(*out_, decimal);
        return true;
    }

    /// The code unit of the four digits at at_, which moves behind them; -1 when they are none.
    int code_unit() {
        int unit = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            const char c = peek();
            const char lower = static_cast<char>(c | 0x20);
            if (is_digit(c)) unit = unit * 16 + (c - '0');
            else if (lower >= 'a' && lower <= 'f') unit = unit * 16 + (lower - 'a' + 10);
            else return -1;
        }
        return unit;
    }

    /// What follows a backslash.
    bool escape() {
        const char c = peek();
        ++at_;
        if (c != 'u') return c != '\0' && std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
        const int unit = code_unit();
        if (unit < 0xd800 || unit > 0xdfff) return unit >= 0;
        if (unit > 0xdbff || !take('\\') || !take('u')) return false;
        const int low = code_unit();
        return low >= 0xdc00 && low <= 0xdfff;
    }

    /// The string token at at_, checked.
    bool string_token(std::string_view& token) {
        const std::size_t start = at_;
        if (!take('"')) return false;
        while (at_ < text_.size()) {
            const auto c = static_cast<unsigned char>(text_[at_]);
            if (c >= 0x80) {
                const std::size_t length = utf8_length(text_, at_);
                if (length == 0) return false;
                at_ += length;
                continue;
            }
            ++at_;
            if (c == '"') {
                token = text_.substr(start, at_ - start);
                return true;
            }
            if (c < 0x20 || (c == '\\' && !escape())) return false;
        }
        return false;
    }

    bool string() {
        std::string_view token;
        if (!string_token(token)) return false;
        if (out_ != nullptr) append_quoted(*out_, unquoted(token));
        return true;
    }

    bool array() {
        ++at_;
        emit("[");
        skip_space();
        for (bool first = true; !take(']'); first = false) {
            if (!first) {
                if (!take(',')) return false;
                emit(",");
                skip_space();
            }
            if (!value()) return false;
            skip_space();
        }
        emit("]");
        return true;
    }

    bool object() {
        ++at_;
        std::vector<Member> members;
        std::string* const out = out_;
        skip_space();
        for (bool first = true; !take('}'); first = false) {
            if (!first) {
                if (!take(',')) return false;
                skip_space();
            }
            std::string_view name;
            if (!string_token(name)) return false;
            skip_space();
            if (!take(':')) return false;
            skip_space();
            Member member;
            if (out != nullptr) out_ = &member.text;
            if (!value()) return false;
            if (out != nullptr) {
                member.name = unquoted(name);
                members.push_back(std::move(member));
            }
            skip_space();
        }
        out_ = out;
        if (out != nullptr) append_sorted(*out, members);
        return true;
    }

    static void append_sorted(std::string& out, const std::vector<Member>& members) {
        std::vector<const Member*> order;
        order.reserve(members.size());
        for (const Member& member : members) order.push_back(&member);
        // qsort: one small function in the module instead of an instance of std::sort.
        const auto by_name = [](const void* a, const void* b) {
            const Member* const left = *static_cast<const Member* const*>(a);
            const Member* const right = *static_cast<const Member* const*>(b);
            const int difference = left->name.compare(right->name);
            return difference != 0 ? difference : left < right ? -1 : 1;
        };
        if (!order.empty()) std::qsort(order.data(), order.size(), sizeof(const Member*), by_name);
        out.push_back('{');
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (i + 1 < order.size() && order[i]->name == order[i + 1]->name) continue;  // the last one counts
            if (out.back() != '{') out.push_back(',');
            append_quoted(out, order[i]->name);
            out.push_back(':');
            out += order[i]->text;
        }
        out.push_back('}');
    }

    std::string_view text_;
    std::string* out_;
    std::size_t at_ = 0;
};

Result<void> read(std::string_view text, std::string_view what, std::string* out) {
    if (const std::size_t depth = json_depth(text); depth > kMaxDepth)
        return Error{Code::limit, concat({what, " is nested ", number(depth), " levels deep; the limit is ", number(kMaxDepth)})};
    if (!Reader(text, out).whole()) return Error{Code::malformed_payload, concat({what, " is not valid JSON"})};
    return {};
}

}  // namespace

Result<void> check_json(std::string_view text, std::string_view what) { return read(text, what, nullptr); }

Result<std::string> canonical_json(std::string_view text, std::string_view what) {
    std::string out;
    if (auto done = read(text, what, &out); !done) return done.error();
    return out;
}

bool same_json(std::string_view left, std::string_view right) {
    if (left == right) return true;
    const auto a = canonical_json(left, "");
    if (!a) return false;
    const auto b = canonical_json(right, "");
    return b && *a == *b;
}

std::optional<std::string_view> json_member(std::string_view object, std::string_view name) {
    std::optional<std::string_view> found;
    for (JsonLevel level(object); level.next();)
        if (!level.name_token().empty() && level.name() == name) found = level.value();
    return found;
}

std::string string_member(std::string_view object, std::string_view name, std::string_view fallback) {
    const auto text = json_member(object, name);
    return text && json_kind(*text) == JsonKind::string ? unquoted(*text) : std::string(fallback);
}

double number_member(std::string_view object, std::string_view name, double fallback) {
    const auto text = json_member(object, name);
    if (!text || json_kind(*text) != JsonKind::number) return fallback;
    const Decimal decimal = decimal_of(*text);
    double value = 0;
    for (char digit : decimal.digits) value = value * 10 + (digit - '0');
    std::int64_t shift = value == 0 ? 0 : decimal.point - static_cast<std::int64_t>(decimal.digits.size());
    for (; shift > 0; --shift) value *= 10;
    for (; shift < 0 && value > 0; ++shift) value /= 10;
    return decimal.negative ? -value : value;
}

bool bool_member(std::string_view object, std::string_view name, bool fallback) {
    const auto text = json_member(object, name);
    return text && json_kind(*text) == JsonKind::boolean ? *text == "true" : fallback;
}

}  // namespace codeforge::base
