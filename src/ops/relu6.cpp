// relu6(x) = min(max(x, 0), 6).
#include "ops/rules.h"

namespace chainrule {
namespace {

double relu6_reference(std::span<const double> x, const Attributes&) {
    return x[0] <= 0 ? 0 : x[0] >= 6 ? 6 : x[0];
}

}  // namespace

const Op relu6_op{
    .name = "relu6",
    .summary = "relu, capped at 6",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = relu6_reference,
    .gradient = {[](const GradientCall& g) {
        return where((g.x[0] > literal(*g.dy.graph, 0)) * (g.x[0] < literal(*g.dy.graph, 6)), g.dy,
                     0);
    }},
    .notation = CallNotation{"\\operatorname{relu6}({0})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return select(x[0] <= 0, 0, select(x[0] >= 6, 6, x[0])); },
    .onnx = NoOnnx{"ONNX has no such operator; it is composed of others (Clip)"},
    .sample = {.domains = {{{-3, -0.1}, {0.1, 5.9}, {6.1, 9}}},
               .cases = unary_cases,
               .conventions = {{"x = 0, 6", "0, 6, gradient 0"}}},
};

}  // namespace chainrule
