// x / y, elementwise.
#include "ops/rules.h"

namespace chainrule {
namespace {

// A quotient of two is a fraction line, which needs no brackets around what it
// carries.
Written divide_notation(const NotationCall& call) {
    if (call.script == Script::latex) {
        return {"\\frac{" + call.operand(0, Precedence::comparison) + "}{" +
                    call.operand(1, Precedence::comparison) + "}",
                Precedence::product};
    }
    return {call.operand(0, Precedence::product) + " / " + call.operand(1, Precedence::negation),
            Precedence::product};
}

}  // namespace

const Op divide_op{
    .name = "divide",
    .summary = "the quotient, elementwise",
    .arity = Arity{2},
    .attributes = {},
    .shape = elementwise_shape,
    .reference = [](std::span<const double> x, const Attributes&) { return x[0] / x[1]; },
    .gradient = {[](const GradientCall& g) { return g.dy / g.x[1]; },
                 [](const GradientCall& g) { return -(g.dy * g.y / g.x[1]); }},
    .notation = divide_notation,
    .lowering = Lowering::elementwise,
    .onnx = OnnxOperator{"Div"},
    .sample = {.domains = {{{-3, 3}}, {{-3, -0.5}, {0.5, 3}}},
               .cases = binary_cases,
               .conventions = {{"x / 0", "infinity with the sign of x; NaN for 0 / 0"}}},
};

}  // namespace chainrule
