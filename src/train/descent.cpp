#include "train/descent.h"

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

std::unique_ptr<Descent> make_descent(const TrainSetup& setup, const Dataset& data) {
    const Optimizer& optimizer = *find_optimizer(setup.options.optimizer.name());
    if (optimizer.full_batch != nullptr) {
        return make_full_batch_descent(setup, data, *optimizer.full_batch);
    }
    return setup.options.backend == Backend::reference ? make_reference_descent(setup, data)
                                                       : make_compiled_descent(setup, data);
}

}  // namespace chainrule
