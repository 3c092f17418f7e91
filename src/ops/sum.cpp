// sum(x): the sum over all axes, or over `axis`, which stays as 1 with `keepdims`.
//
// Elements are added in their order, so that a result never depends on who computes it.
#include <numeric>

#include "ops/shapes.h"

namespace chainrule {

const Op sum_op{
    .name = "sum",
    .summary = "the sum of the elements",
    .arity = Arity{1},
    .attributes = reduction_attributes(),
    .shape = reduction_shape,
    .reference =
        [](const ReferenceCall& call) {
            for_each_group(call, [](std::span<const double> group, double& result) {
                result = std::accumulate(group.begin(), group.end(), 0.0);
            });
        },
    .gradient = {[](const GradientCall& g) { return spread_reduction(g, g.dy); }},
    .notation = [](const NotationCall& call) { return write_reduction(sum_op, "\\sum", call); },
    .lowering = Fold{.initial = 0, .combine = [](Scalar a, Scalar b) { return a + b; }},
    .onnx = OnnxOperator{"ReduceSum"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = reduction_cases,
               .conventions = {{"no elements", "0"}}},
};

}  // namespace chainrule
