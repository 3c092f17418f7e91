// A number or an array written out: `2`, `[[2, -1], [3, 4]]`.
#include <cmath>
#include <numbers>

#include "ops/rules.h"

namespace chainrule {
namespace {

// A double as a literal of the language; what no literal can say is written as
// a computation.
Written write_number(double value, Script script) {
    if (value == std::numbers::pi) {
        return {script == Script::latex ? "\\pi" : "pi", Precedence::atom};
    }
    if (std::isnan(value)) {
        return {"0 / 0", Precedence::product};
    }
    if (std::isinf(value)) {
        return {value > 0 ? "1 / 0" : "-1 / 0", Precedence::product};
    }
    const std::string text = format_number(value);
    const std::size_t exponent = text.find('e');
    if (script == Script::latex && exponent != std::string::npos) {
        const std::string power =
            "10^{" + std::to_string(std::stoi(text.substr(exponent + 1))) + "}";
        return {text.substr(0, exponent) + " \\cdot " + power, Precedence::product};
    }
    return {text, std::signbit(value) ? Precedence::negation : Precedence::atom};
}

}  // namespace

const Op constant_op{
    .name = "constant",
    .summary = "a number or an array written out",
    .arity = Arity{0},
    .attributes = {{"value", Tensor{}, true}},
    .shape =
        [](const ShapeCall& call) {
            Type type;
            type.shape = tensor_attribute(call.attributes, 0).shape;
            return type;
        },
    .reference =
        [](const ReferenceCall& call) { call.result = tensor_attribute(call.attributes, 0); },
    .gradient = {},
    .notation =
        [](const NotationCall& call) {
            const Tensor& value = tensor_attribute(call.attributes, 0);
            return value.is_scalar() ? write_number(value.data[0], call.script)
                                     : Written{format_tensor(value), Precedence::atom};
        },
    .lowering = GivenElements{},
    .onnx = OnnxOperator{"Constant"},
    .sample = {.domains = {},
               .cases =
                   [] {
                       return std::vector<SampleCase>{
                           {{}, {Tensor(1.5)}},
                           {{}, {Tensor({2, 2}, {1, -2, 3, 4})}},
                       };
                   },
               .conventions = {}},
};

}  // namespace chainrule
