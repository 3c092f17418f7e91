#include "train/blamed_columns.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "train/column_names.h"
#include "train/feed.h"

namespace chainrule {
namespace {

// Most functions take one of them.
constexpr std::array tried{0.5, 2.0, -0.5};
constexpr std::size_t most_cells = 1000;

struct Cell {
    NodeId leaf;
    std::size_t element;
    std::string column;
};

std::vector<Cell> cells_of(const Network& network, const Dataset& data,
                           const BatchEvaluator& evaluator) {
    std::vector<Cell> cells;
    const auto add = [&](NodeId leaf, const auto& name_of) {
        const Type& type = network.graph.type(leaf);
        if (std::ranges::binary_search(evaluator.leaves(), leaf) && !type.is_index()) {
            for (std::size_t k = 0; k < static_cast<std::size_t>(element_count(type.shape)); ++k) {
                cells.push_back({leaf, k, name_of(k)});
            }
        }
    };
    for (std::size_t i = 0; i < network.inputs.size(); ++i) {
        add(network.inputs[i],
            [&](std::size_t k) { return input_element_name(network, data, i, k); });
    }
    for (const NodeId target : network.targets) {
        add(target, [&](std::size_t k) { return target_element_name(network, data, k); });
    }
    return cells;
}

}  // namespace

std::vector<std::string> blamed_columns(const Network& network, const Graph& graph, NodeId value,
                                        const Dataset& data, std::size_t row, double largest) {
    const std::vector<NodeId> roots{value};
    BatchEvaluator evaluator(graph, roots);
    const std::vector<Cell> cells = cells_of(network, data, evaluator);
    if (cells.empty() || cells.size() > most_cells) {
        return {};
    }
    feed_constants(evaluator, network);
    const std::vector<std::size_t> rows(cells.size() * tried.size(), row);
    feed_rows(evaluator, network, data, rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Cell& cell = cells[i / tried.size()];
        evaluator.leaf(cell.leaf)[i].data[cell.element] = tried[i % tried.size()];
    }
    evaluator.run();
    const auto is_mended = [&](const Tensor& tensor) {
        return std::ranges::all_of(tensor.data, [&](double x) { return std::abs(x) <= largest; });
    };
    std::vector<std::string> columns;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (std::ranges::any_of(evaluator[value].subspan(i * tried.size(), tried.size()),
                                is_mended)) {
            columns.push_back(cells[i].column);
        }
    }
    return columns;
}

}  // namespace chainrule
