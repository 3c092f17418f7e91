// floor(x), the largest whole number that is not above x.
#include <cmath>

#include "ops/rules.h"

namespace chainrule {

const Op floor_op{
    .name = "floor",
    .summary = "the largest whole number not above x",
    .arity = Arity{1},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::floor(x[0]); },
    .gradient = {NotDifferentiable{
        "floor is constant between whole numbers: its derivative is 0 where it exists"}},
    .notation = CallNotation{"\\lfloor {0} \\rfloor"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return floor(x[0]); },
    .onnx = OnnxOperator{"Floor"},
    .sample = {.domains = {{{-1.9, -1.1}, {0.1, 0.9}, {2.1, 2.9}}},
               .cases = unary_cases,
               .conventions = {{"x is whole", "x"}}},
};

}  // namespace chainrule
