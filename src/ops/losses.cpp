#include "ops/losses.h"

#include <algorithm>
#include <cmath>

#include "ops/shapes.h"

namespace chainrule {

Type loss_shape(const ShapeCall& call, std::string_view op) {
    refuse_index(call, op, 0);
    const Type& target = call[1];
    if (target.is_index() && target.classes != 2) {
        throw ShapeError(std::string(op) + " takes a label of two classes, as 0 or 1, and " +
                             call.describe(1) + " has " +
                             (target.classes > 0 ? std::to_string(target.classes) : "any number"),
                         1, "cross_entropy compares with a class, one_hot makes numbers of it");
    }
    const bool alike = call[0].shape == target.shape && call[0].row == target.row;
    if (!alike && !call[0].is_scalar() && !target.is_scalar()) {
        throw ShapeError("cannot compute " + describe_call(call, op) +
                             ": prediction and target must have one shape",
                         1);
    }
    return scalar_result(call);
}

double sum_of_losses(const ReferenceCall& call, double (*f)(double prediction, double target)) {
    const std::size_t count = call[0].is_scalar() ? call[1].size() : call[0].size();
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
        sum +=
            f(call[0].data[call[0].is_scalar() ? 0 : i], call[1].data[call[1].is_scalar() ? 0 : i]);
    }
    return sum;
}

namespace {

// Prediction and target broadcast together.
const Type& common_type(const GradientCall& g) {
    return g.x[g.x[0].type().is_scalar() ? 1 : 0].type();
}

}  // namespace

std::int64_t loss_size(const GradientCall& g) { return element_count(common_type(g).shape); }

Expr loss_gradient(const GradientCall& g, Expr value) {
    return sum_to(broadcast_to(value, common_type(g)), g.x[g.operand].type());
}

double x_log_y(double x, double y) { return x == 0 ? 0 : x * std::log(y); }

std::vector<SampleCase> loss_cases() {
    std::vector<SampleCase> cases = binary_cases();
    cases.push_back({{f64({4}), f64()}, {}});
    cases.push_back({{f64(), f64({4})}, {}});
    cases.push_back({{f64(), index_type({}, 2)}, {}});
    cases.push_back({{f64({20}), index_type({20}, 2)}, {}});
    cases.push_back({{f64({1}), index_type({}, 2)}, {}});
    return cases;
}

}  // namespace chainrule
