#include "compile/nest.h"

#include <algorithm>
#include <map>

#include "compile/picking.h"
#include "compile/product.h"
#include "compile/tidy_nest.h"
#include "lang/diagnostic.h"
#include "ops/build.h"
#include "ops/rules.h"

namespace chainrule {
namespace {

ScalarProgram combining(const Fold& fold, ScalarKind real) {
    ScalarProgram program;
    program.outputs = {fold.combine(program.input(0, real), program.input(1, real)).id};
    return program;
}

FoldPlan plan_of(const Fold& fold, ScalarKind real) {
    return {.initial = fold.initial, .combine = combining(fold, real)};
}

FoldPlan plan_of_sum(ScalarKind real) { return plan_of(std::get<Fold>(sum_op.lowering), real); }

// The strides of a result whose axes are the kept ones of `reduced`.
std::vector<std::int64_t> spread(const std::vector<std::int64_t>& kept,
                                 const std::vector<bool>& reduced) {
    std::vector<std::int64_t> strides;
    std::size_t next = 0;
    for (const bool folded : reduced) {
        strides.push_back(folded ? 0 : kept[next++]);
    }
    return strides;
}

class NestMaker {
public:
    NestMaker(const NestContext& context, const NestDraft& draft,
              const std::function<bool(NodeId)>& is_stored, Kernel& kernel)
        : c_(context),
          draft_(draft),
          is_stored_(is_stored),
          kernel_(kernel),
          has_row_axis_(!context.domain.batch && context.domain.rows > 1) {}

    void run() {
        const NodeId first = draft_.items[0].node;
        const Lowering& lowering = c_.graph[first].op->lowering;
        if (const auto* strided = std::get_if<StridedPlacement>(&lowering)) {
            placement(first, *strided);
            return;
        }
        if (std::holds_alternative<IndexedPlacement>(lowering)) {
            indexed_placement(first);
        } else if (std::holds_alternative<MatrixProduct>(lowering)) {
            product(first);
        } else if (!draft_.is_shared) {
            sum_of_parts(first);
        } else {
            fused();
        }
        finish();
    }

private:
    void fused() {
        for (std::size_t i = 0; i < draft_.shape.size(); ++i) {
            nest_.axes.push_back({draft_.shape[i], !draft_.reduced.empty() && draft_.reduced[i]});
        }
        for (const Item& item : draft_.items) {
            const Node& node = c_.graph[item.node];
            if (item.kind == ItemKind::partial) {
                partial(item.node);
            } else if (const auto* body = std::get_if<ScalarBody>(&node.op->lowering)) {
                std::vector<Scalar> operands;
                for (const NodeId operand : node.operands) {
                    operands.push_back(value(c_.layouts.of(operand)));
                }
                computed(item.node, (*body)(operands, node.attributes));
            } else if (const auto* fold = std::get_if<Fold>(&node.op->lowering)) {
                folded(item.node, *fold);
            } else if (std::holds_alternative<IndexedView>(node.op->lowering)) {
                const Picking picking = picking_of(c_.graph, c_.layouts, item.node);
                computed(item.node, load(access_at(picking, item.node)));
            } else {
                throw InternalError("no loops compute " + std::string(node.op->name));
            }
        }
    }

    void computed(NodeId id, Scalar result) {
        values_.emplace(id, result);
        if (is_stored_(id)) {
            store(id, result, strides_in(row_major(id, c_.graph.type(id).shape)));
        }
    }

    void folded(NodeId id, const Fold& fold) {
        const Node& node = c_.graph[id];
        const Shape& shape = node.type.shape;
        const bool row_is_kept = has_row_axis_;
        const auto kept = without_unit_axes(strides_of(shape), shape, row_is_kept);
        const Scalar element = value(c_.layouts.of(node.operands[0]));
        store(id, element, spread(kept, draft_.reduced));
        nest_.stores.back().fold = plan_of(fold, c_.options.real);
    }

    void partial(NodeId id) {
        const Layout& layout = c_.layouts.of(c_.graph[id].operands[0]);
        const Scalar element = value(layout);
        Access access{.buffer = c_.buffers.parts_of(id, c_.batch_tiles)};
        access.strides = strides_in(row_major(id, c_.graph.type(id).shape));
        nest_.program.outputs.push_back(element.id);
        nest_.stores.push_back(
            {.output = next_output(), .access = access, .fold = {}, .accumulate = true});
        kernel_.first.push_back(zeros(c_.graph.type(id).shape, access));
    }

