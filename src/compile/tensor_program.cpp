#include "compile/tensor_program.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "compile/balance_products.h"
#include "compile/fold_steps.h"
#include "compile/layout.h"
#include "compile/passes.h"
#include "compile/product.h"
#include "compile/scale_early.h"
#include "ops/rules.h"

namespace chainrule {
namespace {

// The most elements of one value, and of all values together: a few times the registers there are.
constexpr std::int64_t most_elements = 512;
constexpr std::int64_t most_in_all = 8192;

using Kind = TensorStep::Kind;
using Indices = std::vector<std::int32_t>;

// The product is summed along a tree where its result is short, step by step where it is long.
constexpr std::int64_t short_result = 16;

class Builder {
public:
    Builder(const Settled& settled, const CompileOptions& options)
        : graph_(settled.graph), layouts_(settled.graph), options_(options) {
        program_.real = options.real;
        program_.batch = options.batch;
        for (const StateUpdate& update : settled.options.updates) {
            updates_.push_back(update);
        }
    }

    std::optional<TensorProgram> run() {
        std::vector<NodeId> roots;
        for (const StateUpdate& update : updates_) {
            roots.push_back(update.value);
        }
        const std::vector<NodeId> nodes = reachable(graph_, roots);
        if (!is_small(nodes)) {
            return std::nullopt;
        }
        for (const NodeId id : nodes) {
            if (!graph_[id].op->is_view() || layouts_.of(id).base == id) {
                known_.emplace(id, node(id));
            }
        }
        for (const StateUpdate& update : updates_) {
            if (!known_.contains(update.leaf)) {
                known_.emplace(update.leaf, leaf(update.leaf));
            }
            const std::uint32_t place = program_.steps[known_.at(update.leaf)].leaf;
            program_.updates.push_back({place, known_.at(update.value)});
        }
        return fold_steps(scale_early(balance_products(fold_steps(program_))));
    }

private:
    std::int64_t copies(NodeId id) const {
        return graph_.type(id).per_example ? options_.batch : 1;
    }
    std::int64_t elements(NodeId id) const {
        return element_count(graph_.type(id).shape) * copies(id);
    }

    bool is_small(const std::vector<NodeId>& nodes) {
        std::int64_t all = 0;
        for (const NodeId id : nodes) {
            const Lowering& lowering = graph_[id].op->lowering;
            const bool fixed_size = element_count(graph_.type(id).shape) > 0;
            if (std::holds_alternative<Routine>(lowering) || graph_[id].op->is_indexed() ||
                !fixed_size || elements(id) > most_elements) {
                return false;
            }
            all += elements(id);
            if (std::holds_alternative<MatrixProduct>(lowering)) {
                const Layout& a = layouts_.of(graph_[id].operands[0]);
                const Layout& b = layouts_.of(graph_[id].operands[1]);
                all += elements(id) * product_axes(graph_, id, a, b).inner.extent;
            }
        }
        return all <= most_in_all;
    }

    // --- steps ---

    std::uint32_t add(TensorStep step) {
        program_.steps.push_back(std::move(step));
        return static_cast<std::uint32_t>(program_.steps.size() - 1);
    }

    std::uint32_t constant(std::vector<double> numbers) {
        const auto size = static_cast<std::uint32_t>(numbers.size());
        return add({.kind = Kind::constant, .size = size, .numbers = std::move(numbers)});
    }

    std::uint32_t shuffle(std::vector<std::uint32_t> operands, Indices indices) {
        const auto size = static_cast<std::uint32_t>(indices.size());
        Indices same(indices.size());
        std::iota(same.begin(), same.end(), 0);
        if (operands.size() == 1 && program_.steps[operands[0]].size == size && indices == same) {
            return operands[0];
        }
        return add({.kind = Kind::shuffle,
                    .size = size,
                    .operands = std::move(operands),
                    .indices = std::move(indices)});
    }

