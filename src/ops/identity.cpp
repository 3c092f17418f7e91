// A second name for a value: `b = a`.
#include "ops/shapes.h"

namespace chainrule {

const Op identity_op{
    .name = "identity",
    .summary = "the value itself, under a name of its own",
    .arity = Arity{1},
    .attributes = {},
    .shape = [](const ShapeCall& call) { return call[0]; },
    .reference = [](const ReferenceCall& call) { call.result = call[0]; },
    .gradient = {[](const GradientCall& g) { return g.dy; }},
    .notation = ImplicitNotation{"{0}"},
    .lowering = StridedView{same_places},
    .onnx = OnnxOperator{"Identity"},
    .sample = {.domains = {{{-3, 3}}}, .cases = unary_cases, .conventions = {}},
};

}  // namespace chainrule
