// stop_gradient(x): x itself, which the derivation takes as a given number.
#include "ops/rules.h"

namespace chainrule {

const Op stop_gradient_op{
    .name = "stop_gradient",
    .summary = "x itself, held fixed by the derivation",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return x[0]; },
    .gradient = {NotDifferentiable{"its purpose is to be held fixed"}},
    .notation = CallNotation{"\\operatorname{stop\\_gradient}({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return x[0]; },
    .onnx = OnnxOperator{"Identity"},
    .sample = {.domains = {{{-3, 3}}}, .cases = unary_cases, .conventions = {}},
};

}  // namespace chainrule