    template <class Body>
    std::uint32_t map(std::vector<std::uint32_t> operands, const Body& body) {
        TensorStep step{.kind = Kind::map, .size = program_.steps[operands[0]].size};
        std::vector<Scalar> inputs;
        for (std::uint32_t i = 0; i < operands.size(); ++i) {
            inputs.push_back(step.program.input(i, options_.real));
        }
        step.program.outputs = {body(std::span<const Scalar>(inputs)).id};
        step.operands = std::move(operands);
        return add(std::move(step));
    }

    std::uint32_t fold(std::uint32_t operand, const Fold& how, std::int64_t count) {
        if (count == 1) {
            return operand;
        }
        TensorStep step{.kind = Kind::fold,
                        .size = static_cast<std::uint32_t>(program_.steps[operand].size / count),
                        .operands = {operand},
                        .count = static_cast<std::uint32_t>(count),
                        .initial = how.initial};
        step.program.outputs = {
            how.combine(step.program.input(0, options_.real), step.program.input(1, options_.real))
                .id};
        return add(std::move(step));
    }

    // --- nodes ---

    std::uint32_t node(NodeId id) {
        const Node& node = graph_[id];
        const Lowering& lowering = node.op->lowering;
        if (graph_.is_op(id, leaf_op)) {
            return leaf(id);
        }
        if (graph_.is_op(id, constant_op)) {
            return constant(tensor_attribute(node.attributes, 0).data);
        }
        if (std::holds_alternative<BatchCount>(lowering)) {
            return constant({static_cast<double>(options_.batch)});
        }
        if (const auto* body = std::get_if<ScalarBody>(&lowering)) {
            return elementwise(id, *body);
        }
        if (const auto* how = std::get_if<Fold>(&lowering)) {
            return folded(id, *how);
        }
        if (std::holds_alternative<BatchFold>(lowering)) {
            const std::uint32_t operand = value(node.operands[0], options_.batch);
            return fold(operand, std::get<Fold>(sum_op.lowering), options_.batch);
        }
        if (std::holds_alternative<MatrixProduct>(lowering)) {
            return product(id);
        }
        if (const auto* places = std::get_if<StridedPlacement>(&lowering)) {
            return placed(id, *places);
        }
        return stored_view(id);
    }

    std::uint32_t leaf(NodeId id) {
        const Type& type = graph_.type(id);
        const auto known = options_.formats.find(graph_.name(id));
        const ElementFormat own =
            options_.real == ScalarKind::f32 ? ElementFormat::f32 : ElementFormat::f64;
        const bool told = type.per_example && known != options_.formats.end();
        program_.leaves.push_back({graph_.name(id), text_attribute(graph_[id].attributes, 0),
                                   type.shape, type.per_example, told ? known->second : own});
        return add({.kind = Kind::leaf,
                    .size = static_cast<std::uint32_t>(elements(id)),
                    .leaf = static_cast<std::uint32_t>(program_.leaves.size() - 1)});
    }

    // The elements of a layout for `copies` examples, as a vector.
    std::uint32_t value(NodeId id, std::int64_t copies) {
        const Layout& layout = layouts_.of(id);
        return shuffle({known_.at(layout.base)}, indices(layout, copies));
    }

    Indices indices(const Layout& layout, std::int64_t copies) const {
        const std::int64_t block = graph_.type(layout.base).per_example
                                       ? element_count(graph_.type(layout.base).shape)
                                       : 0;
        Indices result;
        for (std::int64_t e = 0; e < copies; ++e) {
            for (const std::int64_t place : places(layout.shape, layout.strides)) {
                result.push_back(static_cast<std::int32_t>(e * block + layout.offset + place));
            }
        }
        return result;
    }

    // sum(index * strides) for every index of a shape.
    static std::vector<std::int64_t> places(const Shape& shape,
                                            const std::vector<std::int64_t>& strides) {
        std::vector<std::int64_t> result{0};
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            std::vector<std::int64_t> next;
            for (const std::int64_t place : result) {
                for (std::int64_t i = 0; i < shape[axis]; ++i) {
                    next.push_back(place + i * strides[axis]);
                }
            }
            result = std::move(next);
        }
        return result;
    }

