// Where a run of steps stopped being finite: the run is taken again, step by step, and the step
// that fails is computed by reference, which has every value of the network.
//
//     const Failure failure = find_failure({setup, data, weights, states, rate}, rows, batch);
//     throw UserError(failure.what, network.graph.origin(failure.node), failure.notes);
//     // h is the first value that is not finite
//     // note: row 3 of log.csv makes it, as the network gets it: x = -1, y = 2
//     // note: what goes into h: w = 1, x = -1
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "train/descent.h"

namespace chainrule {

// What a network takes, by the names of its leaves.
using LeafValues = std::vector<std::pair<std::string, Tensor>>;

struct Failure {
    std::size_t step = 0;          // of the run, from 0
    std::string what;              // "z1 is the first value that is not finite"
    NodeId node;                   // that the words speak of, in the network
    std::vector<Note> notes = {};  // the row of data that makes it, and the values that go in
    // "try a smaller rate than 0.1, or other initial values", or what helps where no weight has a
    // part in it
    std::string advice = {};
    // All leaves of that row at that step, with which the network gives the same value by itself;
    // empty where no row does it alone.
    LeafValues leaves = {};
};

// What the run began with.
struct FailedRun {
    const TrainSetup& setup;
    const Dataset& data;
    std::span<const Tensor> weights;
    std::span<const Tensor> states;  // of the optimiser
    double rate;
};

Failure find_failure(const FailedRun& run, std::span<const std::size_t> order, std::size_t batch);

// "at step 12 (epoch 2, batch 3): z1 is the first value that is not finite", where the run begins
// in `epoch` behind so many of its `batches`.
std::string place_of(const Failure& failure, std::int64_t epoch, std::int64_t done,
                     std::int64_t batches);
std::int64_t step_of(const Failure& failure, std::int64_t epoch, std::int64_t done,
                     std::int64_t batches);

// Of a part that is only looked at: `whose` is "the loss of the held-out part is nan after epoch
// 1". The failure may have no words, where double precision has a finite value.
Diagnostic warning_of_loss(const Network& network, const std::string& whose,
                           const Failure& failure);

// What may help where the steps lead astray.
std::string advice_on_steps(const TrainOptions& options, double rate);

// Why training stops, and what may help; what its weights then are, train/report.h says.
Diagnostic stopped_training(const std::string& when_and_what, const std::string& advice);

}  // namespace chainrule
