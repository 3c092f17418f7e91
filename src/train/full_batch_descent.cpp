// Descent by a method of the whole data: a step evaluates the loss or the residuals by compiled
// code, or by reference, as often as the method asks. The rows are taken in the order of the data,
// so that every epoch sees the same function to the last bit. Weights and states are rounded to the
// chosen format after every step.
#include <fmt/format.h>

#include <algorithm>

#include "train/descent.h"
#include "train/row_functions.h"
#include "train/weights.h"

namespace chainrule {
namespace {

class FullBatchDescent : public Descent {
public:
    FullBatchDescent(const TrainSetup& setup, const FullBatchMethod& method)
        : setup_(setup), rate_(setup.options.rate) {
        for (const StateLayout& state :
             full_batch_layouts(setup.network, setup.options.optimizer, method)) {
            state_names_.push_back(state.name);
            states_.push_back(Tensor::filled(state.shape, 0));
        }
    }

    void set_weights(std::span<const Tensor> weights) final { set(weights_, weights); }
    void read_weights(std::vector<Tensor>& weights) const final { weights = weights_; }
    std::vector<std::string> state_names() const final { return state_names_; }
    void set_states(std::span<const Tensor> states) final { set(states_, states); }
    void read_states(std::vector<Tensor>& states) const final { states = states_; }
    void set_rate(double rate) final { rate_ = rate; }
    bool is_finite() const final { return are_finite(weights_) && are_finite(states_); }

    std::string convergence() const final {
        return states_.back().data[0] != 0 ? fmt::format("converged after {} iterations",
                                                         format_number(states_.at(0).data[0]))
                                           : "";
    }

    std::string description() const final {
        const bool reference = setup_.options.backend == Backend::reference;
        return fmt::format("{} on the whole data, its functions by {}",
                           setup_.options.optimizer.name(),
                           reference ? "the reference evaluator" : "compiled code");
    }

    void run(std::span<const std::size_t> order, std::size_t batch) final {
        for (std::size_t first = 0; first < order.size(); first += batch) {
            const auto rows = order.subspan(first, std::min(batch, order.size() - first));
            rows_.assign(rows.begin(), rows.end());
            std::ranges::sort(rows_);
            step();
        }
    }

protected:
    // Whether it has arrived.
    virtual bool take(const FullBatchStep& step, std::span<const std::size_t> rows) = 0;

private:
    void set(std::vector<Tensor>& own, std::span<const Tensor> given) const {
        own.assign(given.begin(), given.end());
        round_to(setup_.options.dtype, own);
    }

    void step() {
        std::vector<double> flat = flat_weights(weights_);
        const bool has_arrived = take({setup_.options.optimizer, rate_, flat, states_}, rows_);
        states_.back() = has_arrived ? 1 : 0;
        weights_ = shaped_weights(setup_.network, flat);
        round_to(setup_.options.dtype, weights_);
        round_to(setup_.options.dtype, states_);
    }

    TrainSetup setup_;
    double rate_;
    std::vector<Tensor> weights_;
    std::vector<std::string> state_names_;
    std::vector<Tensor> states_;  // those of the method, then whether it has converged
    std::vector<std::size_t> rows_;
};

class LossDescent final : public FullBatchDescent {
public:
    LossDescent(const TrainSetup& setup, const Dataset& data, const FullBatchMethod& method,
                StepByLoss step)
        : FullBatchDescent(setup, method), step_(step), loss_(setup, data) {}

private:
    bool take(const FullBatchStep& step, std::span<const std::size_t> rows) override {
        return step_(step, [&](std::span<const double> weights, std::vector<double>& gradient) {
            return loss_.at(rows, weights, gradient);
        });
    }

    StepByLoss step_;
    LossOverRows loss_;
};

class ResidualDescent final : public FullBatchDescent {
public:
    ResidualDescent(const TrainSetup& setup, const Dataset& data, const FullBatchMethod& method,
                    StepByResiduals step)
        : FullBatchDescent(setup, method), step_(step), residuals_(setup, data) {}

private:
    bool take(const FullBatchStep& step, std::span<const std::size_t> rows) override {
        return step_(step,
                     {.values = [&](auto weights,
                                    auto& values) { residuals_.values(rows, weights, values); },
                      .derivatives =
                          [&](auto weights, auto& values, auto& derivatives) {
                              residuals_.derivatives(rows, weights, values, derivatives);
                          }});
    }

    StepByResiduals step_;
    ResidualsOverRows residuals_;
};

}  // namespace

std::vector<StateLayout> full_batch_layouts(const Network& network, const Choice& optimizer,
                                            const FullBatchMethod& method) {
    std::int64_t numbers = 0;
    for (const Weight& weight : network.weights) {
        numbers += element_count(network.graph.type(weight.node).shape);
    }
    std::vector<StateLayout> layouts;
    for (const FullBatchState& state : method.states(optimizer, numbers)) {
        layouts.push_back({fmt::format("{}.{}", optimizer.name(), state.name), state.shape});
    }
    layouts.push_back({fmt::format("{}.converged", optimizer.name()), {}});
    return layouts;
}

std::unique_ptr<Descent> make_full_batch_descent(const TrainSetup& setup, const Dataset& data,
                                                 const FullBatchMethod& method) {
    if (const auto* by_loss = std::get_if<StepByLoss>(&method.step)) {
        return std::make_unique<LossDescent>(setup, data, method, *by_loss);
    }
    return std::make_unique<ResidualDescent>(setup, data, method,
                                             std::get<StepByResiduals>(method.step));
}

}  // namespace chainrule
