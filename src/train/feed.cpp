#include "train/feed.h"

#include <algorithm>

#include "train/objective.h"

namespace chainrule {
namespace {

bool is_needed(const BatchEvaluator& evaluator, NodeId leaf) {
    return std::ranges::binary_search(evaluator.leaves(), leaf);
}

// `copy(out, first)` gives the numbers of the data from `first` on; examples lie one after the
// other, each as many numbers as the leaf has elements.
template <typename Copy>
void feed_examples(BatchEvaluator& evaluator, NodeId leaf, std::span<const std::size_t> rows,
                   Copy copy) {
    if (!is_needed(evaluator, leaf)) {
        return;
    }
    const std::span<Tensor> examples = evaluator.leaf(leaf);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::vector<double>& numbers = examples[i].data;
        copy(std::span(numbers), rows[i] * numbers.size());
    }
}

}  // namespace

void feed_leaf(BatchEvaluator& evaluator, NodeId leaf, const Tensor& value) {
    if (is_needed(evaluator, leaf)) {
        evaluator.leaf(leaf)[0] = value;
    }
}

void feed_constants(BatchEvaluator& evaluator, const Network& network) {
    for (const auto& [constant, value] : network.constant_values) {
        feed_leaf(evaluator, constant, value);
    }
}

void feed_weights(BatchEvaluator& evaluator, const Network& network,
                  std::span<const Tensor> weights) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
        feed_leaf(evaluator, network.weights[i].node, weights[i]);
    }
}

void feed_rows(BatchEvaluator& evaluator, const Network& network, const Dataset& data,
               std::span<const std::size_t> rows) {
    evaluator.set_batch_size(rows.size());
    for (std::size_t i = 0; i < network.inputs.size(); ++i) {
        feed_examples(
            evaluator, network.inputs[i], rows,
            [&](std::span<double> out, std::size_t first) { data.inputs[i].copy_to(out, first); });
    }
    const auto feed_numbers = [&](NodeId leaf, std::span<const double> numbers) {
        feed_examples(evaluator, leaf, rows, [&](std::span<double> out, std::size_t first) {
            std::ranges::copy(numbers.subspan(first, out.size()), out.begin());
        });
    };
    if (!network.targets.empty()) {
        feed_numbers(network.targets[0], data.targets);
    }
    if (const auto weight = evaluator.graph().find(example_weight_leaf)) {
        feed_numbers(*weight, data.weights);
    }
}

}  // namespace chainrule
