// x ^ n, elementwise; right-associative, and tighter than the unary minus.
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {
namespace {

// dy * n * x^(n - 1), with n - 1 worked out where n is a number: 2 * x, not 2 * x^(2 - 1).
Expr base_gradient(const GradientCall& g) {
    const Expr x = g.x[0];
    const Expr n = g.x[1];
    const auto number = literal_value(*n.graph, n.id);
    if (!number) {
        // 0^0 is 1 whatever the base does, where n * x^(n - 1) would say 0 * infinity.
        return where(equal(n, literal(*n.graph, 0)), 0, g.dy * n * power(x, n - 1));
    }
    if (*number == 0) {
        return g.dy * n;
    }
    if (*number == 1) {
        return g.dy;
    }
    return g.dy * n * (*number == 2 ? x : power(x, *number - 1));
}

// dy * y * log(x); 0^n is 0 for every n above 0, and so is its derivative.
Expr exponent_gradient(const GradientCall& g) {
    const Expr x = g.x[0];
    const Expr zero = literal(*x.graph, 0);
    const Expr textbook = g.dy * g.y * log(x);
    const auto base = literal_value(*x.graph, x.id);
    if (base && *base != 0) {
        return textbook;
    }
    return where(equal(x, zero) * (g.x[1] >= zero), 0, textbook);
}

Written power_notation(const NotationCall& call) {
    if (call.script == Script::latex) {
        return {"{" + call.operand(0, Precedence::atom) + "}^{" +
                    call.operand(1, Precedence::comparison) + "}",
                Precedence::power};
    }
    return {call.operand(0, Precedence::atom) + "^" + call.operand(1, Precedence::power),
            Precedence::power};
}

std::vector<SampleCase> power_cases() {
    std::vector<SampleCase> cases = binary_cases();
    cases.push_back({{f64({40}), f64({40})}, {}});
    return cases;
}

}  // namespace

const Op power_op{
    .name = "power",
    .summary = "x to the power n, elementwise",
    .arity = Arity{2},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return std::pow(x[0], x[1]); },
    .gradient = {base_gradient, exponent_gradient},
    .notation = power_notation,
    .lowering = [](std::span<const Scalar> x,
                   const Attributes&) { return chainrule::power(x[0], x[1]); },
    .onnx = OnnxOperator{"Pow"},
    .sample = {.domains = {{{0.3, 3}}, {{-2.5, -0.1}, {0.1, 2.5}}},
               .cases = power_cases,
               .conventions = {{"x = 0, n = 0", "1, gradient 0 for both"},
                               {"x = 0, n > 0", "0, gradient 0 for n; for x infinity if n < 1"},
                               {"x < 0", "NaN unless n is whole; gradient NaN for n"}}},
};

}  // namespace chainrule
