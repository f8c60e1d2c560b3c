#include "runtime.hpp"

#include <emscripten.h>
#include <emscripten/html5.h>

#include <algorithm>

#include "sync/key.hpp"

// The host sets these members on the module object.
EM_JS(void, codeforge_notify, (), {
    if (!Module['coreDead'] && Module['coreNotify']) Module['coreNotify']();
});
EM_JS(void, codeforge_post_to_tabs, (const char* to, const char* bytes, std::size_t size), {
    const post = Module['coreTabs'];
    if (post) post(UTF8ToString(to), HEAPU8.slice(bytes, bytes + size));
});
EM_JS(int, codeforge_is_leaving, (), { return Module['coreLeaving'] ? 1 : 0; });
EM_JS(int, codeforge_is_dead, (), { return Module['coreDead'] ? 1 : 0; });

extern "C" {
void codeforge_guard(void (*entry)());        // idbfs_commit.js
void codeforge_after_turn(void (*entry)());  // idbfs_commit.js
}

namespace codeforge::bindings {

bool is_dead() { return codeforge_is_dead() != 0; }
void guarded(void (*entry)()) { codeforge_guard(entry); }

std::uint64_t now_ms() { return static_cast<std::uint64_t>(emscripten_date_now()); }

Runtime& Runtime::get() {
    static Runtime runtime;
    return runtime;
}

base::Result<void> Runtime::start(const std::string& name, std::unique_ptr<client::Client> client) {
    if (started()) return base::Error{base::Code::internal, "open: this module instance was opened before"};
    // IDBFS names its database after the mount point, so the name becomes one path segment.
    mount_path_ = "/codeforge-" + sync::percent_encoded(name);
    client_ = std::move(client);
    return {};
}

void Runtime::carry_out(client::Effect effect) {
    if (auto* request = std::get_if<sync::HttpRequest>(&effect)) send(std::move(*request));
    else if (const auto* write = std::get_if<persist::Write>(&effect)) write_files(mount_path_, *write);
    else if (const auto* post = std::get_if<client::PostToTabs>(&effect)) codeforge_post_to_tabs(post->to.c_str(), post->bytes.data(), post->bytes.size());
    else if (std::holds_alternative<client::LoadFiles>(effect)) load_files(mount_path_);
    else close_files(mount_path_);
}

void Runtime::set_timer() {
    const auto at = client_->next_deadline_ms();
    if (timer_ != 0 && at && timer_at_ms_ <= *at) return;  // it fires early enough and looks again
    if (timer_ != 0) emscripten_clear_timeout(timer_);
    timer_ = 0;
    if (!at) return;
    timer_at_ms_ = *at;
    const std::uint64_t now = now_ms();
    const double wait_ms = *at > now ? static_cast<double>(*at - now) : 0;
    timer_ = emscripten_set_timeout(
        [](void*) {
            guarded([] {
                Runtime& runtime = get();
                runtime.timer_ = 0;
                runtime.client_->tick(now_ms());
                runtime.settle_and_notify();
            });
        },
        std::min(wait_ms, 2147483647.0), nullptr);
}

void Runtime::begin_turn() {
    if (codeforge_is_leaving() != 0 || !client_->begin_turn()) return;
    codeforge_after_turn([] {
        Runtime& runtime = get();
        runtime.client_->turn_ended(now_ms());
        runtime.settle_and_notify();
    });
}

void Runtime::settle() {
    while (auto effect = client_->poll()) carry_out(std::move(*effect));
    set_timer();
}

void Runtime::settle_and_notify() {
    settle();
    if (client_->has_news()) codeforge_notify();
}

}  // namespace codeforge::bindings
