#include "compile/settle.h"

#include <algorithm>
#include <map>
#include <string>

#include "compile/schedule.h"
#include "ops/build.h"

namespace chainrule {
namespace {

class Settler {
public:
    Settler(const Graph& from, const CompileOptions& options)
        : from_(from), options_(options), layouts_(from), moved_(from.size()) {}

    Settled run() {
        for (const NodeId id : reachable(from_, from_.outputs)) {
            moved_[id.index] = settled(id);
        }
        Settled result{std::move(to_), options_};
        result.options.updates.clear();
        std::map<NodeId, NodeId> places;  // of new values
        for (const StateUpdate& update : options_.updates) {
            const NodeId leaf = moved_[update.leaf.index];
            const NodeId value = moved_[update.value.index];
            if (leaf.valid() && leaf != value) {
                const NodeId own = own_node(result, value);
                result.options.updates.push_back({leaf, own});
                places.emplace(update.value, own);
            }
        }
        for (const NodeId output : from_.outputs) {
            const auto place = places.find(output);
            result.graph.outputs.push_back(place != places.end()
                                               ? place->second
                                               : output_node(result.graph, moved_[output.index]));
        }
        return result;
    }

private:
    // The node with copies of the leaves that it needs in a block.
    NodeId settled(NodeId id) {
        const Node& node = from_[id];
        if (std::holds_alternative<BatchCount>(node.op->lowering)) {
            return to_.add(*node.op, {any_example()});
        }
        check_computable(id);
        const bool reads_blocks = is_action(from_, id, options_) ||
                                  (!node.type.per_example && node.op->is_of_batches() &&
                                   !std::holds_alternative<BatchFold>(node.op->lowering));
        std::vector<NodeId> operands;
        const bool is_blind = node.op->is_view() && layouts_.of(id).base == id;
        for (const NodeId operand : node.operands) {
            operands.push_back(is_blind ? to_.add(cast_op, {moved_[operand.index]})
                               : node.op->is_indexed() && is_inlined_below(operand)
                                   ? copy_of(to_, moved_[operand.index])
                               : reads_blocks ? with_copies(operand)
                                              : moved_[operand.index]);
        }
        if (from_.is_named(id)) {
            return to_.add_named(from_.name(id), *node.op, operands, node.attributes,
                                 from_.origin(id));
        }
        return to_.add(*node.op, operands, node.attributes);
    }

    void check_computable(NodeId id) const {
        if (const auto* none = std::get_if<NoElements>(&from_[id].op->lowering)) {
            throw UserError("this cannot be computed: " + std::string(none->reason),
                            from_.origin(id));
        }
    }

    // The number of examples is that of any leaf per example: nothing needs to be computed for it.
    NodeId any_example() const {
        for (const NodeId id : from_.named()) {
            if (moved_[id.index].valid() && from_.type(id).per_example) {
                return moved_[id.index];
            }
        }
        throw InternalError("a batch without a leaf per example");
    }

    // Whether an operand shows what is computed wherever it is used.
    bool is_inlined_below(NodeId id) { return is_inlined(from_, layouts_, layouts_.of(id).base); }

    // `id`, or the views that lead to a leaf per example on a copy of it.
    NodeId with_copies(NodeId id) {
        const Node& node = from_[id];
        if (from_.is_op(id, leaf_op) && node.type.per_example) {
            return to_.add(cast_op, {moved_[id.index]});
        }
        if (!node.op->is_view()) {
            return moved_[id.index];
        }
        return to_.add(*node.op, {with_copies(node.operands[0])}, node.attributes);
    }

    static bool is_computed(const Graph& graph, NodeId id) {
        const Op& op = *graph[id].op;
        return !op.is_leaf() && !op.is_view() && !std::holds_alternative<BatchCount>(op.lowering);
    }

    // A fresh copy: named, so that no other copy equals it.
    static NodeId copy_of(Graph& graph, NodeId value) {
        return graph.add_named("copy " + std::to_string(graph.size()), cast_op, {value});
    }

    static NodeId own_node(Settled& settled, NodeId value) {
        const bool taken =
            std::ranges::any_of(settled.options.updates,
                                [&](const StateUpdate& other) { return other.value == value; });
        return is_computed(settled.graph, value) && !taken ? value : copy_of(settled.graph, value);
    }

    static NodeId output_node(Graph& graph, NodeId value) {
        const bool leaf = graph.is_op(value, leaf_op) && !graph.type(value).per_example;
        return leaf || is_computed(graph, value) ? value : copy_of(graph, value);
    }

    const Graph& from_;
    const CompileOptions& options_;
    Layouts layouts_;
    Graph to_;
    std::vector<NodeId> moved_;
};

}  // namespace

Settled settle(const Graph& graph, const CompileOptions& options) {
    return Settler(graph, options).run();
}

}  // namespace chainrule