    LoopNest zeros(const Shape& shape, const Access& access) const {
        LoopNest nest;
        for (const std::int64_t extent : without_unit_axes(shape, shape, false)) {
            nest.axes.push_back({extent, false});
        }
        nest.program.outputs = {nest.program.number(0, c_.options.real).id};
        nest.stores = {{.output = 0, .access = access, .fold = {}}};
        tidy_nest(nest);
        return nest;
    }

    void store(NodeId id, Scalar result, std::vector<std::int64_t> strides) {
        Access access = access_base(row_major(id, c_.graph.type(id).shape));
        access.strides = std::move(strides);
        nest_.program.outputs.push_back(result.id);
        nest_.stores.push_back({.output = next_output(), .access = access, .fold = {}});
    }

    std::uint32_t next_output() const {
        return static_cast<std::uint32_t>(nest_.program.outputs.size() - 1);
    }

    // One element of a layout, whose shape is that of the loops.
    Scalar value(const Layout& layout) {
        const auto number = literal_value(c_.graph, layout.base);
        if (number) {
            return nest_.program.number(*number, c_.options.real);
        }
        const auto found = values_.find(layout.base);
        if (found != values_.end() && layout.is_whole(c_.graph)) {
            return found->second;
        }
        if (is_inlined_here(layout.base)) {
            return inlined(layout.base);
        }
        return load(access_at(layout));
    }

    bool is_inlined_here(NodeId base) const {
        return !c_.is_placed(base) && is_inlined(c_.graph, c_.layouts, base);
    }

    // A shared number, computed where it is used.
    Scalar inlined(NodeId id) {
        const Node& node = c_.graph[id];
        std::vector<Scalar> operands;
        for (const NodeId operand : node.operands) {
            Layout layout = c_.layouts.of(operand);
            layout.shape.assign(nest_.axes.size() + (has_row_axis_ ? 1 : 0), 0);
            layout.strides.assign(layout.shape.size(), 0);
            operands.push_back(value(layout));
        }
        return std::get<ScalarBody>(node.op->lowering)(operands, node.attributes);
    }

    Scalar load(Access access) {
        return nest_.program.input(number_of(std::move(access)), c_.options.real);
    }

    // Of a load, among those of the nest.
    std::uint32_t number_of(Access access) {
        const auto same = std::ranges::find(nest_.loads, access);
        const auto index = static_cast<std::uint32_t>(same - nest_.loads.begin());
        if (same == nest_.loads.end()) {
            nest_.loads.push_back(std::move(access));
        }
        return index;
    }

    std::vector<std::int64_t> strides_in(const Layout& layout) const {
        return without_unit_axes(layout.strides, layout.shape, has_row_axis_);
    }

    std::int64_t row_stride(const Layout& layout) const {
        if (c_.buffers.is_scratch(layout.base)) {
            return 0;
        }
        if (c_.domain.batch) {
            return c_.graph.type(layout.base).per_example ? block(layout.base) : 0;
        }
        return has_row_axis_ && !layout.shape.empty() ? layout.strides[0] : 0;
    }

    std::int64_t block(NodeId base) const { return c_.buffers.block(c_.buffers.of(base)); }

    Access access_base(const Layout& layout) const {
        Access access{.buffer = c_.buffers.of(layout.base)};
        access.row_stride = row_stride(layout);
        access.offset = layout.offset;
        return access;
    }

    Access access_at(const Layout& layout) const {
        Access access = access_base(layout);
        access.strides = strides_in(layout);
        return access;
    }

    // The access to the whole, at the places that the index tells.
    Access access_at(const Picking& picking, NodeId id) {
        Access access = access_at(picking.whole);
        access.pick = {.load = number_of(access_at(picking.index)),
                       .stride = picking.stride,
                       .extent = picking.extent,
                       .node = id};
        return access;
    }

    // What is added to a place stays in the order of the loops: examples, then the axes of the
    // operand.
    void indexed_placement(NodeId id) {
        const Layout whole = row_major(id, c_.graph.type(id).shape);
        kernel_.nests.push_back(zeros(whole.shape, access_at(whole)));
        Picking picking = picking_of(c_.graph, c_.layouts, id);
        begin(picking.parts.shape);
        if (c_.graph[id].op->is_of_batches()) {
            nest_.axes.insert(nest_.axes.begin(), {Extent::batch, false});
            for (Layout* const layout : {&picking.parts, &picking.whole, &picking.index}) {
                layout->shape.insert(layout->shape.begin(), Extent::batch);
                layout->strides.insert(layout->strides.begin(), batch_stride(*layout));
            }
        }
        const Scalar part = value(picking.parts);
        nest_.program.outputs.push_back(part.id);
        nest_.stores.push_back(
            {.output = 0, .access = access_at(picking, id), .fold = {}, .accumulate = true});
    }