    std::uint32_t elementwise(NodeId id, ScalarBody body) {
        const Node& node = graph_[id];
        std::vector<std::uint32_t> operands;
        for (const NodeId operand : node.operands) {
            operands.push_back(value(operand, copies(id)));
        }
        return map(std::move(operands),
                   [&](std::span<const Scalar> x) { return body(x, node.attributes); });
    }

    // The folded axes first, so that their vectors lie one behind the other.
    std::uint32_t folded(NodeId id, const Fold& how) {
        const Node& node = graph_[id];
        const Layout& layout = layouts_.of(node.operands[0]);
        const auto axes = normal_axes(list_attribute(node.attributes, 0), layout.shape.size());
        Layout order{layout.base, layout.offset, {}, {}};
        Shape kept_shape;
        std::vector<std::int64_t> kept_strides;
        std::int64_t count = 1;
        for (std::size_t axis = 0; axis < layout.shape.size(); ++axis) {
            const bool gone = std::ranges::binary_search(axes, static_cast<std::int64_t>(axis));
            (gone ? order.shape : kept_shape).push_back(layout.shape[axis]);
            (gone ? order.strides : kept_strides).push_back(layout.strides[axis]);
            count *= gone ? layout.shape[axis] : 1;
        }
        const std::int64_t block = graph_.type(layout.base).per_example
                                       ? element_count(graph_.type(layout.base).shape)
                                       : 0;
        order.shape.push_back(copies(id));
        order.strides.push_back(block);
        order.shape.insert(order.shape.end(), kept_shape.begin(), kept_shape.end());
        order.strides.insert(order.strides.end(), kept_strides.begin(), kept_strides.end());
        Indices picked;
        for (const std::int64_t place : places(order.shape, order.strides)) {
            picked.push_back(static_cast<std::int32_t>(layout.offset + place));
        }
        return fold(shuffle({known_.at(layout.base)}, std::move(picked)), how, count);
    }

    std::uint32_t product(NodeId id) {
        const Node& node = graph_[id];
        const Layout& a = layouts_.of(node.operands[0]);
        const Layout& b = layouts_.of(node.operands[1]);
        const ProductAxes axes = product_axes(graph_, id, a, b);
        const auto block = [&](const Layout& layout) {
            const Type& type = graph_.type(layout.base);
            return type.per_example ? element_count(type.shape) : 0;
        };
        const ProductAxis batch{options_.batch, block(a), block(b), 0};
        const bool summed = node.op == &batch_matmul_op;
        std::vector<ProductAxis> kept = axes.stack;
        if (node.type.per_example) {
            kept.insert(kept.begin(), batch);
        }
        kept.push_back(axes.row);
        kept.push_back(axes.column);
        std::vector<ProductAxis> inner{axes.inner};
        if (summed) {
            inner.insert(inner.begin(), batch);
        }
        return sum_of_products(a, b, inner, kept);
    }

