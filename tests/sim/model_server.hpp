// A model of the plain nine-endpoint server: what a request does and what the answer is. It has no
// time and no network; it counts how often each value was stored, so that tests can tell repeats.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json_text.hpp"
#include "sync/http.hpp"

namespace codeforge::sim {

class ModelServer {
public:
    struct Answer {
        int status = 200;
        std::string body;
    };

    Answer handle(const sync::HttpRequest& request) {
        ++requests;
        const std::string_view url(request.url);
        const std::size_t path_at = url.find('/', url.find("://") + 3);
        const std::string_view path = path_at == std::string_view::npos ? "/" : url.substr(path_at);
        if (path == "/health") return {200, R"({"status":"ok"})"};
        constexpr std::string_view kStorage = "/api/storage/";
        if (!path.starts_with(kStorage)) return {404, "<h1>Not Found</h1>"};
        const std::string_view name = path.substr(kStorage.size());
        if (request.method == "GET" && name == "keys") return {200, keys_text()};
        if (request.method == "GET" && name == "export") return {200, export_text()};
        if (request.method == "GET" && name == "stats") return {200, stats_text()};
        if (request.method == "POST" && name == "import") return import_items(request.body);
        if (request.method == "POST" && name == "clear") {
            items.clear();
            return {200, R"({"success":true})"};
        }
        return item(request.method, decoded(name), request.body);
    }

    /// The last part of the path: an item's key, or the name of an endpoint.
    static std::string key_of(const sync::HttpRequest& request) { return decoded(std::string_view(request.url).substr(request.url.rfind('/') + 1)); }

    std::map<std::string, std::string> items;  // by wire key
    std::map<std::pair<std::string, std::string>, int> stored;  // how often a key was given a value
    int requests = 0;
    bool forgets_writes = false;  // planted fault: says yes and does nothing
    bool skips_in_export = false; // planted fault: the last key is missing in an export

private:
    Answer item(std::string_view method, const std::string& key, std::string_view body) {
        if (method == "GET") {
            const auto found = items.find(key);
            if (found == items.end()) return {404, R"({"error":"Key not found"})"};
            return {200, R"({"value":)" + found->second + "}"};
        }
        if (method == "DELETE") {
            if (items.erase(key) == 0) return {404, R"({"error":"Key not found"})"};
            return {200, R"({"success":true})"};
        }
        if (method != "PUT") return {405, "<h1>Method Not Allowed</h1>"};
        for (base::JsonLevel level(body); level.next();)
            if (level.name() == "value") {
                store(key, std::string(level.value()));
                return {200, R"({"success":true})"};
            }
        return {400, R"({"error":"Missing value field"})"};
    }

    Answer import_items(std::string_view body) {
        if (base::json_kind(body) != base::JsonKind::object) return {400, R"({"error":"Data must be an object"})"};
        int count = 0;
        for (base::JsonLevel level(body); level.next(); ++count) store(level.name(), std::string(level.value()));
        return {200, R"({"success":true,"imported":)" + std::to_string(count) + "}"};
    }

    void store(const std::string& key, std::string value) {
        // A value that comes back after another one, or after a deletion, is a new decision.
        const auto now = items.find(key);
        int& count = stored[{key, value}];
        count = now != items.end() && now->second == value ? count + 1 : std::max(count, 1);
        if (!forgets_writes) items[key] = std::move(value);
    }

    std::string keys_text() const {
        std::string out = R"({"keys":[)";
        for (const auto& [key, value] : items) out += (out.back() == '[' ? "" : ",") + base::quoted(key);
        return out + "]}";
    }

    std::string export_text() const {
        std::string out = "{";
        for (auto it = items.begin(); it != items.end(); ++it) {
            if (skips_in_export && std::next(it) == items.end()) break;
            out += (out.size() > 1 ? "," : "") + base::quoted(it->first) + ":" + it->second;
        }
        return out + "}";
    }

    std::string stats_text() const {
        std::size_t bytes = 0;
        for (const auto& [key, value] : items) bytes += value.size();
        return R"({"total_keys":)" + std::to_string(items.size()) + R"(,"total_size_bytes":)" + std::to_string(bytes) + R"(,"database_path":"/model.db"})";
    }

    static std::string decoded(std::string_view text) {
        const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; };
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '%' && i + 2 < text.size()) {
                out.push_back(static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])));
                i += 2;
            } else {
                out.push_back(text[i]);
            }
        }
        return out;
    }
};

}  // namespace codeforge::sim
