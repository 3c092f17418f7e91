#include "train/column_names.h"

#include <fmt/format.h>

#include <numeric>

namespace chainrule {
namespace {

std::string element_of(const Network& network, NodeId leaf, std::size_t element) {
    const std::string& name = network.graph.name(leaf);
    return network.graph.type(leaf).is_scalar() ? name : fmt::format("{}[{}]", name, element);
}

}  // namespace

std::string input_element_name(const Network& network, const Dataset& data, std::size_t input,
                               std::size_t element) {
    const std::size_t before = std::accumulate(
        data.input_sizes.begin(), data.input_sizes.begin() + static_cast<std::ptrdiff_t>(input),
        std::size_t{0});
    return before + element < data.columns.size()
               ? data.columns[before + element]
               : element_of(network, network.inputs[input], element);
}

std::string target_element_name(const Network& network, const Dataset& data, std::size_t element) {
    return element < data.target_columns.size() ? data.target_columns[element]
                                                : element_of(network, network.targets[0], element);
}

}  // namespace chainrule
