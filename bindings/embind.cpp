// The calls, and nothing else: what each of them means is in README.md beside this file.
#include <emscripten.h>
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <memory>
#include <optional>
#include <string>

#include "base/json_check.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "runtime.hpp"

EM_JS_DEPS(codeforge_text, "$Emval,$UTF8ToString");
EM_JS(emscripten::EM_VAL, codeforge_text, (const char* bytes, std::size_t size), { return Emval.toHandle(UTF8ToString(bytes, size, true)); });

namespace calls {

using codeforge::base::Code;
using codeforge::base::Error;
using codeforge::base::number;
using codeforge::bindings::now_ms;
using codeforge::bindings::Runtime;

static Error last_error;
/// The input buffer. One that a bulk needed is given up after its dispatch.
constexpr std::size_t kKeptFrameBytes = 1u << 20;
static std::unique_ptr<char[]> frame_buffer;
static std::size_t frame_capacity = 0;

int refuse(Error error) {
    last_error = std::move(error);
    return -1;
}

bool started() {
    if (Runtime::get().started()) return true;
    refuse({Code::not_ready, "open() was not called"});
    return false;
}

int open(const std::string& config) {
    auto client = codeforge::client::Client::create(config);
    if (!client) return refuse(client.error());
    Runtime& runtime = Runtime::get();
    if (auto begun = runtime.start(codeforge::base::string_member(config, "name"), std::move(*client)); !begun) return refuse(begun.error());
    const auto ticket = static_cast<int>(runtime.client().open(now_ms()));
    runtime.settle();
    return ticket;
}

double frame(double bytes) {
    if (bytes > static_cast<double>(codeforge::base::kMaxFrameBytes)) {
        refuse({Code::limit, codeforge::base::concat({"an action of up to ", number(static_cast<std::uint64_t>(bytes)), " bytes exceeds the limit of ",
                                              number(codeforge::base::kMaxFrameBytes)})});
        return 0;
    }
    const auto size = static_cast<std::size_t>(bytes);
    if (frame_capacity < size || frame_capacity > kKeptFrameBytes) {
        frame_buffer.reset();  // before the new one, so that there are never two
        frame_buffer.reset(new char[size]);
        frame_capacity = size;
    }
    return static_cast<double>(reinterpret_cast<std::uintptr_t>(frame_buffer.get()));
}

/// What the host has written to the buffer. nullopt, and refused, when it cannot have.
std::optional<std::string_view> written(double bytes) {
    if (!started()) return std::nullopt;
    const auto size = static_cast<std::size_t>(bytes);
    if (size <= frame_capacity) return std::string_view(frame_buffer.get(), size);
    refuse({Code::limit, "the frame is longer than the buffer"});
    return std::nullopt;
}

int stage(double bytes) {
    const auto piece = written(bytes);
    if (!piece) return -1;
    auto done = Runtime::get().client().stage(*piece);
    return done ? 0 : refuse(done.error());
}

double dispatch(double bytes) {
    const auto frame = written(bytes);
    if (!frame) return -1;
    Runtime& runtime = Runtime::get();
    runtime.begin_turn();
    auto done = runtime.client().dispatch(*frame, now_ms());
    if (frame_capacity > kKeptFrameBytes) {
        frame_buffer.reset();
        frame_capacity = 0;
    }
    if (!done) return refuse(done.error());
    runtime.settle();
    return (done->echo ? 1 : 0) + (done->more ? 2 : 0) + (done->status ? 4 : 0) + 8 * static_cast<double>(done->seq);
}

std::string take_changes() { return started() ? Runtime::get().client().take_changes() : std::string(R"({"changes":[],"done":[],"status":false})"); }

std::string error() {
    return codeforge::base::concat({R"({"code":)", codeforge::base::quoted(codeforge::base::code_name(last_error.code)), R"(,"message":)",
                                    codeforge::base::quoted(last_error.message), "}"});
}

std::string read(const std::string& slice, const std::string& id) { return started() ? Runtime::get().client().read(slice, id) : std::string(); }
/// A string made in JavaScript from our bytes: Embind would copy the megabytes of a returned std::string once more, and look for
/// the end of those of a u8string one by one.
emscripten::val read_all(const std::string& slice) {
    const std::string text = started() ? Runtime::get().client().read_all(slice) : std::string();
    return emscripten::val::take_ownership(codeforge_text(text.data(), text.size()));
}
std::string status() { return started() ? Runtime::get().client().status_json() : std::string("{}"); }

std::string history(double known) { return started() ? Runtime::get().client().history(static_cast<std::uint64_t>(known)) : std::string(); }

std::string rejected() { return started() ? Runtime::get().client().rejected() : std::string("[]"); }

int context(const std::string& text) {
    if (!started()) return -1;
    auto done = Runtime::get().client().context(text);
    return done ? 0 : refuse(done.error());
}

int configure(const std::string& text) {
    if (!started()) return -1;
    Runtime& runtime = Runtime::get();
    if (auto done = runtime.client().configure(text, now_ms()); !done) return refuse(done.error());
    runtime.settle();
    return 0;
}

int sync(const std::string& command) {
    if (!started()) return -1;
    Runtime& runtime = Runtime::get();
    auto ticket = runtime.client().sync(command, now_ms());
    if (!ticket) return refuse(ticket.error());
    runtime.settle();
    return static_cast<int>(*ticket);
}

/// A message of another tab is in the frame buffer.
void receive(double bytes) {
    const auto size = static_cast<std::size_t>(bytes);
    if (!started() || size > frame_capacity) return;
    Runtime& runtime = Runtime::get();
    runtime.client().receive(std::string_view(frame_buffer.get(), size), now_ms());
    runtime.settle_and_notify();
}

/// "": this tab holds the lock now. "*": it was deaf for a while. Else the tab of that name is no more.
void tab(const std::string& what) {
    if (!started()) return;
    Runtime& runtime = Runtime::get();
    if (what.empty()) runtime.client().become_writer(now_ms());
    else if (what == "*") runtime.client().join_again(now_ms());
    else runtime.client().tab_gone(what, now_ms());
    runtime.settle_and_notify();
}

int flush(bool strict) {
    if (!started()) return -1;
    Runtime& runtime = Runtime::get();
    const auto ticket = static_cast<int>(runtime.client().flush(strict, now_ms()));
    runtime.settle();
    return ticket;
}

int close() {
    if (!started()) return -1;
    Runtime& runtime = Runtime::get();
    const auto ticket = static_cast<int>(runtime.client().close(now_ms()));
    runtime.settle();
    return ticket;
}

}  // namespace calls

EMSCRIPTEN_BINDINGS(codeforge_core) {
    emscripten::function("open(config)", &calls::open);
    emscripten::function("frame(bytes)", &calls::frame);
    emscripten::function("stage(bytes)", &calls::stage);
    emscripten::function("dispatch(bytes)", &calls::dispatch);
    emscripten::function("takeChanges", &calls::take_changes);
    emscripten::function("error", &calls::error);
    emscripten::function("read(slice,id)", &calls::read);
    emscripten::function("readAll(slice)", &calls::read_all);
    emscripten::function("status", &calls::status);
    emscripten::function("context(text)", &calls::context);
    emscripten::function("history(known)", &calls::history);
    emscripten::function("rejected", &calls::rejected);
    emscripten::function("configure(text)", &calls::configure);
    emscripten::function("sync(command)", &calls::sync);
    emscripten::function("receive(bytes)", &calls::receive);
    emscripten::function("tab(what)", &calls::tab);
    emscripten::function("flush(strict)", &calls::flush);
    emscripten::function("close", &calls::close);
}
