// x + y, elementwise.
#include "ops/rules.h"

namespace chainrule {

const Op add_op{
    .name = "add",
    .summary = "the sum, elementwise",
    .arity = Arity{2},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return x[0] + x[1]; },
    .gradient = {[](const GradientCall& g) { return g.dy; }},
    .notation = InfixNotation{"+", "+", Precedence::sum},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return x[0] + x[1]; },
    .onnx = OnnxOperator{"Add"},
    .sample = {.domains = {{{-3, 3}}}, .cases = binary_cases, .conventions = {}},
};

}  // namespace chainrule
