// What the losses share: a prediction and a target of one shape, either of which may be a scalar
// instead, make one number, the sum over their elements.
//
// A class(2) label counts as the number 0 or 1.
#pragma once

#include <string_view>

#include "ops/rules.h"

namespace chainrule {

// A scalar; a ShapeError if prediction (operand 0) and target (operand 1) have two shapes, if the
// prediction is a label, or if the target is a label of more than two classes.
Type loss_shape(const ShapeCall& call, std::string_view op);

// The sum of f(prediction, target) over the elements.
double sum_of_losses(const ReferenceCall& call, double (*f)(double prediction, double target));

// The elements that a loss sums over.
std::int64_t loss_size(const GradientCall& g);

// `value`, the gradient of each element, for the operand that the gradient is with respect to:
// summed if that is a scalar beside a tensor.
Expr loss_gradient(const GradientCall& g, Expr value);

// x * log(y), which is 0 where x is, whatever y.
double x_log_y(double x, double y);

// Equal shapes, a scalar beside a tensor, and class(2) labels.
std::vector<SampleCase> loss_cases();

}  // namespace chainrule
