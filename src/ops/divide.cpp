// x / y, elementwise.
#include "ops/rules.h"

namespace chainrule {
namespace {

bool is_digits(const std::string& text) {
    return text.find_first_not_of("0123456789") == std::string::npos;
}

// `1/2` is written as one number. In LaTeX a quotient is a fraction line, which needs no brackets
// around what it carries.
Written divide_notation(const NotationCall& call) {
    if (call.script == Script::latex) {
        return {"\\frac{" + call.operand(0, Precedence::comparison) + "}{" +
                    call.operand(1, Precedence::comparison) + "}",
                Precedence::product};
    }
    const std::string over = call.operand(0, Precedence::product);
    const std::string under = call.operand(1, Precedence::negation);
    const bool fraction = is_digits(over) && is_digits(under);
    return {over + (fraction ? "/" : " / ") + under, Precedence::product};
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
    .lowering = [](std::span<const Scalar> x, const Attributes&) { return x[0] / x[1]; },
    .onnx = OnnxOperator{"Div"},
    .sample = {.domains = {{{-3, 3}}, {{-3, -0.5}, {0.5, 3}}},
               .cases = binary_cases,
               .conventions = {{"x / 0", "infinity with the sign of x; NaN for 0 / 0"}}},
};

}  // namespace chainrule
