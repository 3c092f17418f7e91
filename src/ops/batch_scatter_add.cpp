// The sum over the examples of a batch of scatter_add(x, indices): the gradient of a table that all
// examples share and each takes its own rows of. Each example adds to one result; none makes a
// table of its own.
#include "ops/batch.h"
#include "ops/scatter_add.h"

namespace chainrule {
namespace {

void batch_scatter_add_reference(const BatchCall& call) {
    for (std::size_t e = 0; e < call.batch_size; ++e) {
        const auto operands = pair_of_example(call, e);
        add_at_indices({operands, call.attributes, {}, call.result[0]});
    }
}

}  // namespace

const Op batch_scatter_add_op{
    .name = "batch_scatter_add",
    .summary = "the sum over the examples of a batch of scatter_add",
    .arity = Arity{2},
    .attributes = {{"size", std::int64_t{0}, true}, {"axis", std::int64_t{0}}},
    .shape = shape_of_sum<scatter_add_shape>,
    .reference = batch_scatter_add_reference,
    .gradient = {of_each_example<scatter_add_gradient>,
                 NotDifferentiable{"an index is a whole number: it has no derivative"}},
    .notation = CallNotation{"\\sum_{\\text{batch}} \\operatorname{scatter\\_add}({0}, {1})"},
    .lowering = IndexedPlacement{.axis = scatter_add_axis},
    .onnx = OnnxOperator{"ScatterND"},
    .sample = {.domains = {{{-3, 3}}, {{0, 0}, {1, 1}, {2, 2}}},
               .cases = [] { return with_examples(scatter_add_cases()); },
               .conventions = {{"an index outside of the axis", "a named error"}}},
};

}  // namespace chainrule
