// The entry of chainrule_native.so.
#include "backend/llvm/array_function.h"
#include "backend/llvm/kernel_set.h"
#include "backend/llvm/step_loop.h"
#include "backend/native.h"
#include "backend/onednn/product.h"

extern "C" const chainrule::NativeBackend* chainrule_native_backend();

extern "C" __attribute__((visibility("default"))) const chainrule::NativeBackend*
chainrule_native_backend() {
    static constexpr chainrule::NativeBackend backend{
        .compile_array = chainrule::compile_array,
        .compile_kernels = chainrule::compile_kernels,
        .compile_loop = chainrule::compile_loop,
        .make_product = chainrule::make_product,
    };
    return &backend;
}
