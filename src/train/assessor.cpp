#include "train/assessor.h"

#include <algorithm>
#include <numeric>

#include "train/class_scores.h"
#include "train/number_scores.h"

namespace chainrule {
namespace {

std::vector<NodeId> roots_of(const Objective& objective, const std::optional<AnswerRule>& rule) {
    std::vector<NodeId> roots = objective.terms;
    if (rule) {
        roots.push_back(rule->output);
    }
    return roots;
}

// The answers of a network, as its rule reads them.
class Answers {
public:
    Answers(const AnswerRule& rule, std::size_t most_scores)
        : rule_(rule),
          classes_(rule.classes, rule.tells_probabilities(), most_scores),
          numbers_(rule.classes > 0 ? 0 : rule.size) {}

    void add(std::span<const double> target, std::span<const double> answer) {
        if (rule_.classes == 0) {
            numbers_.add(target, answer);
            return;
        }
        scores_.assign(answer.begin(), answer.end());
        rule_.to_probabilities(scores_);
        classes_.add(rule_.class_of_target(target), rule_.class_of(answer), scores_);
    }

    void write_to(Metrics& metrics, ThreadPool& pool) const {
        rule_.classes > 0 ? classes_.write_to(metrics, pool) : numbers_.write_to(metrics);
    }

private:
    const AnswerRule& rule_;
    ClassScores classes_;
    NumberScores numbers_;
    std::vector<double> scores_;
};

}  // namespace

Assessor::Assessor(const TrainSetup& setup, std::optional<AnswerRule> rule)
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

class Assessor::Assessment {
public:
    Assessment(Assessor& assessor, std::size_t most_scores)
        : assessor_(assessor), sums_(assessor.setup_.objective.terms.size(), 0) {
        if (assessor.rule_) {
            answers_.emplace(*assessor.rule_, most_scores);
        }
    }

    void add(const Dataset& part) {
        forward_ = &assessor_.forward_for(part);
        std::vector<std::size_t> rows;
        for (std::size_t first = 0; first < part.rows; first += forward_->most_rows()) {
            rows.resize(std::min(forward_->most_rows(), part.rows - first));
            std::iota(rows.begin(), rows.end(), first);
            forward_->run(part, rows);
            add_run(part, rows);
        }
    }

    Metrics metrics() const {
        const Objective& objective = assessor_.setup_.objective;
        Metrics metrics;
        for (std::size_t term = 0; term < sums_.size(); ++term) {
            const bool each = objective.graph.type(objective.terms[term]).per_example;
            metrics.loss += each ? sums_[term] / weight_ : forward_->value(term, 0)[0];
        }
        if (answers_) {
            answers_->write_to(metrics, assessor_.setup_.pool);
        }
        return metrics;
    }

private:
    void add_run(const Dataset& part, std::span<const std::size_t> rows) {
        for (std::size_t term = 0; term < sums_.size(); ++term) {
            for (std::size_t i = 0; i < rows.size(); ++i) {
                sums_[term] += weight_of(part, rows[i]) * forward_->value(term, i)[0];
            }
        }
        weight_ += weight_sum(part, rows);
        const std::size_t answer = sums_.size();  // the root behind the terms
        const std::span<const double> targets = part.targets;
        for (std::size_t i = 0; answers_ && i < rows.size(); ++i) {
            answers_->add(targets.subspan(rows[i] * part.target_size, part.target_size),
                          forward_->value(answer, i));
        }
    }

    Assessor& assessor_;
    Forward* forward_ = nullptr;  // of the last part
    std::vector<double> sums_;    // per term of the objective
    std::optional<Answers> answers_;
    double weight_ = 0;  // of all examples
};

Metrics Assessor::assess(const VisitParts& visit_parts, std::size_t most_scores) {
    Assessment assessment(*this, most_scores);
    visit_parts([&](const Dataset& part) { assessment.add(part); });
    return assessment.metrics();
}

Metrics Assessor::assess(const Dataset& data) {
    return assess([&](const ExampleSource::Visitor& visitor) { visitor(data); },
                  ClassScores::usually_kept);
}

Metrics Assessor::assess(const ExampleSource& source) {
    return assess([&](const ExampleSource::Visitor& visitor) { source.visit(visitor); },
                  source.most_scores());
}

}  // namespace chainrule
