// Gradients cut down before the optimiser sees them: each number to -value .. value, then all
// together to a length, as PyTorch's clip_grad_value_ and clip_grad_norm_ do.
//
//     g <- clip(g, -value, value)
//     g <- g * min(1, norm / (|g| + 1e-6))      |g| over all gradients of the step
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"

namespace chainrule {

struct Clipping {
    std::optional<double> value = std::nullopt;
    std::optional<double> norm = std::nullopt;
};

std::vector<Expr> clipped(std::vector<Expr> gradients, const Clipping& clipping);

}  // namespace chainrule
