// relu(x) = max(x, 0), the rectified linear unit.
#include "ops/rules.h"

namespace chainrule {

const Op relu_op{
    .name = "relu",
    .summary = "the rectified linear unit, max(x, 0)",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return x[0] <= 0 ? 0 : x[0]; },
    .gradient = {[](const GradientCall& g) {
        return where(g.x[0] <= literal(*g.dy.graph, 0), 0, g.dy);
    }},
    .notation = CallNotation{"\\operatorname{relu}({0})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return select(x[0] <= 0, 0, x[0]); },
    .onnx = OnnxOperator{"Relu"},
    .sample = {.domains = {{{-3, -0.1}, {0.1, 3}}},
               .cases = unary_cases,
               .conventions = {{"x = 0", "value 0, gradient 0"},
                               {"x = NaN", "value NaN, gradient 1 (as PyTorch)"}}},
};

}  // namespace chainrule
