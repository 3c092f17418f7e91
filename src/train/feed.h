// Giving an evaluator its numbers: a network's constants and weights once, its inputs, its target
// and the weights of the examples row by row from a data set. What the evaluator does not need is
// passed over.
//
//     feed_constants(evaluator, network);
//     feed_weights(evaluator, network, weights);
//     feed_rows(evaluator, network, data, rows);      // sets the batch size
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "elaborate/network.h"
#include "eval/batch_evaluator.h"

namespace chainrule {

// A leaf that all examples share.
void feed_leaf(BatchEvaluator& evaluator, NodeId leaf, const Tensor& value);

void feed_constants(BatchEvaluator& evaluator, const Network& network);

// One tensor per weight of the network.
void feed_weights(BatchEvaluator& evaluator, const Network& network,
                  std::span<const Tensor> weights);

// Example i of the batch is row rows[i]. The data set has the network's inputs and at most one
// target (train/training_data.h).
void feed_rows(BatchEvaluator& evaluator, const Network& network, const Dataset& data,
               std::span<const std::size_t> rows);

}  // namespace chainrule
