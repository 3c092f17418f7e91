// Descent on the reference evaluator: double precision, the weights and the optimiser's states
// rounded to the chosen format after every step.
#include <algorithm>
#include <cmath>

#include "train/descent.h"
#include "train/feed.h"
#include "train/step_graph.h"
#include "train/weights.h"

namespace chainrule {
namespace {

class ReferenceDescent final : public Descent {
public:
    ReferenceDescent(const TrainSetup& setup, const Dataset& data)
        : setup_(setup),
          data_(data),
          step_(make_step_graph(setup.network, setup.objective, setup.options)),
          evaluator_(step_.graph, step_.graph.outputs),
          rate_(setup.options.rate) {
        feed_constants(evaluator_, setup.network);
        for (const OptimizerState& state : step_.states) {
            states_.push_back(Tensor::filled(step_.graph.type(state.leaf).shape, 0));
        }
    }

    void set_weights(std::span<const Tensor> weights) override { set(weights_, weights); }
    void read_weights(std::vector<Tensor>& weights) const override { weights = weights_; }
    std::vector<std::string> state_names() const override {
        std::vector<std::string> names;
        for (const OptimizerState& state : step_.states) {
            names.push_back(state.name);
        }
        return names;
    }
    void set_states(std::span<const Tensor> states) override { set(states_, states); }
    void read_states(std::vector<Tensor>& states) const override { states = states_; }
    void set_rate(double rate) override { rate_ = rate; }
    bool is_finite() const override { return are_finite(weights_) && are_finite(states_); }
    std::string description() const override { return "the reference evaluator"; }

    void run(std::span<const std::size_t> order, std::size_t batch) override {
        for (std::size_t first = 0; first < order.size(); first += batch) {
            step(order.subspan(first, std::min(batch, order.size() - first)));
        }
    }

private:
    void set(std::vector<Tensor>& own, std::span<const Tensor> given) const {
        own.assign(given.begin(), given.end());
        round_to(setup_.options.dtype, own);
    }

    void step(std::span<const std::size_t> rows) {
        feed_weights(evaluator_, setup_.network, weights_);
        feed_leaf(evaluator_, step_.graph.find(rate_leaf).value(), Tensor::filled({}, rate_));
        for (std::size_t i = 0; i < states_.size(); ++i) {
            feed_leaf(evaluator_, step_.states[i].leaf, states_[i]);
        }
        feed_rows(evaluator_, setup_.network, data_, rows);
        evaluator_.run();
        std::size_t output = 0;
        for (std::vector<Tensor>* tensors : {&weights_, &states_}) {
            for (Tensor& tensor : *tensors) {
                tensor = evaluator_[step_.graph.outputs[output++]][0];
            }
            round_to(setup_.options.dtype, *tensors);
        }
    }

    TrainSetup setup_;
    const Dataset& data_;
    StepGraph step_;
    BatchEvaluator evaluator_;
    double rate_;
    std::vector<Tensor> weights_;
    std::vector<Tensor> states_;
};

}  // namespace

std::unique_ptr<Descent> make_reference_descent(const TrainSetup& setup, const Dataset& data) {
    return std::make_unique<ReferenceDescent>(setup, data);
}

}  // namespace chainrule
