// min(x): the least element. Its gradient goes to the elements that reach it, in equal parts.
#include <algorithm>
#include <functional>
#include <limits>

#include "ops/shapes.h"

namespace chainrule {
namespace {

void least_of(std::span<const double> group, double& result) {
    std::vector<double> negated(group.size());
    std::ranges::transform(group, negated.begin(), std::negate{});
    result = -greatest(negated);
}

}  // namespace

const Op min_op{
    .name = "min",
    .summary = "the least element",
    .arity = Arity{1},
    .attributes = reduction_attributes(),
    .shape = reduction_shape,
    .reference = [](const ReferenceCall& call) { for_each_group(call, least_of); },
    .gradient = {share_among_ties},
    .notation = [](const NotationCall& call) { return write_reduction(min_op, "\\min", call); },
    .lowering =
        Fold{.initial = std::numeric_limits<double>::infinity(),
             .combine = [](Scalar a, Scalar b) { return select((b < a) | is_nan(b), b, a); }},
    .onnx = OnnxOperator{"ReduceMin"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = reduction_cases,
               .conventions = {{"k elements tie", "gradient 1/k to each of them"},
                               {"an element is NaN", "NaN, gradient NaN (as PyTorch's amin)"},
                               {"no elements", "infinity"}}},
};

}  // namespace chainrule
