#include "train/step_graph.h"

#include "ops/build.h"
#include "optim/clipping.h"

namespace chainrule {
namespace {

std::vector<Expr> gradients_of(const Objective& objective, Graph& graph) {
    std::vector<Expr> gradients;
    for (const NodeId gradient : objective.gradients) {
        gradients.push_back(graph.expr(gradient));
    }
    return gradients;
}

}  // namespace

StepGraph make_step_graph(const Network& network, const Objective& objective,
                          const TrainOptions& options) {
    StepGraph step{objective.graph, {}, {}};
    Graph& graph = step.graph;
    graph.outputs.clear();
    const Expr rate =
        graph.expr(graph.add_named(rate_leaf, leaf_op, {}, {std::string("constant"), Type{}}));
    const std::vector<Expr> gradients = clipped(gradients_of(objective, graph), options.clipping);
    const Optimizer& optimizer = *find_optimizer(options.optimizer.name());
    OptimizerStates states;
    for (std::size_t i = 0; i < network.weights.size(); ++i) {
        const Expr weight = graph.expr(network.weights[i].node);
        const Expr updated = updated_weight(optimizer, {options.optimizer, graph.name(weight.id),
                                                        weight, gradients[i], rate, states});
        step.updates.push_back({weight.id, updated.id});
    }
    step.states = states.all();
    for (const OptimizerState& state : step.states) {
        step.updates.push_back({state.leaf, state.value});
    }
    for (const StateUpdate& update : step.updates) {
        graph.outputs.push_back(update.value);
    }
    return step;
}

}  // namespace chainrule
