// The entry of chainrule_native.so.
#include "backend/llvm/array_function.h"
#include "backend/native.h"

extern "C" const chainrule::NativeBackend* chainrule_native_backend();

extern "C" __attribute__((visibility("default"))) const chainrule::NativeBackend*
chainrule_native_backend() {
    static constexpr chainrule::NativeBackend backend{
        .compile_array = chainrule::compile_array,
    };
    return &backend;
}
