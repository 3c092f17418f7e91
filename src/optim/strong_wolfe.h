// The length of a step along a direction by the strong Wolfe conditions: with phi(t) = loss(w + t *
// d),
//
//     phi(t) <= phi(0) + 1e-4 * t * phi'(0)    and    |phi'(t)| <= 0.9 * |phi'(0)|
//
// A bracket around such a t is found by stepping outwards, then narrowed by cubic interpolation
// (Nocedal and Wright, Numerical Optimization, 2006, algorithms 3.5 and 3.6, formula 3.59), in the
// very steps of PyTorch's torch.optim.LBFGS with line_search_fn="strong_wolfe".
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace chainrule {

// A point on the line.
struct LinePoint {
    double t = 0;
    double loss = 0;
    double slope = 0;  // phi'(t)
    std::vector<double> gradient = {};
};

struct LineSearch {
    std::function<LinePoint(double t)> at;
    double largest;           // absolute value in the direction
    double tolerance;         // a bracket shorter than this, times `largest`, is not narrowed
    std::int64_t most_steps;  // outwards and inwards, each with one evaluation after the first
};

struct LineResult {
    LinePoint point;
    std::int64_t evaluations;
};

// `start` is the point at t = 0, whose slope is negative; `first` the t to begin with.
LineResult strong_wolfe(const LineSearch& search, const LinePoint& start, double first);

}  // namespace chainrule
