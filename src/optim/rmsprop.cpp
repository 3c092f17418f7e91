// RMSprop (Tieleman and Hinton 2012), centred as in Graves 2013.
//
//     v <- alpha * v + (1 - alpha) * g^2
//     a <- alpha * a + (1 - alpha) * g             centered: v - a^2 in place of v
//     w <- w - rate * g / (sqrt(v) + epsilon)
//
// with momentum: m <- momentum * m + g / (sqrt(v) + epsilon), w <- w - rate * m.
#include "ops/build.h"
#include "optim/optimizer.h"

namespace chainrule {
namespace {

// A variance that rounding makes negative is 0.
Expr variance(const WeightStep& step, Expr v) {
    const double alpha = step["alpha"];
    const Expr mean =
        step.own("mean", [&](Expr before) { return alpha * before + (1 - alpha) * step.gradient; });
    const Expr difference = v - mean * mean;
    return where(difference < literal(*v.graph, 0), 0, difference);
}

Expr rmsprop_updated(const WeightStep& step) {
    const Expr g = step.gradient;
    const double alpha = step["alpha"];
    const double momentum = step["momentum"];
    Expr v = step.own("v", [&](Expr before) { return alpha * before + (1 - alpha) * (g * g); });
    if (step["centered"] > 0) {
        v = variance(step, v);
    }
    Expr way = g / (sqrt(v) + step["epsilon"]);
    if (momentum > 0) {
        way = step.own("momentum", [&](Expr before) { return momentum * before + way; });
    }
    return step.weight - step.rate * way;
}

}  // namespace

const Optimizer rmsprop_optimizer{
    .method = {"rmsprop", optimizer_settings(0.01, 0,
                                             {{"alpha", &number_below_1, 0.99},
                                              {"epsilon", &number_from_0, 1e-8},
                                              {"momentum", &number_below_1, 0},
                                              {"centered", &yes_or_no, 0}})},
    .updated = rmsprop_updated};

}  // namespace chainrule
