// prod(x): the product of the elements.
#include <functional>
#include <numeric>

#include "ops/shapes.h"

namespace chainrule {
namespace {

// The product of the others is y / x_i. Where x_i is 0 that says nothing: there the product of the
// elements that are not 0 counts, if no other element is 0.
Expr prod_gradient(const GradientCall& g) {
    const Expr x = g.x[0];
    const auto axes = normal_axes(list_attribute(g.attributes, 0), x.type().rank());
    const Expr dy = keep_reduced_axes(g, g.dy);
    const Expr is_zero = equal(x, literal(*x.graph, 0));
    const Expr others = reduce_along(prod_op, where(is_zero, 1, x), axes);
    const Expr only_zero = equal(sum_along(is_zero, axes), literal(*x.graph, 1));
    // Named, for compilers differ in the order in which they evaluate arguments, and so build
    // nodes.
    const Expr at_zero = dy * others * only_zero;
    const Expr elsewhere = dy * keep_reduced_axes(g, g.y) / x;
    return where(is_zero, at_zero, elsewhere);
}

}  // namespace

const Op prod_op{
    .name = "prod",
    .summary = "the product of the elements",
    .arity = Arity{1},
    .attributes = reduction_attributes(),
    .shape = reduction_shape,
    .reference =
        [](const ReferenceCall& call) {
            for_each_group(call, [](std::span<const double> group, double& result) {
                result = std::accumulate(group.begin(), group.end(), 1.0, std::multiplies{});
            });
        },
    .gradient = {prod_gradient},
    .notation = [](const NotationCall& call) { return write_reduction(prod_op, "\\prod", call); },
    .lowering = Fold{.initial = 1, .combine = [](Scalar a, Scalar b) { return a * b; }},
    .onnx = OnnxOperator{"ReduceProd"},
    .sample = {.domains = {{{-1.5, -0.5}, {0.5, 1.5}}},
               .cases = reduction_cases,
               .conventions = {{"no elements", "1"},
                               {"one element is 0", "its gradient is the product of the others"},
                               {"two elements are 0",
                                "gradient 0; second derivatives are taken as 0"}}},
};

}  // namespace chainrule
