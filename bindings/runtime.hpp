// The runtime: owns the one Client of a module instance, carries out its effects with Emscripten's
// means, and brings what comes back. Everything that knows the platform is in this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "client/client.hpp"

namespace codeforge::bindings {

/// Unix time in ms.
std::uint64_t now_ms();

class Runtime {
public:
    static Runtime& get();

    base::Result<void> start(const std::string& name, std::unique_ptr<client::Client> client);
    bool started() const { return client_ != nullptr; }
    /// Requires: started().
    client::Client& client() { return *client_; }
    const std::string& mount_path() const { return mount_path_; }

    /// Before an edit: what it and those behind it lead to is written when JavaScript's turn ends.
    void begin_turn();
    /// Carries out what the client asks for and sets the timer. Call it after every call of the client.
    void settle();
    /// As settle(), for what was not called from JavaScript: also tells JavaScript when there is news.
    void settle_and_notify();

private:
    void carry_out(client::Effect effect);
    void set_timer();

    std::unique_ptr<client::Client> client_;
    std::string mount_path_;
    long timer_ = 0;
    std::uint64_t timer_at_ms_ = 0;
};

/// Calls `entry` unless the instance is dead; a trap inside is told to the host. Every callback of
/// the platform goes through it.
void guarded(void (*entry)());
/// After a trap: nothing may run in this instance any more.
bool is_dead();

// fetch.cpp
void send(sync::HttpRequest request);
// idbfs.cpp
void load_files(const std::string& mount_path);
void write_files(const std::string& mount_path, const persist::Write& write);
void close_files(const std::string& mount_path);

}  // namespace codeforge::bindings
