// erf(x) = 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x.
#include <cmath>
#include <numbers>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op erf_op{
    .name = "erf",
    .summary = "the error function",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::erf(x[0]); },
    .gradient = {[](const GradientCall& g) {
        return g.dy * (2 / sqrt(literal(*g.dy.graph, std::numbers::pi))) * exp(-power(g.x[0], 2));
    }},
    .notation = CallNotation{"\\operatorname{erf}({0})"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return chainrule::erf(x[0]); },
    .onnx = OnnxOperator{"Erf"},
    .sample = {.domains = {{{-2.5, 2.5}}},
               .cases = unary_cases,
               .conventions = {{"|x| = 1000", "1 with the sign of x, gradient 0"}}},
};

}  // namespace chainrule
