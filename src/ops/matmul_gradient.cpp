#include "ops/matmul.h"

namespace chainrule {
namespace {

// For stacks of matrices and a vector, which the textbook does not have: the cotangent with the
// axis back that the product has summed away, so that it multiplies elementwise.
Expr with_axis(Expr dy, std::size_t from_end) {
    Shape shape = dy.type().shape;
    shape.insert(shape.end() - static_cast<std::ptrdiff_t>(from_end), 1);
    return reshape(dy, shape);
}

Expr as_column(Expr x) { return reshape(x, {x.type().shape[0], 1}); }

bool is_stack(Expr a) { return a.type().rank() > 2; }
bool is_flat(Expr a) { return a.type().rank() == 1; }

// sum_to for a flat operand whose axis is followed by `after` others.
Expr sum_to_flat(Expr x, std::size_t after, const Type& type) {
    std::vector<std::int64_t> axes;
    for (std::size_t axis = 0; axis < x.type().rank(); ++axis) {
        if (axis + after + 1 != x.type().rank()) {
            axes.push_back(static_cast<std::int64_t>(axis));
        }
    }
    return reshape_to(sum(x, axes), type);
}

Expr scaling_gradient(const GradientCall& g, Expr operand, Expr other) {
    const bool is_factor = operand.type().is_scalar() && !other.type().is_scalar();
    return is_factor ? sum(g.dy * other) : g.dy * other;
}

}  // namespace

Expr matmul_gradient_left(const GradientCall& g) {
    const Expr a = g.x[0];
    const Expr b = g.x[1];
    if (a.type().is_scalar() || b.type().is_scalar()) {
        return scaling_gradient(g, a, b);
    }
    if (g.dy.type().is_scalar()) {
        return g.dy * (a.type().row ? transpose(b) : b);
    }
    if (is_stack(a) && is_flat(b)) {
        return with_axis(g.dy, 0) * b;
    }
    if (is_flat(a) && is_stack(b)) {
        return sum_to_flat(with_axis(g.dy, 1) * b, 1, a.type());
    }
    if (is_flat(a) && !a.type().row && !is_flat(b)) {
        return matmul(b, g.dy);
    }
    return sum_to(matmul(g.dy, transpose(b)), a.type());
}

Expr matmul_gradient_right(const GradientCall& g) {
    const Expr a = g.x[0];
    const Expr b = g.x[1];
    if (a.type().is_scalar() || b.type().is_scalar()) {
        return scaling_gradient(g, b, a);
    }
    if (g.dy.type().is_scalar()) {
        return g.dy * (a.type().row ? transpose(a) : a);
    }
    if (is_stack(a) && is_flat(b)) {
        return sum_to_flat(with_axis(g.dy, 0) * a, 0, b.type());
    }
    if (is_flat(a) && is_stack(b)) {
        return with_axis(g.dy, 1) * as_column(a);
    }
    if (is_flat(a) && !a.type().row && !is_flat(b)) {
        return matmul(a, transpose(g.dy));
    }
    return sum_to(matmul(transpose(a), g.dy), b.type());
}

}  // namespace chainrule
