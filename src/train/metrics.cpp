#include "train/metrics.h"

#include <algorithm>
#include <numeric>

namespace chainrule {
namespace {

std::vector<NodeId> roots_of(const Objective& objective, const std::optional<AccuracyRule>& rule) {
    std::vector<NodeId> roots = objective.terms;
    if (rule) {
        roots.push_back(rule->output);
    }
    return roots;
}

}  // namespace

Assessor::Assessor(const TrainSetup& setup, std::optional<AccuracyRule> rule)
    : setup_(setup), rule_(rule) {}

void Assessor::set_weights(std::span<const Tensor> weights) {
    weights_.assign(weights.begin(), weights.end());
    for (auto& [formats, forward] : forwards_) {
        forward->set_weights(weights_);
    }
}

Forward& Assessor::forward_for(const Dataset& data) {
    std::vector<NumberFormat> formats;
    for (const Numbers& numbers : data.inputs) {
        formats.push_back(numbers.format());
    }
    std::unique_ptr<Forward>& forward = forwards_[formats];
    if (forward == nullptr) {
        forward = make_forward(setup_, roots_of(setup_.objective, rule_), data);
        forward->set_weights(weights_);
    }
    return *forward;
}

Metrics Assessor::assess(const Dataset& data) {
    const Objective& objective = setup_.objective;
    Forward& forward = forward_for(data);
    std::vector<std::size_t> rows;
    std::vector<double> sums(objective.terms.size(), 0);
    std::size_t right = 0;
    for (std::size_t first = 0; first < data.rows; first += forward.most_rows()) {
        rows.resize(std::min(forward.most_rows(), data.rows - first));
        std::iota(rows.begin(), rows.end(), first);
        forward.run(data, rows);
        for (std::size_t term = 0; term < sums.size(); ++term) {
            for (std::size_t i = 0; i < rows.size(); ++i) {
                sums[term] += forward.value(term, i)[0];
            }
        }
        right += count_right(forward, data, rows);
    }
    Metrics metrics;
    const auto count = static_cast<double>(data.rows);
    for (std::size_t term = 0; term < sums.size(); ++term) {
        const bool each = objective.graph.type(objective.terms[term]).per_example;
        metrics.loss += each ? sums[term] / count : forward.value(term, 0)[0];
    }
    if (rule_) {
        metrics.accuracy = static_cast<double>(right) / count;
    }
    return metrics;
}

std::size_t Assessor::count_right(Forward& forward, const Dataset& data,
                                  std::span<const std::size_t> rows) const {
    if (!rule_) {
        return 0;
    }
    const std::size_t answer = setup_.objective.terms.size();  // the root behind the terms
    const std::span<const double> targets = data.targets;
    std::size_t right = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto target = targets.subspan(rows[i] * data.target_size, data.target_size);
        right += rule_->is_right(forward.value(answer, i), target) ? 1 : 0;
    }
    return right;
}

}  // namespace chainrule
