// The native backend: what turns programs into machine code.
//
// It is a module of its own, chainrule_native.so, beside the program, and loaded when it is first asked
// for: commands that compile nothing load neither LLVM nor oneDNN.
//
//     const NativeBackend& native = native_backend();
//     std::unique_ptr<ArrayFunction> f = native.compile_array(program);
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "scalar/scalar.h"

namespace chainrule {

// A scalar program over arrays: output k at i is a function of the inputs at i. An array holds
// numbers of the kind that the program gives its input or output, at any address.
class ArrayFunction {
public:
    virtual ~ArrayFunction() = default;
    // The elements first .. last - 1.
    virtual void run(std::span<const void* const> inputs, std::span<void* const> outputs,
                     std::size_t first, std::size_t last) const = 0;
};

struct NativeBackend {
    std::unique_ptr<ArrayFunction> (*compile_array)(const ScalarProgram& program);
};

// Throws InternalError where the module is missing or of another build.
const NativeBackend& native_backend();

}  // namespace chainrule
