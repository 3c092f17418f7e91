// The residuals of an objective that is a sum of squares, with their derivatives by every weight,
// as nodes.
//
//     total = sum of  coefficient * batch_mean(sum(residual^2))
//     1/2 * (y - f)^2: residual y - f, coefficient 1/2
//
// Squares are read from the formulas: e^2, e * e, dot(e, e), sums and means of them, losses that
// expand to these (squared_error, mean_squared_error), times and divided by numbers above 0;
// penalties too.
//
// Each example gets weights of its own (per_example), and reverse mode runs for each element of a
// residual: so the derivatives of one example stay apart from those of the others.
//
//     ResidualGraph residuals = make_residual_graph(network, objective);
#pragma once

#include <vector>

#include "train/objective.h"

namespace chainrule {

struct ResidualPart {
    double coefficient;
    bool per_example;  // else it is the same for all examples, as that of a penalty is
    NodeId value;
    std::size_t elements;  // of the value
    // By the weights, for each element: element * weights + weight.
    std::vector<NodeId> derivatives;
};

struct ResidualGraph {
    Objective objective;  // with the nodes of the parts in its graph; ids stay valid
    std::vector<ResidualPart> parts;
};

// UserError where the loss or a penalty is no sum of squares, and where a residual has more
// elements than reverse mode should run for.
ResidualGraph make_residual_graph(const Network& network, const Objective& objective);

}  // namespace chainrule
