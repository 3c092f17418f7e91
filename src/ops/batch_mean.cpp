// The mean of a per-example value over the examples of a batch: how it leaves the per-example
// world.
//
// The examples are added in their order, so that a result never depends on who computes it.
#include "ops/rules.h"

namespace chainrule {
namespace {

void batch_mean_reference(const BatchCall& call) {
    for (const Tensor& example : call.operands[0]) {
        for (std::size_t i = 0; i < example.data.size(); ++i) {
            call.result[0].data[i] += example.data[i];
        }
    }
    for (double& value : call.result[0].data) {
        value /= static_cast<double>(call.batch_size);
    }
}

Expr expanded_batch_mean(std::span<const Expr> x, const Attributes&) {
    return call(batch_sum_op, {x[0]}) / call(batch_size_op, {x[0]});
}

}  // namespace

const Op batch_mean_op{
    .name = "batch_mean",
    .summary = "the mean over the examples of a batch",
    .arity = Arity{1},
    .attributes = {},
    .shape = batch_reduction_shape,
    .reference = batch_mean_reference,
    .gradient = {[](const GradientCall& g) {
        return call(per_example_op, {g.dy / call(batch_size_op, {g.x[0]})});
    }},
    .notation = CallNotation{"\\operatorname{mean}_{\\text{batch}} {0}"},
    .lowering = expanded_batch_mean,
    .onnx = OnnxOperator{"ReduceMean"},
    .sample = {.domains = {{{-3, 3}}}, .cases = per_example_cases, .conventions = {}},
};

}  // namespace chainrule
