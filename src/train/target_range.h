// The symptom of targets that a binary loss is not meant for: labels of 2 and 4, where it takes
// probabilities. Its loss then has no least value, and falls below 0 without end.
//
//     std::vector<Finding> found = targets_out_of_range(view);
#pragma once

#include <vector>

#include "train/symptom_tests.h"

namespace chainrule {

// At most one, before the first epoch: of a target that a binary cross-entropy takes as it is, with
// a sampled row where it is below 0 or above 1.
std::vector<Finding> targets_out_of_range(const TrainingView& view);

}  // namespace chainrule
