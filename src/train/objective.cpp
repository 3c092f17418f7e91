#include "train/objective.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "derive/derive.h"
#include "ops/build.h"

namespace chainrule {
namespace {

void check_weights(const Network& network, const std::vector<NodeId>& needed) {
    if (network.weights.empty()) {
        throw UserError("there is nothing to train: " + network.file + " declares no weight");
    }
    const auto is_needed = [&](const Weight& weight) {
        return std::ranges::binary_search(needed, weight.node);
    };
    if (std::ranges::none_of(network.weights, is_needed)) {
        throw UserError("there is nothing to train: the loss depends on no weight",
                        network.graph.origin(network.loss));
    }
}

void check_constants(const Network& network, const std::vector<NodeId>& needed) {
    for (const NodeId constant : network.constants) {
        if (std::ranges::binary_search(needed, constant) &&
            !network.constant_values.contains(constant)) {
            const std::string& name = network.graph.name(constant);
            throw UserError(fmt::format("{0} has no value, and training needs one: write `constant "
                                        "{0} = ...` in the network or give --at {0}=...",
                                        name),
                            network.graph.origin(constant));
        }
    }
}

// Training computes, so every function has to be given.
void check_functions(const Network& network, const std::vector<NodeId>& needed) {
    std::set<std::string> reported;
    std::vector<Diagnostic> errors;
    for (const NodeId id : needed) {
        if (!network.graph.is_op(id, apply_op)) {
            continue;
        }
        const Node& node = network.graph[id];
        const std::string name = std::get<std::string>(node.attributes[0]);
        if (reported.insert(name).second) {
            const bool one = node.operands.size() == 1;
            errors.push_back({.message = fmt::format(
                                  "{0} is abstract, and training computes with numbers: define "
                                  "it in the file or with --define '{0}{1}'",
                                  name, one ? " = sigmoid" : "(a, t) = 1/2 * (a - t)^2"),
                              .span = network.graph.origin(id),
                              .notes = {}});
        }
    }
    if (!errors.empty()) {
        throw UserError(std::move(errors));
    }
}

Expr batch_average(Expr term) {
    return term.type().per_example ? call(batch_mean_op, {term}) : term;
}

}  // namespace

Objective make_objective(const Network& network) {
    Objective objective{
        .graph = network.graph, .total = {}, .terms = {network.loss}, .gradients = {}};
    objective.terms.insert(objective.terms.end(), network.penalties.begin(),
                           network.penalties.end());
    const std::vector<NodeId> needed = reachable(network.graph, objective.terms);
    check_functions(network, needed);
    check_weights(network, needed);
    check_constants(network, needed);

    Graph& graph = objective.graph;
    Expr total = batch_average(graph.expr(objective.terms[0]));
    for (std::size_t i = 1; i < objective.terms.size(); ++i) {
        total = total + batch_average(graph.expr(objective.terms[i]));
    }
    objective.total = total.id;
    std::vector<NodeId> weights;
    for (const Weight& weight : network.weights) {
        weights.push_back(weight.node);
    }
    for (const Expr gradient : derive(graph, total.id, weights).gradients) {
        objective.gradients.push_back(gradient.id);
    }
    return objective;
}

}  // namespace chainrule