    // The tiles' parts of a sum over the batch, added in the order of the tiles.
    void sum_of_parts(NodeId id) {
        const std::uint32_t parts = c_.buffers.parts_of(id, c_.batch_tiles);
        const auto strides = strides_in(row_major(id, c_.graph.type(id).shape));
        for (const std::int64_t extent : draft_.shape) {
            nest_.axes.push_back({extent, false});
        }
        nest_.axes.push_back({c_.batch_tiles, true});
        Access access{.buffer = parts};
        access.strides = strides;
        access.strides.push_back(c_.buffers.block(parts));
        auto kept = strides;
        kept.push_back(0);
        store(id, load(std::move(access)), std::move(kept));
        nest_.stores.back().fold = plan_of_sum(c_.options.real);
    }

    // A small matrix product: a sum along the inner axis, and over the batch where that is summed.
    void product(NodeId id) {
        const Node& node = c_.graph[id];
        const Layout& a = c_.layouts.of(node.operands[0]);
        const Layout& b = c_.layouts.of(node.operands[1]);
        const ProductAxes axes = product_axes(c_.graph, id, a, b);
        Access from_a = is_inlined_here(a.base) ? Access{} : access_base(a);
        Access from_b = is_inlined_here(b.base) ? Access{} : access_base(b);
        std::vector<std::int64_t> to;
        const auto axis = [&](const ProductAxis& one, bool reduced) {
            nest_.axes.push_back({one.extent, reduced});
            from_a.strides.push_back(one.a);
            from_b.strides.push_back(one.b);
            to.push_back(one.c);
        };
        std::ranges::for_each(axes.stack, [&](const ProductAxis& one) { axis(one, false); });
        if (has_row_axis_) {
            from_a.row_stride = axes.row.a;
            from_b.row_stride = 0;
        } else {
            axis(axes.row, false);
        }
        axis(axes.column, false);
        axis(axes.inner, true);
        if (node.op == &batch_matmul_op) {
            axis({Extent::batch, batch_stride(a), batch_stride(b), 0}, true);
        }
        const auto factor = [&](const Layout& layout, Access access) {
            return is_inlined_here(layout.base) ? inlined(layout.base) : load(std::move(access));
        };
        const Scalar element = factor(a, std::move(from_a)) * factor(b, std::move(from_b));
        store(id, element, std::move(to));
        nest_.stores.back().fold = plan_of_sum(c_.options.real);
    }

    std::int64_t batch_stride(const Layout& layout) const {
        return c_.graph.type(layout.base).per_example ? block(layout.base) : 0;
    }

    void placement(NodeId id, const StridedPlacement& rule) {
        const Node& node = c_.graph[id];
        std::vector<Type> types;
        std::int64_t filled = 0;
        for (const NodeId operand : node.operands) {
            types.push_back(c_.graph.type(operand));
            filled += element_count(types.back().shape);
        }
        if (filled < element_count(node.type.shape)) {
            const Layout whole = row_major(id, node.type.shape);
            kernel_.nests.push_back(zeros(whole.shape, access_at(whole)));
        }
        for (std::size_t i = 0; i < node.operands.size(); ++i) {
            const Places places = rule.places({types, node.attributes, node.type, i});
            begin(types[i].shape);
            store(id, value(c_.layouts.of(node.operands[i])),
                  without_unit_axes(places.strides, types[i].shape, false));
            nest_.stores.back().access.offset = places.offset;
            finish();
        }
    }

    void begin(const Shape& shape) {
        nest_ = {};
        for (const std::int64_t extent : without_unit_axes(shape, shape, false)) {
            nest_.axes.push_back({extent, false});
        }
    }

    void finish() {
        tidy_nest(nest_);
        kernel_.nests.push_back(std::move(nest_));
    }

    const NestContext& c_;
    const NestDraft& draft_;
    const std::function<bool(NodeId)>& is_stored_;
    Kernel& kernel_;
    bool has_row_axis_;
    LoopNest nest_;
    std::map<NodeId, Scalar> values_;
};

}  // namespace

void add_nests(const NestContext& context, const NestDraft& draft,
               const std::function<bool(NodeId)>& is_stored, Kernel& kernel) {
    NestMaker(context, draft, is_stored, kernel).run();
}

Access access_to(const NestContext& context, const Layout& layout) {
    Access access{.buffer = context.buffers.of(layout.base)};
    access.offset = layout.offset;
    access.strides = layout.strides;
    if (context.graph.type(layout.base).per_example) {
        access.row_stride = context.buffers.block(access.buffer);
    }
    return access;
}

}  // namespace chainrule
