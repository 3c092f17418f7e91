#include "compile/scale_early.h"

#include <cmath>

#include "compile/fold_steps.h"
#include "compile/rebuild_steps.h"
#include "scalar/precision.h"

namespace chainrule {
namespace {

using Kind = TensorStep::Kind;

// fma(operand, factor, ...) in a step's program.
struct Scaling {
    std::uint32_t instruction;
    std::uint32_t operand;  // a step
    double factor;
};

bool may_move(double factor) { return std::abs(factor) >= 0x1p-4 && std::abs(factor) <= 1; }

std::optional<Scaling> scaling_in(TensorStep& step, const TensorProgram& program) {
    if (step.kind != Kind::map) {
        return std::nullopt;
    }
    const auto instructions = step.program.instructions();
    for (std::uint32_t i = 0; i < instructions.size(); ++i) {
        if (instructions[i].op != ScalarOp::fma) {
            continue;
        }
        const ScalarInstruction& scaled = instructions[instructions[i].operands[0]];
        const auto factor = number_of({&step.program, instructions[i].operands[1]});
        if (scaled.op == ScalarOp::input && factor && may_move(*factor) &&
            is_product(program.steps[step.operands[scaled.payload]])) {
            return Scaling{i, step.operands[scaled.payload], *factor};
        }
    }
    return std::nullopt;
}

// The program with the inputs `first` and the one after it for the scaled operand and the factor.
ScalarProgram with_factors(const ScalarProgram& program, std::uint32_t scaling,
                           std::uint32_t first) {
    ScalarProgram result;
    std::vector<Scalar> moved;
    for (std::uint32_t i = 0; i < program.instructions().size(); ++i) {
        ScalarInstruction instruction = program[i];
        std::vector<Scalar> operands;
        for (std::size_t k = 0; k < instruction.arity; ++k) {
            operands.push_back(moved[instruction.operands[k]]);
        }
        if (i == scaling) {
            operands[0] = result.input(first, instruction.kind);
            operands[1] = result.input(first + 1, instruction.kind);
        } else if (instruction.op == ScalarOp::lookup) {
            instruction.payload = result.table(program.table_values(instruction.payload));
        }
        moved.push_back(
            result.add(instruction.op, instruction.kind, operands, instruction.payload));
    }
    for (const std::uint32_t output : program.outputs) {
        result.outputs.push_back(moved[output].id);
    }
    return result;
}

// The late factor and the scaled early one become operands.
void scale_factor(TensorStep& step, const Scaling& scaling, TensorProgram& to) {
    TensorStep product = to.steps[scaling.operand];
    const std::uint32_t late = product.operands[1];
    product.operands[1] = add_step(to, {.kind = Kind::constant,
                                        .size = product.size,
                                        .numbers = std::vector(product.size, scaling.factor)});
    step.program = with_factors(step.program, scaling.instruction,
                                static_cast<std::uint32_t>(step.operands.size()));
    step.operands.push_back(late);
    step.operands.push_back(add_step(to, std::move(product)));
}

}  // namespace

TensorProgram scale_early(const TensorProgram& program) {
    return rebuild_steps(program, [](std::uint32_t, TensorStep step, TensorProgram& to) {
        if (const auto scaling = scaling_in(step, to)) {
            scale_factor(step, *scaling, to);
        }
        return add_step(to, std::move(step));
    });
}

}  // namespace chainrule
