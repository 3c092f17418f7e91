#include "compile/product.h"

namespace chainrule {
namespace {

// Axis `from_end` of a layout, 0 being the last; an axis that it lacks or broadcasts has stride 0.
std::int64_t stride(const Layout& layout, std::size_t from_end) {
    const std::size_t rank = layout.shape.size();
    const bool absent = from_end >= rank || layout.shape[rank - 1 - from_end] == 1;
    return absent ? 0 : layout.strides[rank - 1 - from_end];
}

std::int64_t extent(const Layout& layout, std::size_t from_end) {
    return layout.shape[layout.shape.size() - 1 - from_end];
}

}  // namespace

ProductAxes product_axes(const Graph& graph, NodeId product, const Layout& a, const Layout& b) {
    const Shape& shape = graph.type(product).shape;
    const auto own = strides_of(shape);
    const bool flat_a = a.shape.size() == 1;
    const bool flat_b = b.shape.size() == 1;
    ProductAxes axes;
    if (flat_a && flat_b && shape.size() == 2) {  // vector @ row
        axes.row = {a.shape[0], a.strides[0], 0, own[0]};
        axes.column = {b.shape[0], 0, b.strides[0], own[1]};
        return axes;
    }
    axes.inner = {extent(a, 0), a.strides.back(), flat_b ? b.strides[0] : stride(b, 1), 0};
    std::size_t used = 0;
    if (!flat_b) {
        axes.column = {extent(b, 0), 0, b.strides.back(), own[own.size() - 1 - used++]};
    }
    if (!flat_a) {
        axes.row = {extent(a, 1), a.strides[a.strides.size() - 2], 0, own[own.size() - 1 - used++]};
    }
    for (std::size_t i = 0; i + used < shape.size(); ++i) {
        const std::size_t from_end = shape.size() - used - i;  // 1: the innermost of the stack
        axes.stack.push_back({shape[i], flat_a ? 0 : stride(a, from_end + 1),
                              flat_b ? 0 : stride(b, from_end + 1), own[i]});
    }
    return axes;
}

}  // namespace chainrule
