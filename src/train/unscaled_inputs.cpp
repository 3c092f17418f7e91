#include "train/unscaled_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>

#include "ops/op_list.h"
#include "render/number_text.h"

namespace chainrule {
namespace {

constexpr int greatest_usual = 16;
constexpr double far_columns = 100;

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

std::optional<std::string> unscaled_bytes(const Network& network, std::size_t i,
                                          const Numbers& numbers) {
    const auto [least, greatest] = std::ranges::minmax(numbers.as<std::uint8_t>());
    if (greatest <= greatest_usual) {
        return std::nullopt;
    }
    const std::string& input = network.graph.name(network.inputs[i]);
    return fmt::format(
        "the input {0} holds whole numbers from {1} to {2}, which are not scaled and "
        "make training slow or unstable: write `{3} = {0} / {2}` below its "
        "declaration, and {3} where {0} is used",
        input, least, greatest, free_name(network));
}

// The name of an input's element: its column's, or `x[3]`.
std::string element_name(const Network& network, const Dataset& rows, std::size_t i,
                         std::size_t element) {
    std::size_t before = 0;
    for (std::size_t k = 0; k < i; ++k) {
        before += rows.input_sizes[k];
    }
    return rows.has_header && before + element < rows.columns.size()
               ? rows.columns[before + element]
               : fmt::format("{}[{}]", network.graph.name(network.inputs[i]), element);
}

struct Magnitude {
    std::size_t element = 0;
    double size = 0;
};

std::optional<std::string> unscaled_numbers(const Network& network, std::size_t i,
                                            const Dataset& rows) {
    Magnitude large{0, 0};
    Magnitude small{0, std::numeric_limits<double>::infinity()};
    const std::size_t width = rows.input_sizes[i];
    for (std::size_t k = 0; k < width; ++k) {
        double squares = 0;
        double greatest = 0;
        for (std::size_t row = 0; row < rows.rows; ++row) {
            const double number = rows.inputs[i][row * width + k];
            squares += number * number;
            greatest = std::max(greatest, std::abs(number));
        }
        const double mean = std::sqrt(squares / static_cast<double>(rows.rows));
        large = mean > large.size ? Magnitude{k, mean} : large;
        small = greatest > 0 && greatest < small.size ? Magnitude{k, greatest} : small;
    }
    const bool beside_column = large.size >= far_columns * small.size;
    if (large.size <= greatest_usual || (!beside_column && large.size < far_columns)) {
        return std::nullopt;
    }
    const std::string other =
        beside_column
            ? fmt::format("{} of at most {}", element_name(network, rows, i, small.element),
                          short_number(small.size, 3))
            : "the 1 of a bias";
    return fmt::format(
        "the input {} is not scaled: {} is about {} beside {}, which makes training slow or "
        "unstable; standardise its columns (tables are, unless --scale none), or divide in the "
        "network",
        network.graph.name(network.inputs[i]), element_name(network, rows, i, large.element),
        short_number(large.size, 3), other);
}

}  // namespace

std::vector<Diagnostic> warn_of_unscaled_inputs(const Network& network, const Dataset& training,
                                                const Dataset& rows) {
    std::vector<Diagnostic> warnings;
    for (std::size_t i = 0; i < network.inputs.size(); ++i) {
        if (rows.rows == 0 || !enters_product(network, network.inputs[i])) {
            continue;
        }
        const bool bytes = training.inputs[i].format() == NumberFormat::u8;
        const std::optional<std::string> message =
            bytes ? unscaled_bytes(network, i, training.inputs[i])
                  : unscaled_numbers(network, i, rows);
        if (message) {
            warnings.push_back(
                {Severity::warning, *message, network.graph.origin(network.inputs[i]), {}});
        }
    }
    return warnings;
}

}  // namespace chainrule
