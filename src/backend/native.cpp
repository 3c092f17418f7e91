#include "backend/native.h"

#include <dlfcn.h>

#include <string>

#include "lang/diagnostic.h"

namespace chainrule {
namespace {

constexpr const char* module_name = "chainrule_native.so";
constexpr const char* entry_name = "chainrule_native_backend";

// The module is found beside the program, by the program's own search path for libraries. It stays
// loaded: code that it compiled may outlive whoever asked for it.
const NativeBackend* load() {
    void* module = dlopen(module_name, RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
        throw InternalError("the native backend cannot be loaded: " + std::string(dlerror()));
    }
    void* entry = dlsym(module, entry_name);
    if (entry == nullptr) {
        throw InternalError(std::string(module_name) + " is no native backend");
    }
    return reinterpret_cast<const NativeBackend* (*)()>(entry)();
}

}  // namespace

const NativeBackend& native_backend() {
    static const NativeBackend* const backend = load();
    return *backend;
}

}  // namespace chainrule
