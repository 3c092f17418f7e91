// Gradient descent on the reference evaluator: double precision, the weights rounded to the chosen
// format after every step.
#include <algorithm>
#include <cmath>

#include "train/descent.h"
#include "train/feed.h"
#include "train/weights.h"

namespace chainrule {
namespace {

class ReferenceDescent final : public Descent {
public:
    ReferenceDescent(const TrainSetup& setup, const Dataset& data)
        : setup_(setup), data_(data), step_(setup.objective.graph, setup.objective.gradients) {
        feed_constants(step_, setup.network);
    }

    void set_weights(std::span<const Tensor> weights) override {
        weights_.assign(weights.begin(), weights.end());
        round_to(setup_.options.dtype, weights_);
    }
    std::vector<Tensor> weights() const override { return weights_; }
    bool is_finite() const override { return are_finite(weights_); }
    std::string description() const override { return "the reference evaluator"; }

    void run(std::span<const std::size_t> order, std::size_t batch) override {
        for (std::size_t first = 0; first < order.size(); first += batch) {
            step(order.subspan(first, std::min(batch, order.size() - first)));
        }
    }

private:
    void step(std::span<const std::size_t> rows) {
        feed_weights(step_, setup_.network, weights_);
        feed_rows(step_, setup_.network, data_, rows);
        step_.run();
        for (std::size_t i = 0; i < weights_.size(); ++i) {
            const Tensor& gradient = step_[setup_.objective.gradients[i]][0];
            for (std::size_t k = 0; k < weights_[i].data.size(); ++k) {
                weights_[i].data[k] -= setup_.options.rate * gradient.data[k];
            }
        }
        round_to(setup_.options.dtype, weights_);
    }

    TrainSetup setup_;
    const Dataset& data_;
    BatchEvaluator step_;
    std::vector<Tensor> weights_;
};

}  // namespace

std::unique_ptr<Descent> make_reference_descent(const TrainSetup& setup, const Dataset& data) {
    return std::make_unique<ReferenceDescent>(setup, data);
}

}  // namespace chainrule
