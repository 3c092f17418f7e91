// One step of gradient descent as a graph: forward, backward, update. Its outputs are the new weights.
//
//     w <- w - rate * dtotal/dw
#pragma once

#include <string>
#include <vector>

#include "compile/options.h"
#include "train/objective.h"

namespace chainrule {

struct StepGraph {
    Graph graph;
    std::vector<StateUpdate> updates;
};

// The leaf that holds the step size; a user's name cannot be this one.
inline const std::string rate_leaf = "the step size";

StepGraph make_step_graph(const Network& network, const Objective& objective);

}  // namespace chainrule
