// An op on leaves of its own with numbers drawn from its sample domain.
#pragma once

#include <vector>

#include "eval/evaluate.h"
#include "ops/build.h"

namespace chainrule::tests {

// Examples in a batch, where a value is per example and nothing else is said.
inline constexpr std::size_t batch_size = 3;

struct OpProblem {
    Graph graph;
    std::vector<NodeId> x;
    NodeId y;
    NodeId dy;             // a leaf
    BatchBindings values;  // of x and dy
};

// Draws depend on the op's name and the case alone.
OpProblem make_problem(const Op& op, const SampleCase& sample, std::size_t batch = batch_size);

// A leaf of that type with drawn numbers between 0.5 and 1.5, of both signs: a cotangent.
Expr add_cotangent(OpProblem& problem, const std::string& name, const Type& type,
                   std::size_t batch = batch_size);

Batch value_of(const OpProblem& problem, NodeId id);

// `x0`, `x1`, ... of the problem's type: a leaf.
NodeId add_leaf(Graph& graph, const std::string& name, const Type& type);

}  // namespace chainrule::tests
