// log(x), the natural logarithm.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op log_op{
    .name = "log",
    .summary = "the natural logarithm",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::log(x[0]); },
    .gradient = {[](const GradientCall& g) { return g.dy / g.x[0]; }},
    .notation = CallNotation{"\\log({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::log(x[0]); },
    .onnx = OnnxOperator{"Log"},
    .sample = {.domains = {{{0.2, 4}}},
               .cases = unary_cases,
               .conventions = {{"x = 0", "-infinity, gradient infinity"},
                               {"x < 0", "NaN, gradient 1 / x (as PyTorch and JAX)"}}},
};

}  // namespace chainrule
