// Adagrad (Duchi, Hazan and Singer 2011).
//
//     s <- s + g^2
//     w <- w - rate / (1 + t * rate_decay) * g / (sqrt(s) + epsilon)        t = 0, 1, ...
#include "ops/build.h"
#include "optim/optimizer.h"

namespace chainrule {
namespace {

Expr adagrad_updated(const WeightStep& step) {
    const Expr g = step.gradient;
    const double decay = step["rate_decay"];
    const Expr s = step.own("sum", [&](Expr before) { return before + g * g; });
    Expr rate = step.rate;
    if (decay > 0) {
        const Expr steps = step.shared("steps", [](Expr before) { return before + 1; });
        rate = rate / (1 + decay * (steps - 1));
    }
    return step.weight - rate * (g / (sqrt(s) + step["epsilon"]));
}

}  // namespace

const Optimizer adagrad_optimizer{
    .method = {"adagrad", optimizer_settings(0.01, 0,
                                             {{"rate_decay", &number_from_0, 0},
                                              {"epsilon", &number_from_0, 1e-10}})},
    .updated = adagrad_updated};

}  // namespace chainrule
