#include "explain/formulas.h"

#include "ops/build.h"
#include "passes/recall_names.h"
#include "passes/simplify.h"

namespace chainrule {

Formula formula_of(const Graph& graph, NodeId node, FormulaOptions options) {
    options.script = Script::text;
    std::string text = write_formula(graph, node, options);
    options.script = Script::latex;
    return {std::move(text), write_formula(graph, node, options)};
}

Formulas::Formulas(const Chain& chain, std::span<const NodeId> nodes) : before_(chain.graph) {
    Graph graph = chain.graph;
    const std::vector<NodeId>& named = chain.names;
    std::vector<NodeId> bodies;
    for (const NodeId id : named) {
        const Node node = graph[id];
        bodies.push_back(graph.add(*node.op, node.operands, node.attributes));
    }
    graph.outputs = named;
    graph.outputs.insert(graph.outputs.end(), bodies.begin(), bodies.end());
    graph.outputs.push_back(chain.equations.objective);
    const std::size_t first = graph.outputs.size();
    graph.outputs.insert(graph.outputs.end(), nodes.begin(), nodes.end());

    graph = simplify(graph);
    std::vector<Definition> definitions;
    for (std::size_t i = 0; i < named.size(); ++i) {
        definitions.push_back({graph.outputs[named.size() + i], graph.outputs[i]});
    }
    graph_ = simplify(recall_names(graph, definitions));
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        now_.insert_or_assign(nodes[i], graph_.outputs[first + i]);
    }
}

Formula Formulas::of(NodeId node) const { return formula_of(graph_, now_.at(node)); }

Formula Formulas::partial(NodeId node) const {
    NodeId now = now_.at(node);
    while (literal_value(graph_, now) && graph_.is_op(now, broadcast_op)) {
        now = graph_[now].operands[0];
    }
    return formula_of(graph_, now);
}

Formula Formulas::local(NodeId node, NodeId d) const {
    const auto id = graph_.find(before_.name(d));
    if (literal_value(graph_, now_.at(node))) {
        return partial(node);
    }
    const auto is_d = [id](NodeId other) { return id && other == *id; };
    FormulaOptions options;
    options.unfold = is_d;
    options.as_written = is_d;
    return formula_of(graph_, now_.at(node), options);
}

Formula Formulas::sum_of_products(const std::vector<std::vector<NodeId>>& terms) {
    Expr sum;
    for (const std::vector<NodeId>& factors : terms) {
        Expr product;
        for (const NodeId factor : factors) {
            const Expr value = graph_.expr(now_.at(factor));
            product = product.valid() ? product * value : value;
        }
        sum = sum.valid() ? sum + product : product;
    }
    return formula_of(graph_, sum.id);
}

}  // namespace chainrule
