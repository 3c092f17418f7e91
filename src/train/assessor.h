// How good weights are on a data set.
//
//     Assessor assessor(setup, answer_rule(network, answer_kind(network, data.targets)));
//     assessor.set_weights(weights);
//     Metrics metrics = assessor.assess(data);
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "train/answer_rule.h"
#include "train/example_source.h"
#include "train/forward.h"
#include "train/metrics.h"

namespace chainrule {

class Assessor {
public:
    // What `setup` refers to must outlive the assessor.
    Assessor(const TrainSetup& setup, std::optional<AnswerRule> rule);

    void set_weights(std::span<const Tensor> weights);

    // Over all rows, which are added in their order: the result depends on no batch size, and not
    // on the parts in which they come. The loss is the objective, in which examples count by their
    // weights where they have any; of the other metrics all count alike.
    Metrics assess(const Dataset& data);
    Metrics assess(const ExampleSource& source);
    // Calls the visitor with each part.
    using VisitParts = std::function<void(const ExampleSource::Visitor& visitor)>;
    // Of more than `most_scores` there is no area under the ROC curve (train/class_scores.h).
    Metrics assess(const VisitParts& visit_parts, std::size_t most_scores);

private:
    class Assessment;

    // Compiled code is for the formats that a data set's numbers have.
    Forward& forward_for(const Dataset& data);

    TrainSetup setup_;
    std::optional<AnswerRule> rule_;
    std::vector<Tensor> weights_;
    std::map<std::vector<NumberFormat>, std::unique_ptr<Forward>> forwards_;
};

}  // namespace chainrule
