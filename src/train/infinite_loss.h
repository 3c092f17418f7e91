// The step of an epoch at which the loss is not finite though its gradient is, as that of
// log(relu(w x)) where the unit is dead. Steps compute gradients alone, so that the loss is seen
// when the epoch is over; then they are taken again, with a look at the loss of each one's rows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "train/assessor.h"
#include "train/failure.h"

namespace chainrule {

struct EpochAgain {
    const TrainSetup& setup;
    ExampleSource& source;  // at the beginning of the epoch, as is the descent
    Descent& descent;
    Assessor& assessor;
    std::size_t batch;
    std::function<double(std::int64_t step)> rate;  // of a step of the epoch, from 0
};

// None where only the loss at the end of the epoch is not finite.
std::optional<Failure> find_infinite_loss(const EpochAgain& epoch);

}  // namespace chainrule
