#include "train/descent.h"

#include "train/step_graph.h"

namespace chainrule {

std::vector<Tensor> Descent::weights() const {
    std::vector<Tensor> weights;
    read_weights(weights);
    return weights;
}

std::vector<Tensor> Descent::states() const {
    std::vector<Tensor> states;
    read_states(states);
    return states;
}

std::vector<StateLayout> state_layouts(const Network& network, const Objective& objective,
                                       const TrainOptions& options) {
    const Optimizer& optimizer = *find_optimizer(options.optimizer.name());
    if (optimizer.full_batch != nullptr) {
        return full_batch_layouts(network, options.optimizer, *optimizer.full_batch);
    }
    const StepGraph step = make_step_graph(network, objective, options);
    std::vector<StateLayout> layouts;
    for (const OptimizerState& state : step.states) {
        layouts.push_back({state.name, step.graph.type(state.leaf).shape});
    }
    return layouts;
}

std::unique_ptr<Descent> make_descent(const TrainSetup& setup, const Dataset& data) {
    const Optimizer& optimizer = *find_optimizer(setup.options.optimizer.name());
    if (optimizer.full_batch != nullptr) {
        return make_full_batch_descent(setup, data, *optimizer.full_batch);
    }
    return setup.options.backend == Backend::reference ? make_reference_descent(setup, data)
                                                       : make_compiled_descent(setup, data);
}

}  // namespace chainrule
