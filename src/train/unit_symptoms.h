// The symptoms of hidden units: all the same, far too large, dead, saturated.
//
//     for (const Finding& finding : dead_units(view)) ...
#pragma once

#include <vector>

#include "train/symptom_tests.h"

namespace chainrule {

// Before the first step: units that begin alike and are still alike after some steps, so that the
// symmetry is never broken (Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 8.4).
std::vector<Finding> identical_units(const TrainingView& view);

// Before the first step: units without bounds whose values are ten thousand times those of the
// first ones, and above ten thousand. A layer is to keep the variance of what it takes (He, Zhang,
// Ren and Sun, "Delving deep into rectifiers", 2015, section 2.2); the other symptoms of such a
// network are consequences.
std::vector<Finding> exploding_values(const TrainingView& view);

// Two thirds of a value's units are 0 on all sampled rows: some die in healthy networks too (Lu,
// Shin, Su and Karniadakis, "Dying ReLU and initialization", 2019, speak of a network as born dead
// only when all are).
std::vector<Finding> dead_units(const TrainingView& view);

// Half of a value's units on 19 of 20 rows have less than a twentieth of the greatest derivative
// (Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
// 2010, section 3, watch activations drift to such values), at the beginning, or later where
// training stands still: a network that has learnt may well be sure of itself. A gate that its bias
// holds shut or open is as meant (Srivastava, Greff and Schmidhuber, "Highway networks", 2015,
// begin with a bias of -1 to -10).
std::vector<Finding> saturated_units(const TrainingView& view);

bool can_saturate(const HiddenUnits& units);

}  // namespace chainrule
