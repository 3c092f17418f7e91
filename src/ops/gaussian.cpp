// gaussian(x) = exp(-x^2), a radial basis function. The square in twice the precision: far out, its
// rounding would cost the exponential its last digits.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op gaussian_op{
    .name = "gaussian",
    .summary = "exp(-x^2), with all digits in its tails",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference =
        [](std::span<const double> x, const Attributes&) {
            const double square = x[0] * x[0];
            const double lost = std::fma(x[0], x[0], -square);
            return std::isfinite(lost) ? std::exp(-square) * std::exp(-lost) : std::exp(-square);
        },
    .gradient = {[](const GradientCall& g) { return -(g.dy * 2 * g.x[0] * g.y); }},
    .notation = CallNotation{"\\operatorname{gaussian}({0})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return chainrule::gaussian(x[0]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Mul, Neg, Exp)"},
    .sample = {.domains = {{{-2.5, 2.5}}},
               .cases = unary_cases,
               .conventions = {{"|x| = 1000", "0, gradient 0"}}},
};

}  // namespace chainrule
