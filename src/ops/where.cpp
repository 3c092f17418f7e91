// where(c, x, y): x where the condition c holds, elsewhere y.
//
// The reverse pass keeps what `where` has masked masked (derive/derive.cpp):
// the gradient of where(x > 0, log(x), 0) at 0 is 0, not NaN.
#include "ops/rules.h"

namespace chainrule {

const Op where_op{
    .name = "where",
    .summary = "x where the condition is not 0, elsewhere y",
    .arity = Arity{3},
    .attributes = {},
    .shape = where_shape,
    .reference = [](std::span<const double> x,
                    const Attributes&) { return x[0] != 0 ? x[1] : x[2]; },
    .gradient = {NotDifferentiable{"a condition is 0 or 1: it has no derivative"},
                 [](const GradientCall& g) { return where(g.x[0], g.dy, 0); },
                 [](const GradientCall& g) { return where(g.x[0], 0, g.dy); }},
    .notation = CallNotation{"\\operatorname{where}({0}, {1}, {2})"},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return select(equal(x[0], 0), x[2], x[1]); },
    .onnx = OnnxOperator{"Where"},
    .sample = {.domains = {{{0, 0}, {1, 1}}, {{-3, 3}}},
               .cases = ternary_cases,
               .conventions = {{"the branch not taken", "gradient 0, whatever its value"}}},
};

}  // namespace chainrule
