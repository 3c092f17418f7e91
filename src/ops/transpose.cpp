// x', the transpose: a vector becomes a row, a row a vector, a matrix is mirrored, of a stack of
// matrices each one. A scalar is its own transpose.
#include "ops/shapes.h"

namespace chainrule {
namespace {

Type transpose_shape(const ShapeCall& call) {
    Type result = call[0];
    if (result.rank() == 1) {
        result.row = !result.row;
    } else if (result.rank() > 1) {
        std::swap(result.shape[result.rank() - 1], result.shape[result.rank() - 2]);
    }
    return result;
}

void transpose_reference(const ReferenceCall& call) {
    const Tensor& x = call[0];
    if (x.shape.size() < 2) {
        call.result.data = x.data;
        return;
    }
    const auto rows = static_cast<std::size_t>(x.shape[x.shape.size() - 2]);
    const auto columns = static_cast<std::size_t>(x.shape.back());
    for (std::size_t i = 0; i < x.data.size(); ++i) {
        const std::size_t matrix = i / (rows * columns) * (rows * columns);
        const std::size_t row = i / columns % rows;
        call.result.data[matrix + i % columns * rows + row] = x.data[i];
    }
}

Written transpose_notation(const NotationCall& call) {
    std::string operand = call.operand(0, Precedence::atom);
    if (call.script == Script::text) {
        return {operand + "'"};
    }
    // TeX takes no second superscript on one symbol.
    const bool superscript = operand.find('^') != std::string::npos;
    return {(superscript ? "{" + operand + "}" : operand) + "^\\top", Precedence::power};
}

Places transpose_places(const PlacesCall& call) {
    Places places{.offset = 0, .strides = strides_of(call.operands[0].shape)};
    const std::size_t rank = places.strides.size();
    if (rank > 1) {
        std::swap(places.strides[rank - 1], places.strides[rank - 2]);
    }
    return places;
}

}  // namespace

const Op transpose_op{
    .name = "transpose",
    .summary = "the transpose; of a vector a row",
    .arity = Arity{1},
    .attributes = {},
    .shape = transpose_shape,
    .reference = transpose_reference,
    .gradient = {[](const GradientCall& g) { return transpose(g.dy); }},
    .notation = transpose_notation,
    .lowering = StridedView{transpose_places},
    .onnx = OnnxOperator{"Transpose"},
    .sample = {.domains = {{{-3, 3}}}, .cases = unary_cases, .conventions = {}},
};

}  // namespace chainrule
