// Scalar programs compiled and run over arrays, and how far results are from what was wanted.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "backend/native.h"

namespace chainrule {

template <class T>
constexpr ScalarKind kind_of = sizeof(T) == 4 ? ScalarKind::f32 : ScalarKind::f64;

// `body` of the inputs, compiled.
template <class T>
class CompiledFunction {
public:
    using Body = std::function<Scalar(std::span<const Scalar> x)>;

    CompiledFunction(std::size_t inputs, const Body& body) {
        ScalarProgram program;
        std::vector<Scalar> x;
        for (std::size_t i = 0; i < inputs; ++i) {
            x.push_back(program.input(static_cast<std::uint32_t>(i), kind_of<T>));
        }
        program.outputs = {body(x).id};
        code_ = native_backend().compile_array(program);
    }

    void run(std::span<const void* const> inputs, std::span<T> result) const {
        void* output = result.data();
        code_->run(inputs, std::span(&output, 1), 0, result.size());
    }
    std::vector<T> operator()(const std::vector<std::vector<T>>& inputs) const {
        std::vector<const void*> addresses;
        for (const auto& input : inputs) {
            addresses.push_back(input.data());
        }
        std::vector<T> result(inputs[0].size());
        run(addresses, result);
        return result;
    }

private:
    std::unique_ptr<ArrayFunction> code_;
};

// The distance of `got` from `wanted` in units of the last place that `wanted` has in T. Both NaN,
// or the same infinity or zero, is 0; infinity counts as the number after the largest.
template <class T>
double ulps(T got, double wanted) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    const T rounded = static_cast<T>(wanted);
    if (std::isnan(got) || std::isnan(wanted)) {
        return std::isnan(got) == std::isnan(wanted) ? 0 : infinite;
    }
    if (got == rounded && (std::isinf(got) || got == T(0))) {
        return std::signbit(got) == std::signbit(rounded) ? 0 : infinite;
    }
    if (std::isinf(got) || std::isinf(rounded)) {
        constexpr T largest = std::numeric_limits<T>::max();
        const bool adjacent = std::abs(got) >= largest && std::abs(rounded) >= largest;
        return adjacent && std::signbit(got) == std::signbit(rounded) ? 1 : infinite;
    }
    int exponent = 0;
    std::frexp(wanted, &exponent);
    using Limits = std::numeric_limits<T>;
    const int last = std::max(exponent, Limits::min_exponent) - Limits::digits;
    return std::abs(std::ldexp(static_cast<double>(got) - wanted, -last));
}

}  // namespace chainrule
