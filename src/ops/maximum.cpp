// max(x, y), the larger of two values, elementwise.
#include "ops/rules.h"

namespace chainrule {
namespace {

// A NaN on either side wins: it is neither larger nor smaller.
double maximum_reference(std::span<const double> x, const Attributes&) {
    return x[0] > x[1] ? x[0] : x[1] > x[0] ? x[1] : x[0] == x[1] ? x[0] : x[0] + x[1];
}

// The operand that wins takes all, both take half of a tie; with a NaN both take all (as PyTorch).
Expr maximum_share(const GradientCall& g, const Expr& mine, const Expr& other) {
    return where(mine < other, 0, where(equal(mine, other), g.dy / 2, g.dy));
}

}  // namespace

const Op maximum_op{
    .name = "maximum",
    .summary = "the larger of two values",
    .arity = Arity{2},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = maximum_reference,
    .gradient = {[](const GradientCall& g) { return maximum_share(g, g.x[0], g.x[1]); },
                 [](const GradientCall& g) { return maximum_share(g, g.x[1], g.x[0]); }},
    .notation = CallNotation{"\\max({0}, {1})", "max"},
    .lowering =
        [](std::span<const Scalar> x, const Attributes&) {
            return select(x[0] > x[1], x[0],
                          select(x[1] > x[0], x[1], select(equal(x[0], x[1]), x[0], x[0] + x[1])));
        },
    .onnx = OnnxOperator{"Max"},
    .sample = {.domains = {{{-3, -2.1}, {-0.9, 0.9}, {2.1, 3}}, {{-2, -1}, {1, 2}}},
               .cases = binary_cases,
               .conventions = {{"x = y", "gradient 1/2 for each"},
                               {"x or y is NaN", "NaN, gradient 1 for each (as PyTorch)"}}},
};

}  // namespace chainrule
