// Results instead of exceptions: a value or an Error that names what was wrong.
// The library is built without exceptions; an expected failure travels as a Result, a bug in
// our own code stops the module through CODEFORGE_CHECK.
#pragma once

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace codeforge::base {

enum class Code {
    unknown_slice,
    unknown_action,
    malformed_payload,
    limit,
    not_ready,
    closed,
    damaged,      // bytes on disk that are not what was written
    read_only,    // the data is newer than this program
    unsupported,  // a format or a request that this version does not know
    storage,
    offline,
    timeout,
    server,
    rejected,
    no_server,
    internal,
};

/// The code as it crosses to JavaScript, for example "malformed-payload".
std::string_view code_name(Code code);

struct Error {
    Code code = Code::internal;
    std::string message;
};

/// The error of a Result, beside it: a Result that succeeded carries one empty pointer. Both are calls on purpose, since there are
/// hundreds of places.
struct DropError {
    void operator()(Error* error) const;
};
using KeptError = std::unique_ptr<Error, DropError>;
KeptError keep(Error&& error);

template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : value_(std::move(value)) {}                 // NOLINT: implicit by design
    Result(Error error) : error_(keep(std::move(error))) {}       // NOLINT: implicit by design

    bool ok() const { return error_ == nullptr; }
    explicit operator bool() const { return ok(); }

    /// Requires: ok().
    T& operator*() { return *value_; }
    const T& operator*() const { return *value_; }
    T* operator->() { return &*value_; }
    const T* operator->() const { return &*value_; }

    /// Requires: !ok().
    const Error& error() const { return *error_; }

private:
    std::optional<T> value_;
    KeptError error_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(keep(std::move(error))) {}  // NOLINT: implicit by design
    bool ok() const { return error_ == nullptr; }
    explicit operator bool() const { return ok(); }
    const Error& error() const { return *error_; }

private:
    KeptError error_;
};

[[noreturn]] inline void check_failed() { std::abort(); }

}  // namespace codeforge::base

/// Stops at once when an invariant of our own code is broken. Never for bad input.
#define CODEFORGE_CHECK(condition) \
    do {                           \
        if (!(condition)) [[unlikely]] ::codeforge::base::check_failed(); \
    } while (false)
