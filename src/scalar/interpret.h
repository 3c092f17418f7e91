// Running a scalar program on single numbers: what each instruction means, bit for bit.
//
//     std::vector<double> y = interpret(program, std::array{0.5});
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "scalar/scalar.h"

namespace chainrule {

// One instruction but input, number and lookup, on the bits of its operands, which are of kind
// `from` (the first operand's; the condition of a select is followed by two of the result's kind).
std::uint64_t interpret_instruction(const ScalarInstruction& instruction, ScalarKind from,
                                    const std::array<std::uint64_t, 3>& operands);

// The outputs, which are reals; an input of kind f32 is rounded to it first.
std::vector<double> interpret(const ScalarProgram& program, std::span<const double> inputs);

}  // namespace chainrule
