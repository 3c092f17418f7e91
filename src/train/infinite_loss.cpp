#include "train/infinite_loss.h"

#include <cmath>

#include "train/failed_step.h"

namespace chainrule {

std::optional<Failure> find_infinite_loss(const EpochAgain& epoch) {
    std::vector<Tensor> weights = epoch.descent.weights();
    for (std::size_t step = 0;; ++step) {
        const std::span<const std::size_t> rows = epoch.source.take(1, epoch.batch);
        if (rows.empty()) {
            return std::nullopt;
        }
        const Dataset& window = epoch.source.window();
        epoch.assessor.set_weights(weights);
        if (!std::isfinite(epoch.assessor.assess(select_rows(window, rows)).loss)) {
            auto failure = find_value({epoch.setup, window, weights, {}, 0}, weights, rows);
            if (failure) {
                failure->step = step;
            }
            return failure;
        }
        epoch.descent.set_rate(epoch.rate(static_cast<std::int64_t>(step)));
        epoch.descent.run(rows, epoch.batch);
        epoch.descent.read_weights(weights);
    }
}

}  // namespace chainrule
