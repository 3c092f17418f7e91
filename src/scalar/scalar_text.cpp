#include "scalar/scalar_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <bit>

namespace chainrule {
namespace {

// A program repeats what it shares when it is written as one expression, so that texts are cut.
constexpr std::size_t longest = 160;

constexpr std::array<std::string_view, 30> names{"input",
                                                 "number",
                                                 "add",
                                                 "subtract",
                                                 "multiply",
                                                 "divide",
                                                 "negate",
                                                 "fma",
                                                 "abs",
                                                 "sqrt",
                                                 "floor",
                                                 "nearest",
                                                 "less",
                                                 "less_equal",
                                                 "equal",
                                                 "and",
                                                 "or",
                                                 "xor",
                                                 "not",
                                                 "select",
                                                 "shift_left",
                                                 "shift_right",
                                                 "shift_right_logical",
                                                 "bits_of",
                                                 "from_bits",
                                                 "whole_of",
                                                 "real_of",
                                                 "widen",
                                                 "narrow",
                                                 "lookup"};

std::string number_text(const ScalarInstruction& number) {
    switch (number.kind) {
    case ScalarKind::f32:
        return fmt::format("{}", std::bit_cast<float>(static_cast<std::uint32_t>(number.payload)));
    case ScalarKind::f64:
        return fmt::format("{}", std::bit_cast<double>(number.payload));
    case ScalarKind::i32:
        return fmt::format("{}", static_cast<std::int32_t>(number.payload));
    case ScalarKind::i64:
        return fmt::format("{}", static_cast<std::int64_t>(number.payload));
    case ScalarKind::condition:
        break;
    }
    return number.payload != 0 ? "true" : "false";
}

std::string_view infix(ScalarOp op) {
    switch (op) {
    case ScalarOp::add:
        return " + ";
    case ScalarOp::subtract:
        return " - ";
    case ScalarOp::multiply:
        return " * ";
    case ScalarOp::divide:
        return " / ";
    default:
        return "";
    }
}

}  // namespace

std::vector<std::string> print_outputs(const ScalarProgram& program,
                                       const std::vector<std::string>& inputs) {
    std::vector<std::string> values;
    for (const ScalarInstruction& instruction : program.instructions()) {
        std::vector<std::string> operands;
        for (std::size_t k = 0; k < instruction.arity; ++k) {
            operands.push_back(values[instruction.operands[k]]);
        }
        const std::string_view symbol = infix(instruction.op);
        std::string text =
            instruction.op == ScalarOp::input    ? inputs[instruction.payload]
            : instruction.op == ScalarOp::number ? number_text(instruction)
            : !symbol.empty()
                ? fmt::format("({}{}{})", operands[0], symbol, operands[1])
                : fmt::format("{}({})", names[static_cast<std::size_t>(instruction.op)],
                              fmt::join(operands, ", "));
        values.push_back(text.size() <= longest ? text : text.substr(0, longest) + "...");
    }
    std::vector<std::string> outputs;
    for (const std::uint32_t output : program.outputs) {
        outputs.push_back(values[output]);
    }
    return outputs;
}

}  // namespace chainrule
