// The gradient of the objective at given weights, over a sample of the training part: what
// histograms show of it; and of nodes that are watched the value of every sampled row
// (train/symptoms.h). The sample is at most 1,024 rows at equal distances, so that sorted data are
// sampled evenly; it is the same at every epoch. Of streamed data it is of the rows that then are
// in the window.
//
//     GradientSample sample(setup, source.window(), source.filled());
//     std::vector<Tensor> gradients = sample.at(weights);      // one per weight of the network
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "train/descent.h"
#include "train/forward.h"

namespace chainrule {

// What a sample has at given weights.
struct SampleValues {
    double loss = 0;                           // the objective
    std::vector<Tensor> gradients;             // one per weight of the network
    std::vector<std::vector<double>> watched;  // of each watched node its numbers, row after row
    std::size_t rows = 0;
};

class GradientSample {
public:
    static constexpr std::size_t most_rows = 1024;

    // What `setup` refers to, and the data, must outlive it. The sample is of the first `filled`
    // rows. `watched` are nodes of the objective's graph that each example has for itself.
    GradientSample(const TrainSetup& setup, const Dataset& data, std::size_t filled,
                   const std::vector<NodeId>& watched = {});

    std::vector<Tensor> at(std::span<const Tensor> weights) { return values_at(weights).gradients; }
    SampleValues values_at(std::span<const Tensor> weights);

private:
    void add_run(SampleValues& values, std::size_t rows, double share);

    const Dataset& data_;
    std::size_t weights_;
    std::size_t watched_;
    std::vector<std::size_t> rows_;
    std::unique_ptr<Forward> forward_;  // of the gradients, the objective, the watched nodes
};

}  // namespace chainrule
