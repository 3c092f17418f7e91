// cosh(x) = (e^x + e^-x) / 2.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

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
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::cosh(x[0]); },
    .onnx = OnnxOperator{"Cosh"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = unary_cases,
               .conventions = {{"|x| above 710.47",
                                "infinity, gradient infinity with the sign of x"}}},
};

}  // namespace chainrule
