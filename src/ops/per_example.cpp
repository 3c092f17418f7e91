// A shared value handed to every example of the batch: the transpose of batch_sum.
#include <algorithm>

#include "ops/rules.h"

namespace chainrule {

const Op per_example_op{
    .name = "per_example",
    .summary = "a shared value, for each example of the batch",
    .arity = Arity{1},
    .attributes = {},
    .shape =
        [](const ShapeCall& call) {
            Type result = call[0];
            result.per_example = true;
            return result;
        },
    .reference =
        [](const BatchCall& call) { std::ranges::fill(call.result, call.operands[0].front()); },
    .gradient = {[](const GradientCall& g) {
        return g.x[0].type().per_example ? g.dy : call(batch_sum_op, {g.dy});
    }},
    .notation = ImplicitNotation{"{0}"},
    .lowering = Lowering::batch,
    .onnx = NoOnnx{"an ONNX graph sees the batch as an axis, along which Expand repeats"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = [] { return std::vector<SampleCase>{{{f64()}, {}}, {{f64({3})}, {}}}; },
               .conventions = {}},
};

}  // namespace chainrule
