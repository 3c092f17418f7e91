// exp(x) = e^x.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op exp_op{
    .name = "exp",
    .summary = "the exponential function, e^x",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::exp(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy * g.y; }},
    .notation = CallNotation{"\\exp({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::exp(x[0]); },
    .onnx = OnnxOperator{"Exp"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = unary_cases,
               .conventions = {{"x = -infinity", "0, gradient 0"},
                               {"x above 709.78",
                                "infinity, gradient infinity: e^x is out of range"}}},
};

}  // namespace chainrule
