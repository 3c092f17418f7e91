#include "train/skipped_steps.h"

#include <algorithm>

namespace chainrule {

std::size_t run_finite_steps(Descent& descent, std::vector<Tensor>& weights,
                             std::vector<Tensor>& states, std::span<const std::size_t> rows,
                             std::size_t batch) {
    std::size_t left_out = 0;
    const auto undo = [&] {
        descent.set_weights(weights);
        descent.set_states(states);
    };
    undo();
    for (std::size_t first = 0; first < rows.size(); first += batch) {
        descent.run(rows.subspan(first, std::min(batch, rows.size() - first)), batch);
        if (descent.is_finite()) {
            descent.read_weights(weights);
            descent.read_states(states);
        } else {
            undo();
            ++left_out;
        }
    }
    return left_out;
}

}  // namespace chainrule
