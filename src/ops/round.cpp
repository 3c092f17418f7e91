// round(x), the nearest whole number; halves go to the even one (IEEE 754).
#include <cmath>

#include "ops/rules.h"

namespace chainrule {

const Op round_op{
    .name = "round",
    .summary = "the nearest whole number, halves to even",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::nearbyint(x[0]); },
    .gradient = {NotDifferentiable{
        "round is constant between halves: its derivative is 0 where it exists"}},
    .notation = CallNotation{"\\operatorname{round}({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return nearest(x[0]); },
    .onnx = OnnxOperator{"Round"},
    .sample = {.domains = {{{-1.4, -0.6}, {-0.4, 0.4}, {1.6, 2.4}}},
               .cases = unary_cases,
               .conventions = {{"x = 0.5, 1.5, 2.5", "0, 2, 2: halves go to the even number"}}},
};

}  // namespace chainrule
