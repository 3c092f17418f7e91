#include "train/gradient_sample.h"

#include <algorithm>

namespace chainrule {

GradientSample::GradientSample(const TrainSetup& setup, const ExampleSource& training)
    : setup_(setup),
      data_(training.window()),
      gradients_(make_forward(setup, setup.objective.gradients, data_, 256)) {
    // The places of a window behind as many as there are rows may never be filled.
    const std::size_t rows = std::min(data_.rows, training.rows());
    const std::size_t count = std::min(most_rows, rows);
    for (std::size_t i = 0; i < count; ++i) {
        rows_.push_back(i * rows / count);
    }
}

std::vector<Tensor> GradientSample::at(std::span<const Tensor> weights) {
    std::vector<Tensor> sums;
    for (const Tensor& weight : weights) {
        sums.push_back(Tensor::filled(weight.shape, 0));
    }
    gradients_->set_weights(weights);
    const std::span<const std::size_t> rows = rows_;
    for (std::size_t first = 0; first < rows.size(); first += gradients_->most_rows()) {
        const auto some =
            rows.subspan(first, std::min(gradients_->most_rows(), rows.size() - first));
        gradients_->run(data_, some);
        // Each is a mean over its rows, and so is their mean by the numbers of rows.
        const double share = static_cast<double>(some.size()) / static_cast<double>(rows.size());
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
