#include "client/tab_message.hpp"

#include "base/bytes.hpp"

namespace codeforge::client {

std::string encode(const TabMessage& message) {
    std::string bytes;
    bytes.reserve(message.text.size() + message.records.size() + 128);
    base::ByteWriter out(bytes);
    out.u8(static_cast<std::uint8_t>(message.kind));
    for (const std::uint64_t number : {message.term, message.seq, message.durable_seq, message.number, message.at_ms}) out.varint(number);
    for (const std::string* text : {&message.from, &message.origin, &message.text, &message.session, &message.user, &message.records}) out.bytes(*text);
    return bytes;
}

base::Result<TabMessage> decode_tab_message(std::string_view bytes) {
    base::ByteReader in(bytes);
    TabMessage message;
    const std::uint8_t kind = in.u8();
    message.kind = static_cast<TabMessageKind>(kind);
    for (std::uint64_t* number : {&message.term, &message.seq, &message.durable_seq, &message.number, &message.at_ms}) *number = in.varint();
    for (std::string* text : {&message.from, &message.origin, &message.text, &message.session, &message.user, &message.records}) *text = in.bytes();
    const bool known = kind >= static_cast<std::uint8_t>(TabMessageKind::hello) && kind <= static_cast<std::uint8_t>(TabMessageKind::bye);
    const bool named = !message.from.empty() && message.from.size() <= kMaxOriginBytes && message.origin.size() <= kMaxOriginBytes &&
                       message.session.size() <= kMaxWhoBytes && message.user.size() <= kMaxWhoBytes;
    if (!in.ok() || !in.at_end() || !known || !named) return base::Error{base::Code::damaged, "a message of another tab does not decode"};
    return message;
}

}  // namespace codeforge::client
