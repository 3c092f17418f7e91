#include "train/gradient_sample.h"

#include <algorithm>

namespace chainrule {

GradientSample::GradientSample(const TrainSetup& setup, const Dataset& training)
    : setup_(setup),
      data_(training),
      gradients_(make_forward(setup, setup.objective.gradients, training, 256)) {
    const std::size_t count = std::min(most_rows, training.rows);
    for (std::size_t i = 0; i < count; ++i) {
        rows_.push_back(i * training.rows / count);
    }
}

std::vector<Tensor> GradientSample::at(std::span<const Tensor> weights) {
    std::vector<Tensor> sums;
    for (const Tensor& weight : weights) {
        sums.push_back(Tensor::filled(weight.shape, 0));
    }
    gradients_->set_weights(weights);
    const std::span<const std::size_t> rows = rows_;
    const double all = weight_sum(data_, rows);
    for (std::size_t first = 0; first < rows.size(); first += gradients_->most_rows()) {
        const auto some =
            rows.subspan(first, std::min(gradients_->most_rows(), rows.size() - first));
        gradients_->run(data_, some);
        // Each is an average over its rows, and so is their average by the weight of the rows.
        const double share = all > 0 ? weight_sum(data_, some) / all : 0;
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const std::span<const double> gradient = gradients_->value(i, 0);
            for (std::size_t k = 0; k < gradient.size(); ++k) {
                sums[i].data[k] += share * gradient[k];
            }
        }
    }
    return sums;
}

}  // namespace chainrule
