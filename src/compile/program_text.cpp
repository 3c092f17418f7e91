#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compile/tensor_program.h"
#include "scalar/scalar_text.h"

namespace chainrule {
namespace {

using Kind = TensorStep::Kind;

std::string numbers_text(const std::vector<double>& numbers) {
    constexpr std::size_t most = 16;
    const std::size_t shown = std::min(numbers.size(), most);
    return fmt::format("{}{}",
                       fmt::join(numbers.begin(), numbers.begin() + static_cast<long>(shown), " "),
                       shown < numbers.size() ? " ..." : "");
}

std::string step_text(const TensorProgram& program, const TensorStep& step) {
    std::vector<std::string> operands;
    for (const std::uint32_t operand : step.operands) {
        operands.push_back(fmt::format("t{}", operand));
    }
    switch (step.kind) {
    case Kind::leaf:
        return fmt::format("{} {}", program.leaves[step.leaf].per_example ? "rows of" : "load",
                           program.leaves[step.leaf].name);
    case Kind::constant:
        return numbers_text(step.numbers);
    case Kind::map:
        return print_outputs(step.program, operands)[0];
    case Kind::shuffle:
        return fmt::format("shuffle {}: {}", fmt::join(operands, ", "),
                           fmt::join(step.indices, " "));
    case Kind::fold:
        return fmt::format("fold {} vectors of {} by {}", step.count, operands[0],
                           print_outputs(step.program, {"a", "b"})[0]);
    }
    return "";
}

}  // namespace

std::string print_program(const TensorProgram& program) {
    std::string text = fmt::format("loop over steps of {} examples in {}\n", program.batch,
                                   program.real == ScalarKind::f32 ? "f32" : "f64");
    for (std::size_t i = 0; i < program.steps.size(); ++i) {
        text += fmt::format("  t{} [{}] = {}\n", i, program.steps[i].size,
                            step_text(program, program.steps[i]));
    }
    for (const TensorProgram::Update& update : program.updates) {
        text += fmt::format("  {} <- t{}\n", program.leaves[update.leaf].name, update.value);
    }
    return text;
}

}  // namespace chainrule
