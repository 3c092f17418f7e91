#include "explain/chain_numbers.h"

#include "derive/derive.h"

namespace chainrule {
namespace {

std::optional<Tensor> find(const std::unordered_map<NodeId, Tensor>& values, NodeId id) {
    const auto found = values.find(id);
    return found == values.end() ? std::nullopt : std::optional(found->second);
}

void evaluate_computable(const Graph& graph, std::vector<NodeId> roots, const Bindings& given,
                         std::unordered_map<NodeId, Tensor>& values) {
    const std::vector<bool> computable = computable_nodes(graph, given);
    std::erase_if(roots, [&](NodeId id) { return !computable[id.index]; });
    const std::vector<Tensor> results = evaluate(graph, roots, given);
    for (std::size_t i = 0; i < roots.size(); ++i) {
        values.insert_or_assign(roots[i], results[i]);
    }
}

}  // namespace

std::optional<Tensor> ChainNumbers::of(NodeId id) const { return find(values, id); }
std::optional<Tensor> ChainNumbers::of_gradient(NodeId id) const { return find(gradients, id); }

ChainNumbers chain_numbers(const Network& network, const Chain& chain,
                           std::span<const NodeId> nodes, Bindings given) {
    ChainNumbers numbers;
    Graph derived = chain.graph;
    const std::vector<NodeId> names(chain.active.begin(), chain.active.end());
    const Derivation derivation = derive(derived, chain.equations.objective, names);
    std::vector<NodeId> roots = chain.equations.order;
    roots.insert(roots.end(), network.equations.begin(), network.equations.end());
    for (const Expr& gradient : derivation.gradients) {
        roots.push_back(gradient.id);
    }
    std::unordered_map<NodeId, Tensor> values;
    evaluate_computable(derived, roots, given, values);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (const auto value = find(values, derivation.gradients[i].id)) {
            numbers.gradients.emplace(names[i], *value);
        }
    }
    for (const CotangentNodes& cotangent : chain.cotangents) {
        if (const auto value = numbers.of_gradient(cotangent.of)) {
            given.insert_or_assign(cotangent.symbol, *value);
        }
    }
    evaluate_computable(chain.graph, {nodes.begin(), nodes.end()}, given, values);
    numbers.values = std::move(values);
    return numbers;
}

}  // namespace chainrule
