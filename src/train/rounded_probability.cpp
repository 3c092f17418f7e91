#include "train/rounded_probability.h"

#include <fmt/format.h>

#include "notation/formula.h"

namespace chainrule {

std::optional<RoundedProbability> rounded_probability(const BatchEvaluator& step, NodeId loss,
                                                      std::size_t example, bool single) {
    const std::vector<NodeId>& operands = step.graph()[loss].operands;
    const Tensor& probabilities = step.value(operands[0], example);
    const Tensor& targets = step.value(operands[1], example);
    const auto number = [&](const Tensor& of, std::size_t i) {
        const double x = of.data[of.is_scalar() ? 0 : i];
        return single ? static_cast<double>(static_cast<float>(x)) : x;
    };
    std::optional<RoundedProbability> found;
    const std::size_t count = (probabilities.is_scalar() ? targets : probabilities).size();
    for (std::size_t i = 0; i < count; ++i) {
        const double p = number(probabilities, i);
        if ((p == 0 || p == 1) && (!found || found->is_target)) {
            found = {p, number(targets, i) == p};
        }
    }
    return found;
}

std::string words_on_rounding(const Graph& graph, NodeId loss, const RoundedProbability& rounded) {
    constexpr std::size_t readable = 20;
    const FormulaOptions options{.definition = true};
    return fmt::format(
        "{} gets a probability that has rounded to {}, where {}",
        formula_size(graph, loss, options) <= readable ? write_formula(graph, loss, options)
                                                       : "binary_cross_entropy",
        rounded.value, rounded.is_target ? "its derivative is 0 / 0" : "it is infinite");
}

}  // namespace chainrule
