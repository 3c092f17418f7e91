#include "train/unscaled_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>

#include "ops/op_list.h"

namespace chainrule {
namespace {

constexpr int greatest_usual = 16;

// Whether a product takes the input as it is, or in another shape.
bool enters_product(const Network& network, NodeId input) {
    const Graph& graph = network.graph;
    const std::vector<NodeId> roots{network.loss};
    std::set<NodeId> shown{input};
    for (const NodeId id : reachable(graph, roots)) {
        const Node& node = graph[id];
        const bool takes_input = std::ranges::any_of(
            node.operands, [&](NodeId operand) { return shown.contains(operand); });
        if (takes_input && node.op->is_view()) {
            shown.insert(id);
        } else if (takes_input &&
                   (node.op == &matmul_op || node.op == &batch_matmul_op || node.op == &dot_op)) {
            return true;
        }
    }
    return false;
}

// A name for the scaled input that the network does not use.
std::string free_name(const Network& network) {
    std::string name = "u";
    while (network.graph.find(name)) {
        name += "_";
    }
    return name;
}

}  // namespace

InputRanges::InputRanges(const Network& network)
    : network_(network), ranges_(network.inputs.size()) {}

void InputRanges::add(const Dataset& part) {
    for (std::size_t i = 0; i < part.inputs.size(); ++i) {
        const Numbers& numbers = part.inputs[i];
        if (numbers.format() == NumberFormat::u8 && numbers.size() > 0) {
            const auto [least, greatest] = std::ranges::minmax(numbers.as<std::uint8_t>());
            ranges_[i] = {std::min(ranges_[i].least, least),
                          std::max(ranges_[i].greatest, greatest)};
        }
    }
}

std::vector<Diagnostic> InputRanges::warnings() const {
    std::vector<Diagnostic> warnings;
    for (std::size_t i = 0; i < ranges_.size(); ++i) {
        const auto [least, greatest] = ranges_[i];
        if (greatest <= greatest_usual || !enters_product(network_, network_.inputs[i])) {
            continue;
        }
        const std::string& input = network_.graph.name(network_.inputs[i]);
        const std::string scaled = free_name(network_);
        warnings.push_back(
            {Severity::warning,
             fmt::format(
                 "the input {0} holds whole numbers from {1} to {2}, which are not scaled and "
                 "make training slow or unstable: write `{3} = {0} / {2}` below its "
                 "declaration, and {3} where {0} is used",
                 input, least, greatest, scaled),
             network_.graph.origin(network_.inputs[i]),
             {}});
    }
    return warnings;
}

std::vector<Diagnostic> warn_of_unscaled_inputs(const Network& network, const Dataset& training) {
    InputRanges ranges(network);
    ranges.add(training);
    return ranges.warnings();
}

}  // namespace chainrule
