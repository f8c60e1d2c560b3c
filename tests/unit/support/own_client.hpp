// A client behind a pointer, whichever way create() hands it out.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "client/client.hpp"

namespace codeforge::testing {

inline std::unique_ptr<client::Client> owned(client::Client&& client) { return std::make_unique<client::Client>(std::move(client)); }
inline std::unique_ptr<client::Client> owned(std::unique_ptr<client::Client>&& client) { return std::move(client); }

/// nullptr when the configuration is refused.
inline std::unique_ptr<client::Client> make_client(std::string_view config) {
    auto created = client::Client::create(config);
    return created ? owned(std::move(*created)) : nullptr;
}

}  // namespace codeforge::testing
