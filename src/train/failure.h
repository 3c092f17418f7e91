// Where a run of steps stopped being finite: the run is taken again, step by step, and the step that fails
// is computed by reference, which has every value of the network.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "train/descent.h"

namespace chainrule {

struct Failure {
    std::size_t step = 0;  // of the run, from 0
    std::string what;      // "z1 is the first value that is not finite"
    NodeId node;           // that the words speak of, in the network
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

}  // namespace chainrule
