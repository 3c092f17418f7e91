#include "explain/name_parts.h"

#include <algorithm>
#include <map>
#include <set>

#include "notation/formula.h"
#include "ops/build.h"
#include "passes/rebuild.h"

namespace chainrule {
namespace {

constexpr std::size_t max_readable_size = 400;

// The anonymous nodes of an equation.
std::vector<NodeId> parts_of(const Graph& graph, NodeId equation) {
    std::vector<NodeId> parts;
    std::vector<NodeId> open = graph[equation].operands;
    std::set<NodeId> seen;
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        if (graph.is_named(id) || !seen.insert(id).second) {
            continue;
        }
        parts.push_back(id);
        open.insert(open.end(), graph[id].operands.begin(), graph[id].operands.end());
    }
    return parts;
}

// Parts of long equations that are used more than once and compute something.
std::set<NodeId> parts_worth_a_name(const Network& network) {
    const Graph& graph = network.graph;
    FormulaOptions whole;
    whole.definition = true;
    std::vector<NodeId> equations = network.equations;
    equations.push_back(network.objective);
    std::set<NodeId> worthy;
    for (const NodeId equation : equations) {
        if (formula_size(graph, equation, whole) <= max_readable_size) {
            continue;
        }
        std::map<NodeId, int> uses;
        const std::vector<NodeId> parts = parts_of(graph, equation);
        for (const NodeId part : parts) {
            for (const NodeId operand : graph[part].operands) {
                ++uses[operand];
            }
        }
        for (const NodeId operand : graph[equation].operands) {
            ++uses[operand];
        }
        std::ranges::copy_if(parts, std::inserter(worthy, worthy.end()), [&](NodeId part) {
            return uses[part] > 1 && !graph[part].operands.empty() &&
                   !std::holds_alternative<ImplicitNotation>(graph[part].op->notation);
        });
    }
    return worthy;
}

std::string fresh_name(const Graph& before, const Graph& now, int& count) {
    std::string name;
    do {
        name = "t" + std::to_string(++count);
    } while (before.find(name) || now.find(name));
    return name;
}

// The same network over another graph with the same names.
Network moved(const Network& network, Graph graph) {
    Network result = network;
    const auto now = [&](NodeId id) { return *graph.find(network.graph.name(id)); };
    for (auto* ids : {&result.inputs, &result.targets, &result.constants, &result.outputs}) {
        std::ranges::transform(*ids, ids->begin(), now);
    }
    for (Weight& weight : result.weights) {
        weight.node = now(weight.node);
    }
    result.constant_values.clear();
    for (const auto& [id, value] : network.constant_values) {
        result.constant_values.emplace(now(id), value);
    }
    result.objective = result.loss = now(network.objective);
    result.penalties.clear();
    result.equations.clear();
    const std::set<NodeId> equations(network.equations.begin(), network.equations.end());
    for (const NodeId id : graph.named()) {
        const auto before = network.graph.find(graph.name(id));
        if (!before || equations.contains(*before)) {
            result.equations.push_back(id);
        }
    }
    result.graph = std::move(graph);
    return result;
}

}  // namespace

Network name_parts(const Network& network) {
    const std::set<NodeId> worthy = parts_worth_a_name(network);
    if (worthy.empty()) {
        return network;
    }
    Graph graph = network.graph;
    graph.outputs = graph.named();
    int count = 0;
    graph = rebuild(graph, [&](const RebuildStep& step) {
        const Expr copy = step.copy();
        return worthy.contains(step.id) ? name_node(copy, fresh_name(network.graph, step.to, count))
                                        : copy;
    });
    graph.outputs = {*graph.find(network.graph.name(network.objective))};
    return moved(network, std::move(graph));
}

}  // namespace chainrule
