// -x, elementwise.
#include "ops/rules.h"

namespace chainrule {

const Op negate_op{
    .name = "negate",
    .summary = "x with the other sign",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return -x[0]; },
    .gradient = {[](const GradientCall& g) { return -g.dy; }},
    .notation =
        [](const NotationCall& call) {
            return Written{"-" + call.operand(0, Precedence::negation), Precedence::negation};
        },
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return -x[0]; },
    .onnx = OnnxOperator{"Neg"},
    .sample = {.domains = {{{-3, 3}}}, .cases = unary_cases, .conventions = {}},
};

}  // namespace chainrule
