#include "compile/layout.h"

#include "ops/op_list.h"

namespace chainrule {
namespace {

struct Axis {
    std::int64_t extent;
    std::int64_t own;     // its stride in a row-major tensor
    std::int64_t stride;  // its stride in the base
};

// The axes of a layout, with those merged that lie one inside the other.
std::vector<Axis> merged_axes(const Layout& layout) {
    std::vector<Axis> axes;
    const auto own = strides_of(layout.shape);
    for (std::size_t i = 0; i < layout.shape.size(); ++i) {
        const Axis next{layout.shape[i], own[i], layout.strides[i]};
        if (next.extent == 1) {
            continue;
        }
        if (!axes.empty() && axes.back().stride == next.stride * next.extent) {
            axes.back() = {axes.back().extent * next.extent, next.own, next.stride};
        } else {
            axes.push_back(next);
        }
    }
    return axes;
}

// The place in the base of the step from 0 to `count - 1` by `stride` in the row-major operand, as
// a stride; nothing where the steps would run over the end of an axis. `at` is where in each axis
// the step begins; it is moved to where it ends.
std::optional<std::int64_t> stride_in_base(const std::vector<Axis>& axes, std::int64_t stride,
                                           std::int64_t count, std::vector<std::int64_t>& at) {
    if (count <= 1 || stride == 0) {
        return 0;
    }
    for (std::size_t i = 0; i < axes.size(); ++i) {
        if (stride % axes[i].own == 0 && stride < axes[i].own * axes[i].extent) {
            at[i] += stride / axes[i].own * (count - 1);
            return at[i] < axes[i].extent ? std::optional(stride / axes[i].own * axes[i].stride)
                                          : std::nullopt;
        }
    }
    return std::nullopt;
}

// The layout of a view of `operand`, whose places speak of a row-major operand.
std::optional<Layout> composed(const Layout& operand, const Places& places, const Shape& shape) {
    Layout result{operand.base, operand.offset, shape, {}};
    if (element_count(shape) == 0) {
        result.strides.assign(shape.size(), 0);  // there is nothing to step to
        return result;
    }
    const std::vector<Axis> axes = merged_axes(operand);
    std::vector<std::int64_t> at;
    std::int64_t rest = places.offset;
    for (const Axis& axis : axes) {
        at.push_back(rest / axis.own);
        rest %= axis.own;
        result.offset += at.back() * axis.stride;
    }
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const auto stride = stride_in_base(axes, places.strides[i], shape[i], at);
        if (!stride) {
            return std::nullopt;
        }
        result.strides.push_back(*stride);
    }
    return result;
}

}  // namespace

Layout row_major(NodeId base, const Shape& shape) { return {base, 0, shape, strides_of(shape)}; }

bool Layout::is_whole(const Graph& graph) const {
    const Shape& own = graph.type(base).shape;
    if (offset != 0 || element_count(own) != element_count(shape)) {
        return false;
    }
    const auto plain = strides_of(shape);
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] > 1 && strides[i] != plain[i]) {
            return false;
        }
    }
    return true;
}

const Layout& Layouts::of(NodeId id) {
    std::optional<Layout>& known = known_[id.index];
    if (known) {
        return *known;
    }
    const Node& node = graph_[id];
    Layout layout = row_major(id, node.type.shape);
    if (const auto* view = std::get_if<StridedView>(&node.op->lowering)) {
        const NodeId operand = node.operands[0];
        const std::vector<Type> types{graph_.type(operand)};
        const Places places = view->places({types, node.attributes, node.type, 0});
        layout = composed(of(operand), places, node.type.shape).value_or(layout);
    }
    known = std::move(layout);
    return *known;
}

}  // namespace chainrule
