// Gradient descent on compiled code.
#include <algorithm>

#include "compile/compile.h"
#include "train/descent.h"
#include "train/leaf_memory.h"
#include "train/step_graph.h"

namespace chainrule {
namespace {

Plan plan_of_step(const TrainSetup& setup, const Dataset& data, std::size_t batch) {
    const StepGraph step = make_step_graph(setup.network, setup.objective);
    return make_plan(step.graph, {.real = real_of(setup.options.dtype),
                                  .batch = static_cast<std::int64_t>(batch),
                                  .updates = step.updates,
                                  .formats = formats_of(setup.network, data)});
}

class CompiledDescent final : public Descent {
public:
    CompiledDescent(const TrainSetup& setup, const Dataset& data)
        : memory_(setup.network, setup.options.dtype),
          step_(plan_of_step(setup, data,
                             std::min(static_cast<std::size_t>(setup.options.batch), data.rows)),
                setup.pool),
          rate_(setup.options.rate),
          single_rate_(static_cast<float>(setup.options.rate)) {
        memory_.bind_to(step_);
        bind_data(step_, setup.network, data);
        const bool single = setup.options.dtype == DType::f32;
        step_.bind(rate_leaf, single ? static_cast<void*>(&single_rate_) : &rate_);
    }

    void set_weights(std::span<const Tensor> weights) override { memory_.set_weights(weights); }
    std::vector<Tensor> weights() const override { return memory_.weights(); }
    bool is_finite() const override { return memory_.is_finite(); }

    void run(std::span<const std::size_t> order, std::size_t batch) override {
        rows_.assign(order.begin(), order.end());
        const std::span<const std::int64_t> rows(rows_);
        for (std::size_t first = 0; first < rows.size(); first += batch) {
            step_.run(rows.subspan(first, std::min(batch, rows.size() - first)));
        }
    }

private:
    LeafMemory memory_;
    CompiledGraph step_;
    double rate_;
    float single_rate_;
    std::vector<std::int64_t> rows_;
};

}  // namespace

std::unique_ptr<Descent> make_compiled_descent(const TrainSetup& setup, const Dataset& data) {
    return std::make_unique<CompiledDescent>(setup, data);
}

}  // namespace chainrule
