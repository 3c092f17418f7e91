#include "train/gradient_sample.h"

#include <algorithm>

namespace chainrule {
namespace {

std::vector<NodeId> sampled_roots(const Objective& objective, const std::vector<NodeId>& watched) {
    std::vector<NodeId> roots = objective.gradients;
    roots.push_back(objective.total);
    roots.insert(roots.end(), watched.begin(), watched.end());
    return roots;
}

}  // namespace

GradientSample::GradientSample(const TrainSetup& setup, const Dataset& data, std::size_t filled,
                               const std::vector<NodeId>& watched)
    : data_(data),
      weights_(setup.objective.gradients.size()),
      watched_(watched.size()),
      forward_(make_forward(setup, sampled_roots(setup.objective, watched), data, 256)) {
    const std::size_t count = std::min(most_rows, filled);
    for (std::size_t i = 0; i < count; ++i) {
        rows_.push_back(i * filled / count);
    }
}

SampleValues GradientSample::values_at(std::span<const Tensor> weights) {
    SampleValues values;
    values.rows = rows_.size();
    values.watched.resize(watched_);
    for (const Tensor& weight : weights) {
        values.gradients.push_back(Tensor::filled(weight.shape, 0));
    }
    forward_->set_weights(weights);
    const std::span<const std::size_t> rows = rows_;
    const double all = weight_sum(data_, rows);
    for (std::size_t first = 0; first < rows.size(); first += forward_->most_rows()) {
        const auto some = rows.subspan(first, std::min(forward_->most_rows(), rows.size() - first));
        forward_->run(data_, some);
        // Each is an average over its rows, and so is their average by the weight of the rows.
        add_run(values, some.size(), all > 0 ? weight_sum(data_, some) / all : 0);
    }
    return values;
}

void GradientSample::add_run(SampleValues& values, std::size_t rows, double share) {
    for (std::size_t i = 0; i < weights_; ++i) {
        const std::span<const double> gradient = forward_->value(i, 0);
        for (std::size_t k = 0; k < gradient.size(); ++k) {
            values.gradients[i].data[k] += share * gradient[k];
        }
    }
    values.loss += share * forward_->value(weights_, 0)[0];
    for (std::size_t i = 0; i < watched_; ++i) {
        for (std::size_t row = 0; row < rows; ++row) {
            const std::span<const double> numbers = forward_->value(weights_ + 1 + i, row);
            values.watched[i].insert(values.watched[i].end(), numbers.begin(), numbers.end());
        }
    }
}

}  // namespace chainrule
