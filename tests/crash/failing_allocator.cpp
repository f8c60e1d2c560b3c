#include "crash/failing_allocator.hpp"

#include <cstdio>
#include <cstdlib>
#include <new>

namespace codeforge::crash {

namespace {

Arena* in_force = nullptr;
// At most one arena exists at a time, and operator delete asks for every pointer.
const char* begin = nullptr;
const char* end = nullptr;

}  // namespace

Arena::Arena(std::size_t bytes) : memory_(static_cast<char*>(std::malloc(bytes))), size_(bytes) {
    if (memory_ == nullptr) std::abort();
    begin = memory_;
    end = memory_ + bytes;
}

Arena::~Arena() {
    begin = end = nullptr;
    std::free(memory_);
}

void Arena::fail_at(std::uint64_t number, bool for_ever) {
    fail_at_ = number;
    for_ever_ = for_ever;
}

void Arena::enter() { in_force = this; }
void Arena::leave() { in_force = nullptr; }

void* Arena::take(std::size_t bytes) {
    ++count_;
    const std::size_t rounded = (bytes + 15) & ~std::size_t{15};
    const bool fails = fail_at_ != 0 && (count_ == fail_at_ || (for_ever_ && count_ > fail_at_));
    if (fails || rounded > size_ - used_) std::longjmp(jump_, 1);
    void* pointer = memory_ + used_;
    used_ += rounded;
    return pointer;
}

bool in_arena(const void* pointer) { return pointer >= begin && pointer < end; }
Arena* current_arena() { return in_force; }

}  // namespace codeforge::crash

namespace {

void* allocate(std::size_t bytes) {
    if (auto* arena = codeforge::crash::current_arena()) return arena->take(bytes);
    void* pointer = std::malloc(bytes == 0 ? 1 : bytes);
    if (pointer == nullptr) std::abort();
    return pointer;
}

void release(void* pointer) {
    if (!codeforge::crash::in_arena(pointer)) std::free(pointer);
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes); }
void* operator new[](std::size_t bytes) { return allocate(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return allocate(bytes); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return allocate(bytes); }
void operator delete(void* pointer) noexcept { release(pointer); }
void operator delete[](void* pointer) noexcept { release(pointer); }
void operator delete(void* pointer, std::size_t) noexcept { release(pointer); }
void operator delete[](void* pointer, std::size_t) noexcept { release(pointer); }
