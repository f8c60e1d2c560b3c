// Names of synced things. A key is "<wire prefix of the slice>:<id>", as the server stores it; the
// field of a slice that is synced too has the id "current".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/state.hpp"

namespace codeforge::sync {

struct Key {
    model::SliceId slice = model::SliceId::files;
    std::string id;  // "" : the slice's wire_field
};

/// As the outbox names it. "" when the slice is not synced.
std::string local_key(const model::SliceTable& table, model::SliceId slice, std::string_view id);
/// nullopt: no key, or of a custom slice that is not defined now.
std::optional<Key> parse_key(const model::SliceTable& table, std::string_view local_key);

/// As the server names it. WSGI servers decode %2F before they route, so a plain server cannot
/// address a key with a slash: '/' is written "~2F", and '~' itself "~7E".
std::string wire_key(std::string_view local_key);
std::string local_of_wire(std::string_view wire_key);

/// RFC 3986 section 2.1, everything but unreserved characters.
std::string percent_encoded(std::string_view text);

/// The value that the state has under a key.
std::optional<std::string> local_text(const model::State& state, const Key& key);
/// The change that gives the key this value, or removes it.
model::Change local_change(const model::SliceTable& table, const Key& key, const std::optional<std::string>& json);

}  // namespace codeforge::sync
