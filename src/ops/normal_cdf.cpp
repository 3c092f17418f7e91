// normal_cdf(x), the probability that a standard normal variable is at most x: (1 + erf(x /
// sqrt(2))) / 2.
//
// Computed from the complementary error function, so that the left tail keeps its digits.
#include <cmath>
#include <numbers>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op normal_cdf_op{
    .name = "normal_cdf",
    .summary = "the cumulative distribution function of the standard normal distribution",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x,
                    const Attributes&) { return std::erfc(-x[0] / std::numbers::sqrt2) / 2; },
    .gradient = {[](const GradientCall& g) { return g.dy * call(normal_pdf_op, {g.x[0]}); }},
    .notation = CallNotation{"\\Phi({0})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return chainrule::normal_cdf(x[0]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Erf, Add, Mul)"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = unary_cases,
               .conventions = {{"x = -1000, 1000", "0, 1, gradient 0"}}},
};

}  // namespace chainrule
