#include "train/metrics.h"

#include <algorithm>
#include <numeric>

#include "train/feed.h"

namespace chainrule {
namespace {

// Rows evaluated at once: bounds the memory that a large data set takes.
constexpr std::size_t chunk = 128;

std::vector<NodeId> roots_of(const Objective& objective, const std::optional<AccuracyRule>& rule) {
    std::vector<NodeId> roots = objective.terms;
    if (rule) {
        roots.push_back(rule->output);
    }
    return roots;
}

}  // namespace

Assessor::Assessor(const Network& network, const Objective& objective,
                   std::optional<AccuracyRule> rule)
    : network_(network),
      objective_(objective),
      rule_(rule),
      evaluator_(objective.graph, roots_of(objective, rule)) {
    feed_constants(evaluator_, network);
}

void Assessor::set_weights(std::span<const Tensor> weights) {
    feed_weights(evaluator_, network_, weights);
}

Metrics Assessor::assess(const Dataset& data) {
    std::vector<std::size_t> rows(std::min(chunk, data.rows));
    std::vector<double> sums(objective_.terms.size(), 0);
    std::size_t right = 0;
    for (std::size_t first = 0; first < data.rows; first += chunk) {
        rows.resize(std::min(chunk, data.rows - first));
        std::iota(rows.begin(), rows.end(), first);
        feed_rows(evaluator_, network_, data, rows);
        evaluator_.run();
        for (std::size_t term = 0; term < sums.size(); ++term) {
            for (const Tensor& value : evaluator_[objective_.terms[term]]) {
                sums[term] += value.data[0];
            }
        }
        right += count_right(data, rows);
    }
    Metrics metrics;
    const auto count = static_cast<double>(data.rows);
    for (std::size_t term = 0; term < sums.size(); ++term) {
        const NodeId id = objective_.terms[term];
        metrics.loss +=
            objective_.graph.type(id).per_example ? sums[term] / count : evaluator_[id][0].data[0];
    }
    if (rule_) {
        metrics.accuracy = static_cast<double>(right) / count;
    }
    return metrics;
}

std::size_t Assessor::count_right(const Dataset& data, std::span<const std::size_t> rows) const {
    if (!rule_) {
        return 0;
    }
    const std::span<const Tensor> answers = evaluator_[rule_->output];
    const std::span<const double> targets = data.targets;
    std::size_t right = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto target = targets.subspan(rows[i] * data.target_size, data.target_size);
        // An output that depends on no input is the same for every example.
        right += rule_->is_right(answers[answers.size() == 1 ? 0 : i].data, target) ? 1 : 0;
    }
    return right;
}

}  // namespace chainrule
