// How good weights are on a data set: the objective (mean loss plus penalties) and the accuracy.
//
//     Assessor assessor(network, objective, accuracy_rule(network, data.targets));
//     assessor.set_weights(weights);
//     Metrics metrics = assessor.assess(data);
#pragma once

#include <optional>
#include <span>

#include "data/dataset.h"
#include "eval/batch_evaluator.h"
#include "train/accuracy.h"
#include "train/objective.h"

namespace chainrule {

struct Metrics {
    double loss = 0;
    std::optional<double> accuracy;  // in 0 .. 1; none in regression
};

class Assessor {
public:
    // Network and objective must outlive the assessor.
    Assessor(const Network& network, const Objective& objective, std::optional<AccuracyRule> rule);

    void set_weights(std::span<const Tensor> weights);

    // Over all rows, which are added in their order: the result depends on no batch size.
    Metrics assess(const Dataset& data);

private:
    std::size_t count_right(const Dataset& data, std::span<const std::size_t> rows) const;

    const Network& network_;
    const Objective& objective_;
    std::optional<AccuracyRule> rule_;
    BatchEvaluator evaluator_;
};

}  // namespace chainrule
