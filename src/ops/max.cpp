// max(x): the greatest element. Its gradient goes to the elements that reach it, in equal parts.
#include <limits>

#include "ops/shapes.h"

namespace chainrule {

const Op max_op{
    .name = "max",
    .summary = "the greatest element",
    .arity = Arity{1},
    .attributes = reduction_attributes(),
    .shape = reduction_shape,
    .reference =
        [](const ReferenceCall& call) {
            for_each_group(call, [](std::span<const double> group, double& result) {
                result = greatest(group);
            });
        },
    .gradient = {share_among_ties},
    .notation = [](const NotationCall& call) { return write_reduction(max_op, "\\max", call); },
    .lowering =
        Fold{.initial = -std::numeric_limits<double>::infinity(),
             .combine = [](Scalar a, Scalar b) { return select((b > a) | is_nan(b), b, a); }},
    .onnx = OnnxOperator{"ReduceMax"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = reduction_cases,
               .conventions = {{"k elements tie", "gradient 1/k to each of them"},
                               {"an element is NaN", "NaN, gradient NaN (as PyTorch's amax)"},
                               {"no elements", "-infinity"}}},
};

}  // namespace chainrule
