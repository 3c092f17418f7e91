// cosh(x) = (e^x + e^-x) / 2.
#include <cmath>

#include "ops/rules.h"

namespace chainrule {

const Op cosh_op{
    .name = "cosh",
    .summary = "the hyperbolic cosine",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::cosh(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy * sinh(g.x[0]); }},
    .notation = CallNotation{"\\cosh({0})"},
    .lowering = ByReference{"to be written"},
    .onnx = OnnxOperator{"Cosh"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = unary_cases,
               .conventions = {{"|x| above 710.47",
                                "infinity, gradient infinity with the sign of x"}}},
};

}  // namespace chainrule
