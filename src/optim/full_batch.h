// Methods that look at all rows before they move: a step of one evaluates the objective, or the
// residuals that it is the sum of squares of, at points of the method's own choosing, so that it is
// code and no formula in the compiled step. An epoch is one step.
//
// All numbers of all weights stand in one vector. What a method keeps from step to step are
// tensors, as of every optimiser: all 0 before the first step, and with the weights all there is to
// go on from.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "ir/tensor.h"
#include "optim/setting.h"

namespace chainrule {

struct FullBatchState {
    std::string_view name;
    Shape shape;
};

// What one step works with.
struct FullBatchStep {
    const Choice& choice;
    double rate;
    std::vector<double>& weights;
    // In the order of the method's states, behind which may be more; the first one is `iterations`,
    // how many there have been.
    std::vector<Tensor>& states;
};

// The objective at some weights; fills its gradient in.
using LossFunction =
    std::function<double(std::span<const double> weights, std::vector<double>& gradient)>;

// The objective is the sum of their squares.
struct Residuals {
    std::function<void(std::span<const double> weights, std::vector<double>& values)> values;
    // dvalue[i]/dweight[k] at derivatives[k * values.size() + i]; the values too.
    std::function<void(std::span<const double> weights, std::vector<double>& values,
                       std::vector<double>& derivatives)>
        derivatives;
};

// Whether the method has arrived: a further step would not move the weights by what its tolerances
// say.
using StepByLoss = bool (*)(const FullBatchStep& step, const LossFunction& loss);
using StepByResiduals = bool (*)(const FullBatchStep& step, const Residuals& residuals);

struct FullBatchMethod {
    std::vector<FullBatchState> (*states)(const Choice& choice, std::int64_t weights);
    std::variant<StepByLoss, StepByResiduals> step;
};

// Of vectors of equal length, summed from the first element on.
double inner_product(std::span<const double> a, std::span<const double> b);
double length(std::span<const double> x);
// The largest absolute value; NaN where there is one.
double largest_size(std::span<const double> x);
// y + a * x
void add_multiple(std::span<double> y, double a, std::span<const double> x);

}  // namespace chainrule
