// Derivatives along a direction by five-point central differences, to set gradients against.
//
//     f'(0) = (f(-2h) - 8 f(-h) + 8 f(h) - f(2h)) / (12 h) + O(h^4)
//
// (Abramowitz and Stegun, 25.3.6), in steps h = 2^-6 ... 2^-14, of which those two are believed
// that agree best.
#pragma once

#include <functional>

#include "eval/evaluate.h"

namespace chainrule::tests {

double slope(const std::function<double(double)>& f);

// The slope of `target`, a scalar that all examples share, as leaf `by` moves from its value in
// `at` along `direction`.
double slope_along(const Graph& graph, NodeId target, const BatchBindings& at,
                   std::size_t batch_size, NodeId by, const Batch& direction);

// A direction in the shape of `like`, its elements between -1 and 1.
Batch random_direction(const Batch& like, std::uint64_t seed, std::string_view name);

// sum(a * b) over all examples and elements.
double inner_product(const Batch& a, const Batch& b);

}  // namespace chainrule::tests
