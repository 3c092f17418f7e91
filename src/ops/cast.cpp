// A class label as a number: what an elementwise operation makes of a label
// among numbers.
#include "ops/rules.h"

namespace chainrule {

const Op cast_op{
    .name = "cast",
    .summary = "a class label as a number",
    .arity = Arity{1},
    .attributes = {},
    .shape =
        [](const ShapeCall& call) {
            Type result = call[0];
            result.dtype = result.is_index() ? DType::f64 : result.dtype;
            result.classes = 0;
            return result;
        },
    .reference = [](std::span<const double> x, const Attributes&) { return x[0]; },
    .gradient = {NotDifferentiable{"a class label is a whole number: it has no derivative"}},
    .notation = ImplicitNotation{"{0}"},
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return x[0]; },
    .onnx = OnnxOperator{"Cast"},
    .sample = {.domains = {{{0, 2}}},
               .cases =
                   [] {
                       return std::vector<SampleCase>{{{index_type({}, 3)}, {}},
                                                      {{index_type({4}, 3)}, {}}};
                   },
               .conventions = {}},
};

}  // namespace chainrule
