// HTTP through emscripten_fetch. One answer for every request, whatever happens: the first terminal
// callback decides, and closing is left to it.
#include <emscripten/fetch.h>

#include <cstring>
#include <memory>
#include <vector>

#include "base/limits.hpp"
#include "runtime.hpp"

namespace codeforge::bindings {

namespace {

using sync::HttpResponse;

struct InFlight {
    sync::HttpRequest request;  // its body must live until the answer is there
    std::uint64_t sent_ms = 0;
};

/// The value of a header of the response, "" when it lacks it or the browser hides it.
std::string header(emscripten_fetch_t* fetch, std::string_view name) {
    std::vector<char> text(emscripten_fetch_get_response_headers_length(fetch) + 1);
    emscripten_fetch_get_response_headers(fetch, text.data(), text.size());
    std::string_view rest(text.data());
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find("\r\n"));
        rest.remove_prefix(std::min(rest.size(), line.size() + 2));
        const std::size_t colon = line.find(':');
        if (colon != name.size() || strncasecmp(line.data(), name.data(), colon) != 0) continue;
        std::string_view value = line.substr(colon + 1);
        while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
        return std::string(value);
    }
    return {};
}

HttpResponse response;  // the one that is being handed over

void ended(emscripten_fetch_t* fetch) {
    if (is_dead()) return;
    const std::unique_ptr<InFlight> flight(static_cast<InFlight*>(fetch->userData));
    response = {};
    response.id = flight->request.id;
    const bool too_large = fetch->numBytes > base::kMaxResponseBytes;
    if (fetch->status >= 100 && fetch->status < 600 && !too_large) {
        response.outcome = HttpResponse::Outcome::answered;
        response.status = fetch->status;
        response.retry_after = header(fetch, "Retry-After");
        if (fetch->data != nullptr) response.body.assign(fetch->data, static_cast<std::size_t>(fetch->numBytes));
    } else if (now_ms() - flight->sent_ms >= flight->request.timeout_ms) {
        response.outcome = HttpResponse::Outcome::timed_out;  // status 0 in both cases; only the clock tells
    }
    emscripten_fetch_close(fetch);
    guarded([] {
        Runtime& runtime = Runtime::get();
        runtime.client().answered(response, now_ms());
        runtime.settle_and_notify();
    });
}

}  // namespace

void send(sync::HttpRequest request) {
    auto flight = std::make_unique<InFlight>(InFlight{std::move(request), now_ms()});
    const sync::HttpRequest& sent = flight->request;
    static const char* const kHeaders[] = {"Content-Type", "application/json", nullptr};
    emscripten_fetch_attr_t attributes;
    emscripten_fetch_attr_init(&attributes);
    std::strncpy(attributes.requestMethod, sent.method.c_str(), sizeof attributes.requestMethod - 1);
    attributes.attributes = EMSCRIPTEN_FETCH_LOAD_TO_MEMORY | EMSCRIPTEN_FETCH_REPLACE;
    attributes.timeoutMSecs = sent.timeout_ms;
    attributes.onsuccess = ended;
    attributes.onerror = ended;
    if (!sent.body.empty()) {
        attributes.requestHeaders = kHeaders;
        attributes.requestData = sent.body.data();
        attributes.requestDataSize = sent.body.size();
    }
    const std::string url = sent.url;
    attributes.userData = flight.release();
    emscripten_fetch(&attributes, url.c_str());
}

}  // namespace codeforge::bindings
