#include "train/step_graph.h"

#include "ops/build.h"

namespace chainrule {

StepGraph make_step_graph(const Network& network, const Objective& objective) {
    StepGraph step{objective.graph, {}};
    Graph& graph = step.graph;
    graph.outputs.clear();
    const Expr rate =
        graph.expr(graph.add_named(rate_leaf, leaf_op, {}, {std::string("constant"), Type{}}));
    for (std::size_t i = 0; i < network.weights.size(); ++i) {
        const Expr weight = graph.expr(network.weights[i].node);
        const Expr updated = weight - rate * graph.expr(objective.gradients[i]);
        graph.outputs.push_back(updated.id);
        step.updates.push_back({weight.id, updated.id});
    }
    return step;
}

}  // namespace chainrule
