// The identities by which a loss of probabilities is computed from what goes into the sigmoid or
// softmax that makes them.
//
// Source: the functions, as F.binary_cross_entropy_with_logits and F.log_softmax of PyTorch. Both
// sides are one function of x and y, whatever these are.
#pragma once

#include <span>

#include "passes/rewrite.h"

namespace chainrule {

std::span<const Rewrite> stable_rules();

}  // namespace chainrule
