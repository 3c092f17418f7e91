// How good weights are on a data set: the objective (mean loss plus penalties) and the accuracy.
//
//     Assessor assessor(setup, accuracy_rule(network, data.targets));
//     assessor.set_weights(weights);
//     Metrics metrics = assessor.assess(data);
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "train/accuracy.h"
#include "train/forward.h"

namespace chainrule {

struct Metrics {
    double loss = 0;
    std::optional<double> accuracy;  // in 0 .. 1; none in regression
};

class Assessor {
public:
    // What `setup` refers to must outlive the assessor.
    Assessor(const TrainSetup& setup, std::optional<AccuracyRule> rule);

    void set_weights(std::span<const Tensor> weights);

    // Over all rows, which are added in their order: the result depends on no batch size.
    Metrics assess(const Dataset& data);

private:
    // Compiled code is for the formats that a data set's numbers have.
    Forward& forward_for(const Dataset& data);
    std::size_t count_right(Forward& forward, const Dataset& data,
                            std::span<const std::size_t> rows) const;

    TrainSetup setup_;
    std::optional<AccuracyRule> rule_;
    std::vector<Tensor> weights_;
    std::map<std::vector<NumberFormat>, std::unique_ptr<Forward>> forwards_;
};

}  // namespace chainrule
