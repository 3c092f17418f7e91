// sign(x): -1, 0 or 1.
#include "ops/rules.h"

namespace chainrule {
namespace {

// NaN is neither side of 0, and stays NaN.
double sign_reference(std::span<const double> x, const Attributes&) {
    return x[0] > 0 ? 1 : x[0] < 0 ? -1 : x[0];
}

}  // namespace

const Op sign_op{
    .name = "sign",
    .summary = "-1, 0 or 1: the sign",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = sign_reference,
    .gradient = {NotDifferentiable{
        "the sign is constant on either side of 0: its derivative is 0 where it exists"}},
    .notation = CallNotation{"\\operatorname{sign}({0})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return select(x[0] > 0, 1, select(x[0] < 0, -1, x[0])); },
    .onnx = OnnxOperator{"Sign"},
    .sample = {.domains = {{{-3, -0.1}, {0.1, 3}}},
               .cases = unary_cases,
               .conventions = {{"x = 0", "0"}, {"x = NaN", "NaN"}}},
};

}  // namespace chainrule
