// A tensor program made anew, step by step.
//
//     rebuild_steps(program, [](std::uint32_t i, TensorStep step, TensorProgram& to) {
//         return add_step(to, std::move(step));        // as it is
//     });
//
// `place` gets the number of a step and the step, whose operands are of the new program already; it
// appends to that what computes the step, and gives the number of what has its value.
#pragma once

#include <utility>

#include "compile/tensor_program.h"

namespace chainrule {

inline std::uint32_t add_step(TensorProgram& program, TensorStep step) {
    program.steps.push_back(std::move(step));
    return static_cast<std::uint32_t>(program.steps.size() - 1);
}

template <class Place>
TensorProgram rebuild_steps(const TensorProgram& program, const Place& place) {
    TensorProgram to = program;
    to.steps.clear();
    std::vector<std::uint32_t> moved;
    for (std::uint32_t i = 0; i < program.steps.size(); ++i) {
        TensorStep step = program.steps[i];
        for (std::uint32_t& operand : step.operands) {
            operand = moved[operand];
        }
        moved.push_back(place(i, std::move(step), to));
    }
    for (TensorProgram::Update& update : to.updates) {
        update.value = moved[update.value];
    }
    return to;
}

}  // namespace chainrule
