#include "cli/checkpoint_writer.h"

#include <algorithm>
#include <utility>

namespace chainrule {

bool CheckpointWriter::is_due(const TrainState& state) const {
    constexpr double within_an_epoch = 10;
    constexpr double least_share = 20;
    if (every_.count() == 0) {
        return true;
    }
    const auto pause =
        std::max(every_ * (state.batch == 0 ? 1 : within_an_epoch), cost_ * least_share);
    return Clock::now() - last_ >= pause;
}

void CheckpointWriter::warn(std::vector<Diagnostic> diagnostics) {
    for (Diagnostic& diagnostic : diagnostics) {
        diagnostic.severity = Severity::warning;
        diagnostic.message += "; training goes on, and what was saved before stays";
        print(diagnostic, context_);
    }
}

void CheckpointWriter::offer(const TrainState& state) {
    if (!is_due(state)) {
        return;
    }
    const Clock::time_point begin = Clock::now();
    try {
        save_(state);
    } catch (const UserError& error) {
        if (std::exchange(refusal_, error.what()) != error.what()) {
            warn(error.diagnostics());
        }
    }
    last_ = Clock::now();
    cost_ = last_ - begin;
}

}  // namespace chainrule
