// Adam (Kingma and Ba 2015), and AdamW, whose decay is decoupled (Loshchilov and Hutter 2019).
//
//     m <- beta1 * m + (1 - beta1) * g             c1 <- beta1 * c1 + (1 - beta1)
//     v <- beta2 * v + (1 - beta2) * g^2           c2 <- beta2 * c2 + (1 - beta2)
//     w <- w - rate / c1 * m / (sqrt(v) / sqrt(c2) + epsilon)
//
// The corrections c = 1 - beta^t are kept as averages of 1, so that single precision loses nothing
// where beta^t is near 1.
#include "ops/build.h"
#include "optim/optimizer.h"

namespace chainrule {
namespace {

// What `beta * before + (1 - beta) * x` makes of a state.
OptimizerStates::Update average(double beta, Expr x) {
    return [beta, x](Expr before) { return beta * before + (1 - beta) * x; };
}

Expr adam_updated(const WeightStep& step) {
    const Expr g = step.gradient;
    const Expr one = literal(*g.graph, 1);
    const double beta1 = step["beta1"];
    const double beta2 = step["beta2"];
    const Expr m = step.own("m", average(beta1, g));
    const Expr v = step.own("v", average(beta2, g * g));
    const Expr c1 = step.shared("correction1", average(beta1, one));
    const Expr c2 = step.shared("correction2", average(beta2, one));
    return step.weight - step.rate / c1 * (m / (sqrt(v) / sqrt(c2) + step["epsilon"]));
}

std::vector<Setting> adam_settings(double usual_weight_decay) {
    return optimizer_settings(1e-3, usual_weight_decay,
                              {{"beta1", &number_below_1, 0.9},
                               {"beta2", &number_below_1, 0.999},
                               {"epsilon", &number_from_0, 1e-8}});
}

}  // namespace

const Optimizer adam_optimizer{.method = {"adam", adam_settings(0)}, .updated = adam_updated};

const Optimizer adamw_optimizer{
    .method = {"adamw", adam_settings(0.01)}, .decoupled_decay = true, .updated = adam_updated};

}  // namespace chainrule
