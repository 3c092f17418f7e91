// tanh(x), the hyperbolic tangent.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op tanh_op{
    .name = "tanh",
    .summary = "the hyperbolic tangent",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::tanh(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy * (1 - power(g.y, 2)); }},
    .notation = CallNotation{"\\tanh({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::tanh(x[0]); },
    .onnx = OnnxOperator{"Tanh"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = unary_cases,
               .conventions = {{"|x| = 1000", "1 with the sign of x, gradient 0"},
                               {"|x| above 19",
                                "gradient 0: the textbook form 1 - y^2 ends where y rounds to 1"}}},
};

}  // namespace chainrule
