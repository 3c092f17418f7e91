// The one loss that is not smooth where its probability has rounded to 0 or 1:
// binary_cross_entropy. Of a sigmoid it is computed from the logit (passes/stable_losses.h); here
// are the others, as of a clipped one. Against its y the loss is infinite; with its y the loss is 0
// and only the derivative is 0 / 0.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "eval/batch_evaluator.h"

namespace chainrule {

struct RoundedProbability {
    double value;    // 0 or 1
    bool is_target;  // its y is the same
};

// Of `loss`, a binary_cross_entropy in a step that has been run, at an example: rather one against
// its y. It is rounded to single precision first where that is what computes.
std::optional<RoundedProbability> rounded_probability(const BatchEvaluator& step, NodeId loss,
                                                      std::size_t example, bool single);

// "binary_cross_entropy(p, y) gets a probability that has rounded to 1, where it is infinite"
std::string words_on_rounding(const Graph& graph, NodeId loss, const RoundedProbability& rounded);

constexpr std::string_view advice_on_rounding =
    "take binary_cross_entropy_with_logits(z, y) of the z that goes into the sigmoid; of a "
    "softmax, "
    "cross_entropy(z, label)";

}  // namespace chainrule
