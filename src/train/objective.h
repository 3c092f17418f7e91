// What training computes of a network: its mean loss over a batch, the gradients of that, and what
// metrics look at.
//
//     objective = batch_mean(loss) + penalties
//
// A loss or penalty that no example has for itself stands as it is; one that each example has is
// averaged, so a last, smaller batch divides by its own size. The network must have been elaborated
// with Examples::many.
//
//     Objective objective = make_objective(network);
//     BatchEvaluator step(objective.graph, objective.gradients);
#pragma once

#include <vector>

#include "elaborate/network.h"

namespace chainrule {

struct Objective {
    Graph graph;                // the network's with the nodes below; ids of the network stay valid
    NodeId total;               // the objective: a shared scalar
    std::vector<NodeId> terms;  // total is the sum of these over their batch means: loss, penalties
    std::vector<NodeId> gradients;  // of total, one per weight of the network
};

// UserError where the network has no weight or the loss reaches none, and for a constant without a
// value or an abstract function, which cannot be computed.
Objective make_objective(const Network& network);

}  // namespace chainrule
