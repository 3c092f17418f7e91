// One step of training as a graph: forward, backward, clipping, the optimiser's update
// (optim/optimizer.h). Its outputs are the new weights, then the optimiser's new states.
#pragma once

#include <string>
#include <vector>

#include "compile/options.h"
#include "optim/optimizer.h"
#include "train/objective.h"
#include "train/recipe.h"

namespace chainrule {

struct StepGraph {
    Graph graph;
    std::vector<StateUpdate> updates;  // of the weights, then of the states
    std::vector<OptimizerState> states;
};

// The leaf that holds the step size; a user's name cannot be this one.
inline const std::string rate_leaf = "the step size";

StepGraph make_step_graph(const Network& network, const Objective& objective,
                          const TrainOptions& options);

}  // namespace chainrule
