// The sum of a per-example value over the examples of a batch: how it leaves the per-example world.
//
// The examples are added in their order, so that a result never depends on who computes it.
#include "ops/rules.h"

namespace chainrule {
namespace {

void batch_sum_reference(const BatchCall& call) {
    for (const Tensor& example : call.operands[0]) {
        for (std::size_t i = 0; i < example.data.size(); ++i) {
            call.result[0].data[i] += example.data[i];
        }
    }
}

}  // namespace

const Op batch_sum_op{
    .name = "batch_sum",
    .summary = "the sum over the examples of a batch",
    .arity = Arity{1},
    .attributes = {},
    .shape = batch_reduction_shape,
    .reference = batch_sum_reference,
    .gradient = {[](const GradientCall& g) { return call(per_example_op, {g.dy}); }},
    .notation = CallNotation{"\\sum_{\\text{batch}} {0}"},
    .lowering = BatchFold{},
    .onnx = OnnxOperator{"ReduceSum"},
    .sample = {.domains = {{{-3, 3}}}, .cases = per_example_cases, .conventions = {}},
};

}  // namespace chainrule
