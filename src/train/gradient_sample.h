// The gradient of the objective at given weights, over a sample of the training part: what histograms
// show of it. The sample is at most 1,024 rows at equal distances, so that sorted data are sampled evenly;
// it is the same at every epoch. Of streamed data it is of the rows that then are in the window.
//
//     GradientSample sample(setup, source);
//     std::vector<Tensor> gradients = sample.at(weights);      // one per weight of the network
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "train/example_source.h"
#include "train/forward.h"

namespace chainrule {

class GradientSample {
public:
    static constexpr std::size_t most_rows = 1024;

    // What `setup` refers to, and the source, must outlive it.
    GradientSample(const TrainSetup& setup, const ExampleSource& training);

    std::vector<Tensor> at(std::span<const Tensor> weights);

private:
    const TrainSetup setup_;
    const Dataset& data_;
    std::vector<std::size_t> rows_;
    std::unique_ptr<Forward> gradients_;
};

}  // namespace chainrule
