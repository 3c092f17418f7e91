// The number of examples in the batch of a per-example value.
#include "ops/rules.h"

namespace chainrule {

const Op batch_size_op{
    .name = "batch_size",
    .summary = "the number of examples in the batch",
    .arity = Arity{1},
    .attributes = {},
    .shape = [](const ShapeCall&) { return f64(); },
    .reference =
        [](const BatchCall& call) {
            call.result[0].data[0] = static_cast<double>(call.batch_size);
        },
    .gradient = {NotDifferentiable{"a count does not depend on the values counted"}},
    .notation = CallNotation{"|\\text{batch}|"},
    .lowering = BatchCount{},
    .onnx = OnnxOperator{"Shape"},
    .sample = {.domains = {{{-3, 3}}}, .cases = per_example_cases, .conventions = {}},
};

}  // namespace chainrule
