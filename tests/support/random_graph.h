// Random well-typed graphs, drawn from the op list: for tests of what must hold for every graph.
//
// Each step takes an op and one of its sample cases and gives it operands of the case's types, from
// what has been built before. An operand whose values leave the op's sample domain is squashed into
// it, low + (high - low) * sigmoid(v), so that all values are finite and no kink is near. A new op
// is drawn from as soon as it is listed.
//
// Everything is a function of the seed: print it where a test fails.
//
//     const RandomGraph random = random_graph(7);
#pragma once

#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include "eval/evaluate.h"
#include "ir/graph.h"

namespace chainrule::tests {

struct RandomGraphOptions {
    std::size_t operations = 25;
    bool batch = false;   // some leaves are per example
    double named = 0.25;  // how likely a node gets a name
    std::set<std::string_view> without = {};
};

struct RandomGraph {
    Graph graph;                 // its one output is a scalar that all examples share, called L
    std::vector<NodeId> leaves;  // those that hold real numbers; shared ones are weights
    BatchBindings values;        // of all leaves
    std::size_t batch_size = 1;

    NodeId loss() const { return graph.outputs[0]; }
};

RandomGraph random_graph(std::uint64_t seed, const RandomGraphOptions& options = {});

// Other values for the leaves, near the old ones: `distance` at most in each element.
BatchBindings moved_values(const RandomGraph& random, std::uint64_t seed, double distance);

}  // namespace chainrule::tests
