// sqrt(x), the square root.
#include <cmath>

#include "ops/rules.h"

namespace chainrule {

const Op sqrt_op{
    .name = "sqrt",
    .summary = "the square root",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::sqrt(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy / (2 * g.y); }},
    .notation = CallNotation{"\\sqrt{{0}}"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return sqrt(x[0]); },
    .onnx = OnnxOperator{"Sqrt"},
    .sample = {.domains = {{{0.2, 4}}},
               .cases = unary_cases,
               .conventions = {{"x = 0", "0, gradient infinity"}, {"x < 0", "NaN, gradient NaN"}}},
};

}  // namespace chainrule
