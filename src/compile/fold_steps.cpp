#include "compile/fold_steps.h"

#include <algorithm>
#include <array>

#include "compile/rebuild_steps.h"
#include "scalar/interpret.h"

namespace chainrule {
namespace {

using Kind = TensorStep::Kind;
using Steps = std::vector<TensorStep>;

std::vector<bool> needed_steps(const TensorProgram& program) {
    std::vector<bool> needed(program.steps.size(), false);
    for (const TensorProgram::Update& update : program.updates) {
        needed[update.value] = true;
    }
    for (std::size_t i = program.steps.size(); i-- > 0;) {
        if (needed[i]) {
            for (const std::uint32_t operand : program.steps[i].operands) {
                needed[operand] = true;
            }
        }
    }
    return needed;
}

std::vector<double> mapped(const TensorStep& step, const Steps& steps) {
    std::vector<double> result;
    for (std::uint32_t i = 0; i < step.size; ++i) {
        std::vector<double> inputs;
        for (const std::uint32_t operand : step.operands) {
            inputs.push_back(steps[operand].numbers[i]);
        }
        result.push_back(interpret(step.program, inputs)[0]);
    }
    return result;
}

std::vector<double> shuffled(const TensorStep& step, const Steps& steps) {
    std::vector<double> all;
    for (const std::uint32_t operand : step.operands) {
        all.insert(all.end(), steps[operand].numbers.begin(), steps[operand].numbers.end());
    }
    std::vector<double> result;
    for (const std::int32_t index : step.indices) {
        result.push_back(all[static_cast<std::size_t>(index)]);
    }
    return result;
}

bool is_foldable(const TensorStep& step, const Steps& steps) {
    return (step.kind == Kind::map || step.kind == Kind::shuffle) &&
           std::ranges::all_of(step.operands, [&](std::uint32_t operand) {
               return steps[operand].kind == Kind::constant;
           });
}

// The step is one instruction of all its operands.
bool is_only(const TensorStep& step, ScalarOp op, std::uint32_t arity) {
    const auto instructions = step.program.instructions();
    return step.kind == Kind::map && step.operands.size() == arity &&
           instructions.size() == arity + 1 && instructions[arity].op == op &&
           step.program.outputs[0] == arity;
}

// What has the value of the step in the program, where it may be appended.
std::uint32_t folded_step(TensorStep step, TensorProgram& to) {
    if (is_product(step)) {
        for (const std::size_t k : {0, 1}) {
            if (is_one(to.steps[step.operands[k]])) {
                return step.operands[1 - k];
            }
        }
    }
    if (is_foldable(step, to.steps)) {
        step = {
            .kind = Kind::constant,
            .size = step.size,
            .numbers = step.kind == Kind::map ? mapped(step, to.steps) : shuffled(step, to.steps)};
    }
    return add_step(to, std::move(step));
}

TensorProgram folded_once(const TensorProgram& program) {
    const std::vector<bool> needed = needed_steps(program);
    return rebuild_steps(program, [&](std::uint32_t i, TensorStep step, TensorProgram& to) {
        return needed[i] ? folded_step(std::move(step), to) : 0;
    });
}

}  // namespace

bool is_product(const TensorStep& step) { return is_only(step, ScalarOp::multiply, 2); }
bool is_sum(const TensorStep& step) { return is_only(step, ScalarOp::add, 2); }
bool is_fused(const TensorStep& step) {
    if (!is_only(step, ScalarOp::fma, 3)) {
        return false;
    }
    const auto instructions = step.program.instructions();
    const auto& inputs = instructions[3].operands;
    return std::ranges::all_of(std::array{0U, 1U, 2U}, [&](std::uint32_t k) {
        return instructions[inputs[k]].payload == k;
    });
}

bool is_one(const TensorStep& step) {
    return step.kind == Kind::constant &&
           std::ranges::all_of(step.numbers, [](double number) { return number == 1; });
}

// A step whose operands become unused by what was folded into it goes in the second round.
TensorProgram fold_steps(const TensorProgram& program) { return folded_once(folded_once(program)); }

}  // namespace chainrule
