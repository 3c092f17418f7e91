#include "optim/clipping.h"

#include "ops/build.h"

namespace chainrule {
namespace {

Expr shrinking(const std::vector<Expr>& gradients, double norm) {
    Expr squares = literal(*gradients.at(0).graph, 0);
    for (const Expr gradient : gradients) {
        squares = squares + sum(gradient * gradient);
    }
    const Expr one = literal(*squares.graph, 1);
    return call(minimum_op, {one, norm / (sqrt(squares) + 1e-6)});
}

}  // namespace

std::vector<Expr> clipped(std::vector<Expr> gradients, const Clipping& clipping) {
    if (clipping.value) {
        for (Expr& gradient : gradients) {
            gradient = clip(gradient, -*clipping.value, *clipping.value);
        }
    }
    if (clipping.norm && !gradients.empty()) {
        const Expr factor = shrinking(gradients, *clipping.norm);
        for (Expr& gradient : gradients) {
            gradient = gradient * factor;
        }
    }
    return gradients;
}

}  // namespace chainrule
