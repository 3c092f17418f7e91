// x * y, elementwise.
#include "ops/rules.h"

namespace chainrule {

const Op multiply_op{
    .name = "multiply",
    .summary = "the product, elementwise",
    .arity = Arity{2},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return x[0] * x[1]; },
    .gradient = {[](const GradientCall& g) { return g.dy * g.x[1]; },
                 [](const GradientCall& g) { return g.dy * g.x[0]; }},
    .notation = InfixNotation{"*", "\\cdot", Precedence::product},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return x[0] * x[1]; },
    .onnx = OnnxOperator{"Mul"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = binary_cases,
               .conventions = {{"0 * infinity", "NaN, as IEEE 754 says; never folded to 0"}}},
};

}  // namespace chainrule
