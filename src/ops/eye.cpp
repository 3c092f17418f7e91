// eye(n), the unit matrix of n rows: 1 on the diagonal, elsewhere 0.
#include "ops/shapes.h"

namespace chainrule {
namespace {

Type eye_shape(const ShapeCall& call) {
    const std::int64_t rows = integer_attribute(call.attributes, 0);
    if (rows < 0) {
        throw ShapeError("eye of " + std::to_string(rows) + " rows");
    }
    return checked_size(call, "eye", f64({rows, rows}));
}

void eye_reference(const ReferenceCall& call) {
    const auto rows = static_cast<std::size_t>(call.result.shape[0]);
    for (std::size_t i = 0; i < rows; ++i) {
        call.result.data[i * rows + i] = 1;
    }
}

Written eye_notation(const NotationCall& call) {
    const std::string rows = std::to_string(integer_attribute(call.attributes, 0));
    return {call.script == Script::latex ? "I_{" + rows + "}" : "eye(" + rows + ")"};
}

}  // namespace

const Op eye_op{
    .name = "eye",
    .summary = "the unit matrix",
    .arity = Arity{0},
    .attributes = {{"rows", std::int64_t{0}, true}},
    .shape = eye_shape,
    .reference = eye_reference,
    .gradient = {},
    .notation = eye_notation,
    .lowering = GivenElements{},
    .onnx = OnnxOperator{"EyeLike"},
    .sample = {.domains = {},
               .cases =
                   [] {
                       return std::vector<SampleCase>{{{}, {std::int64_t{0}}},
                                                      {{}, {std::int64_t{1}}},
                                                      {{}, {std::int64_t{3}}},
                                                      {{}, {std::int64_t{20}}}};
                   },
               .conventions = {}},
};

}  // namespace chainrule
