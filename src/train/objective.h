// What training computes of a network: its mean loss over a batch, the gradients of that, and what
// metrics look at.
//
//     objective = batch_mean(loss) + penalties
//
// A loss or penalty that no example has for itself stands as it is; one that each example has is
// averaged, so a last, smaller batch divides by its own size. The network must have been elaborated
// with Examples::many. Loss and penalties are computed from the logits where they are written with
// a sigmoid or softmax that may round to 0 or 1 (passes/stable_losses.h).
//
// Where examples have weights w, which are a further input per example, the averages are weighted
// ones,
//
//     objective = batch_sum(w * loss) / batch_sum(w) + penalties
//
// as of PyTorch's CrossEntropyLoss(weight=...): an example of weight 2 counts as if it stood there
// twice. A batch in which all weights are 0 has the average 0. The gradient is divided behind the
// sum over the batch, so that no example waits for the sum of the weights.
//
//     Objective objective = make_objective(network);
//     BatchEvaluator step(objective.graph, objective.gradients);
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "elaborate/network.h"

namespace chainrule {

struct Objective {
    Graph graph;                // the network's with the nodes below; ids of the network stay valid
    NodeId total;               // the objective: a shared scalar
    std::vector<NodeId> terms;  // total is the sum of these over their batch means: what computes
                                // the loss, then each penalty
    std::vector<NodeId> gradients;  // of total, one per weight of the network
};

// The leaf that holds the weight of each example; a user's name cannot be this one.
inline const std::string example_weight_leaf = "the weight of the example";

enum class Averaging : std::uint8_t { plain, weighted };

// Weighted where the examples have weights.
inline Averaging averaging_over(const Dataset& data) {
    return data.weights.empty() ? Averaging::plain : Averaging::weighted;
}

// UserError for abstract functions among the nodes, which cannot be computed.
void check_functions(const Network& network, const std::vector<NodeId>& needed);

// UserError where the network has no weight or the loss reaches none, and for a constant without a
// value or an abstract function, which cannot be computed.
Objective make_objective(const Network& network, Averaging averaging = Averaging::plain);

}  // namespace chainrule
