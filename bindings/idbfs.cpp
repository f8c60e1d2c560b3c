// Files in IndexedDB, in IDBFS's own database and schema. The JavaScript half is idbfs_commit.js.
#include <emscripten.h>

#include <vector>

#include "runtime.hpp"

extern "C" {
void codeforge_idb_load(const char* mount_path);
void codeforge_idb_put(const char* name, const char* bytes, std::size_t size);
void codeforge_idb_delete(const char* name);
void codeforge_idb_commit(const char* mount_path, double write_id, int strict);
void codeforge_idb_close(const char* mount_path);

char* codeforge_idb_file(const char* name, std::size_t size);
void codeforge_idb_loaded(const char* error);
void codeforge_idb_written(double write_id, const char* error);
void codeforge_idb_emptied();
}

namespace codeforge::bindings {

namespace {
std::vector<persist::File> loading;

base::Error storage_error(const char* text) { return {base::Code::storage, text}; }
}  // namespace

void load_files(const std::string& mount_path) {
    loading.clear();
    codeforge_idb_load(mount_path.c_str());
}

void write_files(const std::string& mount_path, const persist::Write& write) {
    for (const persist::File& file : write.puts) codeforge_idb_put(file.name.c_str(), file.bytes.data(), file.bytes.size());
    for (const std::string& name : write.deletes) codeforge_idb_delete(name.c_str());
    codeforge_idb_commit(mount_path.c_str(), static_cast<double>(write.id), write.strict ? 1 : 0);
}

void close_files(const std::string& mount_path) { codeforge_idb_close(mount_path.c_str()); }

}  // namespace codeforge::bindings

using codeforge::bindings::loading;
using codeforge::bindings::Runtime;

/// Where the bytes of one file of the store belong; valid until the next call.
EMSCRIPTEN_KEEPALIVE char* codeforge_idb_file(const char* name, std::size_t size) {
    loading.push_back({name, {}});
    std::string& bytes = loading.back().bytes;
    bytes.__resize_default_init(size);  // libc++'s: megabytes are not filled with zeros first
    return bytes.data();
}

/// All files were given, or `error` ("code: message") says why not.
EMSCRIPTEN_KEEPALIVE void codeforge_idb_loaded(const char* error) {
    Runtime& runtime = Runtime::get();
    const std::uint64_t now = codeforge::bindings::now_ms();
    if (error != nullptr) runtime.client().load_failed(codeforge::bindings::storage_error(error), now);
    else runtime.client().loaded(loading, now);
    std::vector<codeforge::persist::File>().swap(loading);
    runtime.settle_and_notify();
}

/// A write found a database without any file, although the store is open.
EMSCRIPTEN_KEEPALIVE void codeforge_idb_emptied() {
    Runtime& runtime = Runtime::get();
    runtime.client().files_lost(codeforge::bindings::now_ms());
    runtime.settle_and_notify();
}

EMSCRIPTEN_KEEPALIVE void codeforge_idb_written(double write_id, const char* error) {
    Runtime& runtime = Runtime::get();
    std::optional<codeforge::base::Error> failure;
    if (error != nullptr) failure = codeforge::bindings::storage_error(error);
    runtime.client().written(static_cast<std::uint64_t>(write_id), failure, codeforge::bindings::now_ms());
    runtime.settle_and_notify();
}
