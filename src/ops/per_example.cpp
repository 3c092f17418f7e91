// A shared value handed to every example of the batch: the transpose of batch_sum. What is per
// example already stays as it is.
#include <algorithm>

#include "ops/shapes.h"

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
        [](const BatchCall& call) {
            const std::span<const Tensor> x = call.operands[0];
            for (std::size_t e = 0; e < call.result.size(); ++e) {
                call.result[e] = x[std::min(e, x.size() - 1)];
            }
        },
    .gradient = {[](const GradientCall& g) {
        return g.x[0].type().per_example ? g.dy : call(batch_sum_op, {g.dy});
    }},
    .notation = ImplicitNotation{"{0}"},
    .lowering = StridedView{same_places},
    .onnx = NoOnnx{"an ONNX graph sees the batch as an axis, along which Expand repeats"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = [] { return std::vector<SampleCase>{{{f64()}, {}}, {{f64({3})}, {}}}; },
               .conventions = {}},
};

}  // namespace chainrule
