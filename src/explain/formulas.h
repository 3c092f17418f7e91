// The nodes of a chain as a reader sees them: simplified, in forward values, as text and LaTeX.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "explain/chain.h"
#include "explain/explanation.h"
#include "notation/formula.h"

namespace chainrule {

class Formulas {
public:
    // Simplifies `nodes` of the chain's graph, all together.
    Formulas(const Chain& chain, std::span<const NodeId> nodes);

    // One of `nodes`, as it reads now.
    Formula of(NodeId node) const;
    // The same for a partial: the same number everywhere is written as that number.
    Formula partial(NodeId node) const;
    // The same with the named node `d` put in as its equation was written: g2(z2) * (1 - g2(z2)).
    Formula local(NodeId node, NodeId d) const;
    // The simplified graph, and what has become of a node in it.
    Graph& graph() { return graph_; }
    NodeId now(NodeId node) const { return now_.at(node); }
    // The sum of products of these nodes, factors and terms in their order, not simplified.
    Formula sum_of_products(const std::vector<std::vector<NodeId>>& terms);

private:
    Graph graph_;
    std::unordered_map<NodeId, NodeId> now_;
    const Graph& before_;
};

// A node in both scripts.
Formula formula_of(const Graph& graph, NodeId node, FormulaOptions options = {});

}  // namespace chainrule
