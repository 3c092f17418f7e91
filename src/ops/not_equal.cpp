// x != y, elementwise: 1 where it holds, elsewhere 0.
#include "ops/rules.h"

namespace chainrule {

const Op not_equal_op{
    .name = "not_equal",
    .summary = "1 where x != y, elsewhere 0",
    .arity = Arity{2},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x,
                    const Attributes&) { return x[0] != x[1] ? 1.0 : 0.0; },
    .gradient = {NotDifferentiable{"a comparison is 0 or 1: its derivative is 0 where it exists"}},
    .notation = InfixNotation{"!=", "\\ne", Precedence::comparison},
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return as_number(~equal(x[0], x[1]), x[0]); },
    .onnx = NoOnnx{"ONNX writes it as Equal, then Not"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = binary_cases,
               .conventions = {{"x or y is NaN", "as IEEE 754 says"}}},
};

}  // namespace chainrule
