#include "train/element_formula.h"

#include <fmt/format.h>

#include <cstdlib>

#include "notation/formula.h"
#include "ops/build.h"
#include "render/number_text.h"

namespace chainrule {

std::string element_formula(const Node& node, const std::vector<double>& operands, double result) {
    Graph graph;
    std::vector<NodeId> numbers;
    for (const double operand : operands) {
        // With the digits that messages have.
        numbers.push_back(literal(graph, std::strtod(short_number(operand).c_str(), nullptr)).id);
    }
    const NodeId formula = graph.add(*node.op, std::move(numbers), node.attributes);
    return fmt::format("{} = {}", write_formula(graph, formula), short_number(result));
}

}  // namespace chainrule
