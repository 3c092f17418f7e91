#include "backend/native.h"

#include <dlfcn.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "lang/diagnostic.h"

namespace chainrule {
namespace {

constexpr const char* module_name = "chainrule_native.so";
constexpr const char* entry_name = "chainrule_native_backend";

// Beside the program, or above it (where the tests' programs are); else as the system finds
// libraries.
void* open_module() {
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    for (const auto& place : {folder, folder.parent_path()}) {
        const auto path = place / module_name;
        if (!error && std::filesystem::exists(path, error)) {
            return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        }
    }
    return dlopen(module_name, RTLD_NOW | RTLD_LOCAL);
}

// The module stays loaded: code that it compiled may outlive whoever asked for it.
const NativeBackend* load() {
    void* module = open_module();
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
