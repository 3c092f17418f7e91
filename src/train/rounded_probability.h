// The one loss that is not smooth where its probability has rounded to 0 or 1: binary_cross_entropy. Of a
// sigmoid it is computed from the logit (passes/stable_rules.h); here are the others, as of a clipped one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "eval/batch_evaluator.h"

namespace chainrule {

struct RoundedProbability {
    std::size_t example;
    std::string what;  // "binary_cross_entropy(p, y) gets a probability that has rounded to 1, .."
    std::string advice;  // "take binary_cross_entropy_with_logits(z, y) .."
};

// The first of a step that has been run; it is rounded to single precision first where that is what computes.
std::optional<RoundedProbability> rounded_probability(const BatchEvaluator& step, bool single);

}  // namespace chainrule
