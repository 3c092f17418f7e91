#include "train/rounded_probability.h"

#include <fmt/format.h>

#include "notation/formula.h"
#include "ops/op_list.h"

namespace chainrule {
namespace {

std::string text_of_loss(const Graph& graph, NodeId loss) {
    constexpr std::size_t readable = 20;
    const FormulaOptions options{.definition = true};
    return formula_size(graph, loss, options) <= readable ? write_formula(graph, loss, options)
                                                          : "binary_cross_entropy";
}

}  // namespace

std::optional<RoundedProbability> rounded_probability(const BatchEvaluator& step, bool single) {
    for (const NodeId id : step.nodes()) {
        if (!step.graph().is_op(id, binary_cross_entropy_op)) {
            continue;
        }
        const std::span<const Tensor> probabilities = step[step.graph()[id].operands[0]];
        for (std::size_t example = 0; example < probabilities.size(); ++example) {
            for (const double x : probabilities[example].data) {
                const double p = single ? static_cast<double>(static_cast<float>(x)) : x;
                if (p == 0 || p == 1) {
                    return RoundedProbability{
                        example,
                        fmt::format("{} gets a probability that has rounded to {}, where it is "
                                    "infinite or its derivative 0 / 0",
                                    text_of_loss(step.graph(), id), p),
                        "take binary_cross_entropy_with_logits(z, y) of the z that goes into the "
                        "sigmoid"};
                }
            }
        }
    }
    return std::nullopt;
}

}  // namespace chainrule
