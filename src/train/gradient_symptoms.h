// The symptoms of gradients on their way from the loss to the inputs: they vanish or explode.
//
//     for (const Finding& finding : vanishing_gradients(view)) ...
#pragma once

#include <vector>

#include "train/symptom_tests.h"

namespace chainrule {

// Before the first step: a step along the gradient of all weights, as long as they are, would not
// change a digit of the loss in single precision (as where an output is saturated). After an epoch:
// the first layer's gradient, of three at least, is a ten thousandth of the last one's. In healthy
// networks the ratio is between a hundredth and a hundred (Glorot and Bengio, 2010, figures 6 and
// 7: within one order of magnitude over five layers); the sigmoid's greatest derivative, 1/4, makes
// it 1/10000 in seven further layers.
std::vector<Finding> vanishing_gradients(const TrainingView& view);

// The first layer's gradient is ten thousand times the last one's; that of all weights is as many
// times what it was at the beginning, and the loss is above its first value.
std::vector<Finding> exploding_on_the_road(const TrainingView& view);
std::vector<Finding> exploding_by_steps(const TrainingView& view);

}  // namespace chainrule
