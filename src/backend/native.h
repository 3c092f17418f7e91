// The native backend: what turns programs into machine code.
//
// It is a module of its own, chainrule_native.so, beside the program, and loaded when it is first
// asked for: commands that compile nothing load neither LLVM nor oneDNN.
//
//     const NativeBackend& native = native_backend();
//     std::unique_ptr<ArrayFunction> f = native.compile_array(program);
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <string>

#include "backend/frame.h"
#include "compile/plan.h"
#include "compile/tensor_program.h"

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

// What is emitted of a plan, in its order of phases, jobs and actions.
class KernelSet {
public:
    virtual ~KernelSet() = default;
    virtual KernelCode* kernel(std::size_t index) const = 0;
    // What was generated, where it was asked for: LLVM's language and the assembler's.
    virtual const std::string& llvm_text() const = 0;
    virtual const std::string& assembly() const = 0;
};

// c[m, n] = sum over k of a[m, k] * b[k, n], of f32. One thread computes; each thread needs a
// product of its own.
struct ProductShape {
    std::int64_t m = 0;
    std::int64_t n = 0;
    std::int64_t k = 0;
    std::array<std::int64_t, 2> a{};  // strides, in elements, of m and k
    std::array<std::int64_t, 2> b{};  // of k and n
    std::array<std::int64_t, 2> c{};  // of m and n
    friend auto operator<=>(const ProductShape&, const ProductShape&) = default;
};
class MatrixProductCode {
public:
    virtual ~MatrixProductCode() = default;
    virtual void run(const float* a, const float* b, float* c) = 0;
};

// A tensor program and the loop over steps around it, as one function: the states stay in registers
// from step to step, as far as they fit.
class StepLoop {
public:
    virtual ~StepLoop() = default;
    // `leaves` are the addresses of the program's leaves; step s takes the data rows
    // order[s * batch ...]. At least one step.
    virtual void run(void* const* leaves, const std::int64_t* order, std::int64_t steps) const = 0;
    virtual const std::string& llvm_text() const = 0;
    virtual const std::string& assembly() const = 0;
};

struct NativeBackend {
    std::unique_ptr<ArrayFunction> (*compile_array)(const ScalarProgram& program);
    std::unique_ptr<KernelSet> (*compile_kernels)(const Plan& plan, bool keep_text);
    std::unique_ptr<StepLoop> (*compile_loop)(const TensorProgram& program, bool keep_text);
    std::unique_ptr<MatrixProductCode> (*make_product)(const ProductShape& shape);
};

// Throws InternalError where the module is missing or of another build.
const NativeBackend& native_backend();

}  // namespace chainrule