    std::uint32_t sum_of_products(const Layout& a, const Layout& b,
                                  const std::vector<ProductAxis>& inner,
                                  const std::vector<ProductAxis>& kept) {
        const auto picked = [](const std::vector<ProductAxis>& axes, std::int64_t offset,
                               std::int64_t ProductAxis::* stride) {
            Shape shape;
            std::vector<std::int64_t> strides;
            for (const ProductAxis& axis : axes) {
                shape.push_back(axis.extent);
                strides.push_back(axis.*stride);
            }
            Indices result;
            for (const std::int64_t place : places(shape, strides)) {
                result.push_back(static_cast<std::int32_t>(offset + place));
            }
            return result;
        };
        const Fold& sum = std::get<Fold>(sum_op.lowering);
        std::int64_t terms = 1;
        std::int64_t results = 1;
        for (const ProductAxis& axis : inner) {
            terms *= axis.extent;
        }
        for (const ProductAxis& axis : kept) {
            results *= axis.extent;
        }
        if (results <= short_result && terms > 2) {
            std::vector<ProductAxis> all = inner;
            all.insert(all.end(), kept.begin(), kept.end());
            const std::uint32_t x =
                shuffle({known_.at(a.base)}, picked(all, a.offset, &ProductAxis::a));
            const std::uint32_t y =
                shuffle({known_.at(b.base)}, picked(all, b.offset, &ProductAxis::b));
            const std::uint32_t xy =
                map({x, y}, [](std::span<const Scalar> v) { return v[0] * v[1]; });
            return fold(xy, sum, terms);
        }
        const Indices at_a = picked(inner, a.offset, &ProductAxis::a);
        const Indices at_b = picked(inner, b.offset, &ProductAxis::b);
        std::uint32_t total = 0;
        for (std::size_t k = 0; k < at_a.size(); ++k) {
            const std::uint32_t x =
                shuffle({known_.at(a.base)}, picked(kept, at_a[k], &ProductAxis::a));
            const std::uint32_t y =
                shuffle({known_.at(b.base)}, picked(kept, at_b[k], &ProductAxis::b));
            total = k == 0 ? map({x, y}, [](std::span<const Scalar> v) { return v[0] * v[1]; })
                           : map({x, y, total},
                                 [](std::span<const Scalar> v) { return fma(v[0], v[1], v[2]); });
        }
        return total;
    }

    // What no operand fills is 0: the last element of the operands laid one behind the other.
    std::uint32_t placed(NodeId id, const StridedPlacement& placement) {
        const Node& node = graph_[id];
        std::vector<Type> types;
        std::vector<std::uint32_t> operands;
        std::vector<std::int64_t> first;  // of each operand, among all
        std::int64_t count = 0;
        for (const NodeId operand : node.operands) {
            types.push_back(graph_.type(operand));
            operands.push_back(value(operand, copies(id)));
            first.push_back(count);
            count += element_count(types.back().shape) * copies(id);
        }
        operands.push_back(constant({0}));
        const std::int64_t size = element_count(node.type.shape);
        Indices picked(static_cast<std::size_t>(elements(id)), static_cast<std::int32_t>(count));
        for (std::size_t i = 0; i < types.size(); ++i) {
            const Places to = placement.places({types, node.attributes, node.type, i});
            const std::int64_t own = element_count(types[i].shape);
            for (std::int64_t e = 0; e < copies(id); ++e) {
                std::int64_t from = first[i] + e * own;
                for (const std::int64_t place : places(types[i].shape, to.strides)) {
                    picked[static_cast<std::size_t>(e * size + to.offset + place)] =
                        static_cast<std::int32_t>(from++);
                }
            }
        }
        return shuffle(std::move(operands), std::move(picked));
    }

    std::uint32_t stored_view(NodeId id) {
        const Node& node = graph_[id];
        const std::vector<Type> types{graph_.type(node.operands[0])};
        const Places at =
            std::get<StridedView>(node.op->lowering).places({types, node.attributes, node.type, 0});
        const Layout layout{node.operands[0], at.offset, node.type.shape, at.strides};
        const std::uint32_t operand = value(node.operands[0], copies(id));
        Indices picked;
        for (std::int64_t e = 0; e < copies(id); ++e) {
            for (const std::int64_t place : places(layout.shape, layout.strides)) {
                picked.push_back(static_cast<std::int32_t>(e * element_count(types[0].shape) +
                                                           layout.offset + place));
            }
        }
        return shuffle({operand}, std::move(picked));
    }

    const Graph& graph_;
    Layouts layouts_;
    const CompileOptions& options_;
    std::vector<StateUpdate> updates_;
    TensorProgram program_;
    std::map<NodeId, std::uint32_t> known_;
};

}  // namespace

std::optional<TensorProgram> make_tensor_program(const Graph& graph, const CompileOptions& options,
                                                 const PipelineOptions& pipeline) {
    return Builder(run_speed_passes(graph, options, pipeline), options).run();
}

}  // namespace chainrule
