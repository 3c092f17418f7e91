// normal_pdf(x) = exp(-x^2 / 2) / sqrt(2 pi), the density of the standard normal distribution.
#include <cmath>
#include <numbers>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {

const Op normal_pdf_op{
    .name = "normal_pdf",
    .summary = "the density of the standard normal distribution",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference =
        [](std::span<const double> x, const Attributes&) {
            return std::exp(-x[0] * x[0] / 2) / std::sqrt(2 * std::numbers::pi);
        },
    .gradient = {[](const GradientCall& g) { return -(g.dy * g.x[0] * g.y); }},
    .notation = CallNotation{"\\varphi({0})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return chainrule::normal_pdf(x[0]); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Mul, Exp)"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = unary_cases,
               .conventions = {{"|x| = 1000", "0, gradient 0"}}},
};

}  // namespace chainrule
