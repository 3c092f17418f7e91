// What ops share that sum another op over the examples of a batch.
#pragma once

#include <array>

#include "ops/rules.h"

namespace chainrule {

// What example e has as either operand: its own, or what all share.
std::array<const Tensor*, 2> pair_of_example(const BatchCall& call, std::size_t e);

// The shape rule for one example, whose result the sum over them is like.
template <Type (*rule)(const ShapeCall&)>
Type shape_of_sum(const ShapeCall& call) {
    Type result = rule(call);
    result.per_example = false;
    return result;
}

// The rule for one example, whose cotangent is that of the sum.
template <Expr (*rule)(const GradientCall&)>
Expr of_each_example(const GradientCall& g) {
    const Expr dy = call(per_example_op, {g.dy});
    return rule({g.x, g.y, dy, g.attributes, g.operand});
}

// The cases with all operands per example.
std::vector<SampleCase> with_examples(std::vector<SampleCase> cases);

}  // namespace chainrule
