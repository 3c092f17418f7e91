// A value that is given: an input, a target, a weight, a constant of the
// user's, or the symbol of a cotangent in a printed derivation.
#include "ops/rules.h"

namespace chainrule {

const Op leaf_op{
    .name = "leaf",
    .summary =
        "a given value: input, target, weight, constant or the symbol "
        "of a cotangent",
    .arity = Arity{0},
    .attributes = {{"role", std::string{}, true}, {"type", Type{}, true}},
    .shape = [](const ShapeCall& call) { return type_attribute(call.attributes, 1); },
    .reference = GivenValue{},
    .gradient = {},
    .notation =
        [](const NotationCall& call) { return Written{std::string(call.name), Precedence::atom}; },
    .lowering = GivenElements{},
    .onnx = NoOnnx{"an input or initialiser of the ONNX graph, not a node"},
    .sample = {.domains = {}, .cases = [] { return std::vector<SampleCase>{}; }, .conventions = {}},
};

}  // namespace chainrule
