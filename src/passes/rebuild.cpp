#include "passes/rebuild.h"

#include "ops/build.h"

namespace chainrule {
namespace {

std::vector<NodeId> ids_of(const std::vector<Expr>& operands) {
    std::vector<NodeId> ids;
    ids.reserve(operands.size());
    for (const Expr& operand : operands) {
        ids.push_back(operand.id);
    }
    return ids;
}

void carry_tables(const Graph& from, NodeId id, Graph& to, NodeId now,
                  const std::vector<NodeId>& moved) {
    if (const Span origin = from.origin(id)) {
        to.set_origin(now, origin);
    }
    const WrittenCall* written = from.written(id);
    if (written == nullptr || to.written(now) != nullptr) {
        return;
    }
    WrittenCall call{written->function, {}};
    for (const NodeId argument : written->arguments) {
        if (!moved[argument.index].valid()) {
            return;
        }
        call.arguments.push_back(moved[argument.index]);
    }
    to.set_written(now, std::move(call));
}

}  // namespace

Expr RebuildStep::copy() const {
    return to.expr(to.add(*node().op, ids_of(operands), node().attributes));
}

Graph rebuild(const Graph& graph, const MakeNode& make) {
    return rebuild(graph, reachable(graph, graph.outputs), make);
}

Graph rebuild(const Graph& graph, std::span<const NodeId> order, const MakeNode& make) {
    Graph to;
    std::vector<NodeId> moved(graph.size());
    for (const NodeId id : order) {
        RebuildStep step{graph, id, to, {}};
        for (const NodeId operand : graph[id].operands) {
            step.operands.push_back(to.expr(moved[operand.index]));
        }
        const Node& node = graph[id];
        NodeId& now = moved[id.index];
        now = graph.is_named(id)
                  ? to.add_named(graph.name(id), *node.op, ids_of(step.operands), node.attributes)
                  : make(step).id;
        if (to.type(now) != node.type) {
            throw InternalError("a pass turned a node of type " + to_string(node.type) +
                                " into one of type " + to_string(to.type(now)));
        }
        carry_tables(graph, id, to, now, moved);
    }
    for (const NodeId output : graph.outputs) {
        to.outputs.push_back(moved[output.index]);
    }
    return to;
}

Graph without_unused(const Graph& graph) {
    return rebuild(graph, [](const RebuildStep& step) { return step.copy(); });
}

Expr fitted(Expr value, const Type& type) {
    value = broadcast_to(value, type);
    if (type.per_example && !value.type().per_example) {
        value = call(per_example_op, {value});
    }
    return value;
}

bool same(const Graph& a, const Graph& b) {
    if (a.size() != b.size() || a.outputs != b.outputs) {
        return false;
    }
    for (std::uint32_t i = 0; i < a.size(); ++i) {
        const Node& x = a[{i}];
        const Node& y = b[{i}];
        if (x.op != y.op || x.operands != y.operands || x.attributes != y.attributes ||
            a.name({i}) != b.name({i})) {
            return false;
        }
    }
    return true;
}

}  // namespace chainrule
