// The identities that make compiled code do less. Unlike the readable ones they hold for every
// double, infinities, NaN and signs of zero included, or differ in the last rounding only.
#pragma once

#include <span>

#include "passes/rewrite.h"

namespace chainrule {

std::span<const Rewrite> speed_rules();

// The pass: every anonymous node, operands first.
Graph rewrite_for_speed(const Graph& graph);

}  // namespace chainrule
