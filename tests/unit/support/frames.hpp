// Builds dispatch frames (store/frame.hpp) as the TypeScript client does.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace codeforge::testing {

using Pairs = std::initializer_list<std::pair<std::string_view, std::string_view>>;

inline std::string frame_none(std::string_view type) {
    std::string frame(type);
    frame.push_back('\0');
    return frame + "n";
}

/// The payload as one JSON text.
inline std::string frame_json(std::string_view type, std::string_view json) {
    std::string frame(type);
    frame.push_back('\0');
    frame += 'j';
    frame.push_back('\0');
    return frame.append(json);
}

inline std::string frame_pairs(std::string_view type, char kind, Pairs pairs) {
    std::string frame(type);
    frame.push_back('\0');
    frame += kind;
    for (const auto& [name, text] : pairs) {
        frame.push_back('\0');
        frame.append(name);
        frame.push_back('\0');
        frame.append(text);
    }
    return frame;
}

/// Members of an object payload; an empty text means "the value you have".
inline std::string frame_fields(std::string_view type, Pairs members) { return frame_pairs(type, 'o', members); }
/// Id and text of every item of an array payload.
inline std::string frame_items(std::string_view type, Pairs items) { return frame_pairs(type, 'a', items); }

}  // namespace codeforge::testing
