// mean(x): the sum of the elements divided by their number.
#include <cmath>
#include <numeric>

#include "ops/shapes.h"

namespace chainrule {
namespace {

void mean_of(std::span<const double> group, double& result) {
    const auto count = static_cast<double>(group.size());
    result = std::accumulate(group.begin(), group.end(), 0.0) / count;
    if (std::isinf(result)) {
        // The sum of large numbers may overflow where their mean does not.
        result = 0;
        for (const double value : group) {
            result += value / count;
        }
    }
}

// Each element is divided, so that no sum of large numbers overflows.
Expr expanded_mean(std::span<const Expr> x, const Attributes& attributes) {
    const auto axes = normal_axes(list_attribute(attributes, 0), x[0].type().rank());
    double count = 1;
    for (const std::int64_t axis : axes) {
        count *= static_cast<double>(x[0].type().shape[static_cast<std::size_t>(axis)]);
    }
    const Expr mean = call(sum_op, {x[0] / count}, attributes);
    return count == 0 ? mean / 0.0 : mean;
}

}  // namespace

const Op mean_op{
    .name = "mean",
    .summary = "the mean of the elements",
    .arity = Arity{1},
    .attributes = reduction_attributes(),
    .shape = reduction_shape,
    .reference = [](const ReferenceCall& call) { for_each_group(call, mean_of); },
    .gradient = {[](const GradientCall& g) { return spread_reduction(g, g.dy / group_size(g)); }},
    .notation =
        [](const NotationCall& call) {
            return write_reduction(mean_op, "\\operatorname{mean}", call);
        },
    .lowering = expanded_mean,
    .onnx = OnnxOperator{"ReduceMean"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = reduction_cases,
               .conventions = {{"no elements", "NaN"},
                               {"a sum beyond the largest number", "the mean all the same"}}},
};

}  // namespace chainrule
