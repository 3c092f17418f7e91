#include "train/objective.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "derive/derive.h"
#include "ops/build.h"
#include "passes/stable_losses.h"

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

std::vector<NodeId> nodes_of(const std::vector<Weight>& weights) {
    std::vector<NodeId> nodes;
    for (const Weight& weight : weights) {
        nodes.push_back(weight.node);
    }
    return nodes;
}

// Of the terms that every example has for itself, or of those that no example has.
std::optional<Expr> sum_of(Graph& graph, const std::vector<NodeId>& terms, bool per_example) {
    std::optional<Expr> sum;
    for (const NodeId term : terms) {
        if (graph.type(term).per_example == per_example) {
            sum = sum ? *sum + graph.expr(term) : graph.expr(term);
        }
    }
    return sum;
}

Expr batch_average(Expr term) {
    return term.type().per_example ? call(batch_mean_op, {term}) : term;
}

void add_plain_averages(Objective& objective, const std::vector<NodeId>& weights) {
    Graph& graph = objective.graph;
    Expr total = batch_average(graph.expr(objective.terms[0]));
    for (std::size_t i = 1; i < objective.terms.size(); ++i) {
        total = total + batch_average(graph.expr(objective.terms[i]));
    }
    objective.total = total.id;
    for (const Expr gradient : derive(graph, total.id, weights).gradients) {
        objective.gradients.push_back(gradient.id);
    }
}

void add_weighted_averages(Objective& objective, const std::vector<NodeId>& weights) {
    Graph& graph = objective.graph;
    const Expr of_examples = *sum_of(graph, objective.terms, true);
    const std::optional<Expr> of_none = sum_of(graph, objective.terms, false);
    const Type number_each{.shape = {}, .per_example = true};
    const Expr weight = graph.expr(
        graph.add_named(example_weight_leaf, leaf_op, {}, {std::string("input"), number_each}));
    const Expr sum = call(batch_sum_op, {weight * of_examples});
    const Expr weight_sum = call(batch_sum_op, {weight});
    // Where all weights are 0, so is the sum above.
    const Expr divisor = where(weight_sum > literal_like(weight_sum, 0), weight_sum, 1);
    const Expr average = sum / divisor;
    objective.total = (of_none ? average + *of_none : average).id;
    std::vector<Expr> gradients = derive(graph, sum.id, weights).gradients;
    for (Expr& gradient : gradients) {
        gradient = gradient / divisor;
    }
    if (of_none) {
        const std::vector<Expr> more = derive(graph, of_none->id, weights).gradients;
        std::ranges::transform(gradients, more, gradients.begin(), std::plus());
    }
    for (const Expr gradient : gradients) {
        objective.gradients.push_back(gradient.id);
    }
}

}  // namespace

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
            errors.push_back(
                {.message = fmt::format("{0} is abstract, and numbers are computed here: define "
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

Objective make_objective(const Network& network, Averaging averaging) {
    Objective objective{
        .graph = network.graph, .total = {}, .terms = {network.loss}, .gradients = {}};
    objective.terms.insert(objective.terms.end(), network.penalties.begin(),
                           network.penalties.end());
    const std::vector<NodeId> needed = reachable(network.graph, objective.terms);
    check_functions(network, needed);
    check_weights(network, needed);
    check_constants(network, needed);
    objective.terms = stabilised(objective.graph, objective.terms);
    const bool is_weighted = averaging == Averaging::weighted &&
                             sum_of(objective.graph, objective.terms, true).has_value();
    (is_weighted ? add_weighted_averages : add_plain_averages)(objective,
                                                               nodes_of(network.weights));
    return objective;
}

}  // namespace chainrule
