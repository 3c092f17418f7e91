// How far rounding may have moved the value of an objective, to first order: half an ulp at each node
// of the reverse pass, carried on by that node's cotangent.
//
//     |error| <= sum over the nodes v of |dL/dv * v| * 2^-53
//
// log(1 - p) of a p that has all but rounded to 1 has few digits left, and finite differences of it have
// fewer. Source: S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16 (1976).
#pragma once

#include <span>

#include "derive/derive.h"
#include "eval/evaluate.h"

namespace chainrule {

// `steps` are those of deriving the objective in `graph`, `roots` what that derivation was for.
double rounding_error(const Graph& graph, std::span<const DerivationStep> steps,
                      std::span<const NodeId> roots, const Bindings& point);

// Whether a central difference with the step `h` may be off by so much and rounding alone be to blame.
// Three times the bound, as the difference takes four values of weight 8/12 and 1/12 on either side.
inline bool rounding_explains(double off, double rounding_error, double h) {
    return !(off > 3 * rounding_error / h);
}

}  // namespace chainrule
