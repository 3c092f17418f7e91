#include "compile/fold_steps.h"

#include <algorithm>
#include <array>

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

class Folder {
public:
    explicit Folder(const TensorProgram& program) : from_(program), to_(program) {
        to_.steps.clear();
    }

    TensorProgram run() {
        const std::vector<bool> needed = needed_steps(from_);
        std::vector<std::uint32_t> moved(from_.steps.size(), 0);
        for (std::size_t i = 0; i < moved.size(); ++i) {
            if (needed[i]) {
                TensorStep step = from_.steps[i];
                for (std::uint32_t& operand : step.operands) {
                    operand = moved[operand];
                }
                moved[i] = placed(std::move(step));
            }
        }
        for (TensorProgram::Update& update : to_.updates) {
            update.value = moved[update.value];
        }
        return std::move(to_);
    }

private:
    std::uint32_t placed(TensorStep step) {
        if (is_product(step)) {
            for (const std::size_t k : {0, 1}) {
                if (is_one(to_.steps[step.operands[k]])) {
                    return step.operands[1 - k];
                }
            }
        }
        if (is_foldable(step, to_.steps)) {
            step = {.kind = Kind::constant,
                    .size = step.size,
                    .numbers = step.kind == Kind::map ? mapped(step, to_.steps)
                                                      : shuffled(step, to_.steps)};
        }
        to_.steps.push_back(std::move(step));
        return static_cast<std::uint32_t>(to_.steps.size() - 1);
    }

    const TensorProgram& from_;
    TensorProgram to_;
};

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
TensorProgram fold_steps(const TensorProgram& program) {
    return Folder(Folder(program).run()).run();
}

}  // namespace chainrule
