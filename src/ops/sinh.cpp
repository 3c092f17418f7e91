// sinh(x) = (e^x - e^-x) / 2.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op sinh_op{
    .name = "sinh",
    .summary = "the hyperbolic sine",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::sinh(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy * cosh(g.x[0]); }},
    .notation = CallNotation{"\\sinh({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::sinh(x[0]); },
    .onnx = OnnxOperator{"Sinh"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = unary_cases,
               .conventions = {{"|x| above 710.47",
                                "infinity with the sign of x, gradient infinity"}}},
};

}  // namespace chainrule
