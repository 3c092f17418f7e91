// How far rounding may have moved the value of an objective, to first order: half an ulp at each
// node of the reverse pass, carried on by that node's cotangent.
//
//     |error| <= sum over the nodes v of |dL/dv * v| * 2^-53
//
// log(1 - p) of a p that has all but rounded to 1 has few digits left, and finite differences of it
// have fewer. Source: S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16
// (1976).
#pragma once

#include <functional>
#include <span>

#include "derive/derive.h"
#include "eval/evaluate.h"

namespace chainrule {

// `steps` are those of deriving the objective in `graph`, `roots` what that derivation was for.
double rounding_error(const Graph& graph, std::span<const DerivationStep> steps,
                      std::span<const NodeId> roots, const Bindings& point);

// Whether it is the difference that is wrong where a central difference with the step `h` and the
// slope that reverse mode `expected` disagree: rounding alone explains it, or a shorter step comes
// to the slope (a bend within the step: |x| = 1 of huber, the sine of something huge). A wrong
// slope stays away from the differences at every step that rounding leaves meaning to.
bool difference_is_wrong(const std::function<double(double)>& difference, double h, double expected,
                         double rounding_error);

}  // namespace chainrule
