// Allocations of a part of a test that can be counted and made to fail. While an Arena is in force, memory
// comes from it and is never given back, so a call that is left by a jump leaks nothing: dropping the arena frees all.
// A failed allocation jumps to where the arena was entered, as a trap leaves a WebAssembly instance.
#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdint>

namespace codeforge::crash {

class Arena {
public:
    explicit Arena(std::size_t bytes);
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    /// The allocation with this number (1 is the first) fails; every later one too when `for_ever`. 0: none fails.
    void fail_at(std::uint64_t number, bool for_ever);
    std::uint64_t allocations() const { return count_; }

    /// Runs `step` with this arena in force. false when an allocation failed: what the arena holds is dead then.
    template <class Step>
    bool run(Step&& step) {
        if (setjmp(jump_) != 0) {
            leave();
            return false;
        }
        enter();
        step();
        leave();
        return true;
    }

    void* take(std::size_t bytes);

private:
    void enter();
    void leave();

    std::jmp_buf jump_{};
    char* memory_;
    std::size_t size_;
    std::size_t used_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t fail_at_ = 0;
    bool for_ever_ = false;
};

/// Whether `pointer` lies in an arena that exists.
bool in_arena(const void* pointer);
Arena* current_arena();

}  // namespace codeforge::crash
