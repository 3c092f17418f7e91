// Stochastic gradient descent, with momentum (Polyak 1964) or Nesterov's (as in Sutskever et al.
// 2013).
//
//     m <- momentum * m + g
//     w <- w - rate * m                      nesterov: w - rate * (g + momentum * m)
#include "ops/build.h"
#include "optim/optimizer.h"

namespace chainrule {
namespace {

Expr sgd_updated(const WeightStep& step) {
    const double momentum = step["momentum"];
    Expr way = step.gradient;
    if (momentum > 0) {
        const Expr m =
            step.own("momentum", [&](Expr before) { return momentum * before + step.gradient; });
        way = step["nesterov"] > 0 ? step.gradient + momentum * m : m;
    }
    return step.weight - step.rate * way;
}

}  // namespace

const Optimizer sgd_optimizer{
    .method = {"sgd", optimizer_settings(0.1, 0,
                                         {{"momentum", &number_below_1, 0},
                                          {"nesterov", &yes_or_no, 0, "momentum"}})},
    .updated = sgd_updated};

}  // namespace chainrule
