// min(x, y), the smaller of two values, elementwise.
#include "ops/rules.h"

namespace chainrule {
namespace {

// A NaN on either side wins: it is neither larger nor smaller.
double minimum_reference(std::span<const double> x, const Attributes&) {
    return x[0] < x[1] ? x[0] : x[1] < x[0] ? x[1] : x[0] == x[1] ? x[0] : x[0] + x[1];
}

// The operand that wins takes all, both take half of a tie; with a NaN both take all (as PyTorch).
Expr minimum_share(const GradientCall& g, const Expr& mine, const Expr& other) {
    return where(mine > other, 0, where(equal(mine, other), g.dy / 2, g.dy));
}

}  // namespace

const Op minimum_op{
    .name = "minimum",
    .summary = "the smaller of two values",
    .arity = Arity{2},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = minimum_reference,
    .gradient = {[](const GradientCall& g) { return minimum_share(g, g.x[0], g.x[1]); },
                 [](const GradientCall& g) { return minimum_share(g, g.x[1], g.x[0]); }},
    .notation = CallNotation{"\\min({0}, {1})", "min"},
    .lowering =
        [](std::span<const Scalar> x, const Attributes&) {
            return select(x[0] < x[1], x[0],
                          select(x[1] < x[0], x[1], select(equal(x[0], x[1]), x[0], x[0] + x[1])));
        },
    .onnx = OnnxOperator{"Min"},
    .sample = {.domains = {{{-3, -2.1}, {-0.9, 0.9}, {2.1, 3}}, {{-2, -1}, {1, 2}}},
               .cases = binary_cases,
               .conventions = {{"x = y", "gradient 1/2 for each"},
                               {"x or y is NaN", "NaN, gradient 1 for each (as PyTorch)"}}},
};

}  // namespace chainrule
