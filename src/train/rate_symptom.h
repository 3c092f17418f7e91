// The symptom of a learning rate past the edge: the loss rises.
//
// Like is compared with like: the sample's loss with the sample's, that of all rows at the end of
// an epoch with that of another epoch. Differences, in terms of a loss's magnitude, as losses may
// be negative. Below the edge, 2 / sharpness, the loss falls (Cohen, Kaur, Li, Kolter and
// Talwalkar, "Gradient descent on neural networks typically occurs at the edge of stability",
// 2021); how far noise lifts it is taken from healthy trainings.
//
//     std::vector<Finding> found = rate_too_large(view);
#pragma once

#include <vector>

#include "train/symptom_tests.h"

namespace chainrule {

// At most one. Nothing before the first epoch, and for an optimiser without a rate.
std::vector<Finding> rate_too_large(const TrainingView& view);

}  // namespace chainrule
