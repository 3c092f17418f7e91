// Random values for a network's leaves, as verification and marking need them.
#pragma once

#include <cstdint>
#include <span>

#include "eval/evaluate.h"

namespace chainrule {

// The leaves (inputs, targets, weights, constants) that the roots need, each with random numbers:
// labels within their classes, targets within (0, 1), the rest from one of several ranges, which
// change with `attempt`, so that networks with logarithms or inverse sines get points they can use.
// Values in `fixed` stay.
Bindings random_point(const Graph& graph, std::span<const NodeId> roots, std::uint64_t seed,
                      std::uint64_t attempt, const Bindings& fixed = {});

// One leaf's numbers at such a point.
Tensor random_value(const Graph& graph, NodeId leaf, std::uint64_t seed, std::uint64_t attempt);

bool is_finite(const Tensor& tensor);

}  // namespace chainrule
