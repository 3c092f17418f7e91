#include "train/failure_notes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "render/number_text.h"
#include "train/element_formula.h"
#include "train/weights.h"

namespace chainrule {
namespace {

constexpr std::size_t most_listed = 8;

// `x = [1, -2]`; of more numbers how many, and between what they lie.
std::string value_text(const std::string& name, const Tensor& value) {
    if (value.is_scalar()) {
        return name + " = " + short_number(value.data[0]);
    }
    if (value.size() <= most_listed && value.shape.size() == 1) {
        std::vector<std::string> numbers;
        for (const double number : value.data) {
            numbers.push_back(short_number(number));
        }
        return fmt::format("{} = [{}]", name, fmt::join(numbers, ", "));
    }
    if (!are_finite({&value, 1})) {
        return fmt::format("{}: {} numbers, not all finite", name, value.size());
    }
    const auto [least, greatest] = std::ranges::minmax(value.data);
    return fmt::format("{}: {} numbers from {} to {}", name, value.size(), short_number(least),
                       short_number(greatest));
}

// Those that are named and from which `value` is computed without another named one between.
std::set<NodeId> named_operands(const BatchEvaluator& step, NodeId value) {
    const Graph& graph = step.graph();
    std::set<NodeId> seen;
    std::set<NodeId> named;
    std::vector<NodeId> open(graph[value].operands);
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        if (!seen.insert(id).second || !std::ranges::binary_search(step.nodes(), id)) {
            continue;
        }
        if (graph.is_named(id)) {
            named.insert(id);
        } else {
            open.insert(open.end(), graph[id].operands.begin(), graph[id].operands.end());
        }
    }
    return named;
}

}  // namespace

Note note_on_row(const BatchEvaluator& step, std::size_t example, const Network& network,
                 const Dataset& data, std::size_t row, const std::vector<std::string>& columns) {
    const std::string place =
        row < data.lines.rows() ? fmt::format("row {}", data.lines.line(row)) : "a row";
    std::vector<std::string> values;
    for (const std::vector<NodeId>* leaves : {&network.inputs, &network.targets}) {
        for (const NodeId leaf : *leaves) {
            if (std::ranges::binary_search(step.leaves(), leaf)) {
                values.push_back(value_text(step.graph().name(leaf), step.value(leaf, example)));
            }
        }
    }
    constexpr std::size_t most_columns = 3;
    return {fmt::format("{} of {} makes it{}, as the network gets it: {}", place,
                        data.source.empty() ? "the data" : data.source,
                        columns.empty() || columns.size() > most_columns
                            ? ""
                            : fmt::format(" by its column{} {}", columns.size() > 1 ? "s" : "",
                                          fmt::join(columns, " and ")),
                        fmt::join(values, ", ")),
            {}};
}

std::optional<Note> note_on_values(const BatchEvaluator& step, std::size_t example, NodeId value,
                                   const std::string& name) {
    std::vector<std::string> values;
    for (const NodeId id : named_operands(step, value)) {
        values.push_back(value_text(step.graph().name(id), step.value(id, example)));
    }
    if (values.empty()) {
        return std::nullopt;
    }
    return Note{fmt::format("what goes into {}: {}", name.empty() ? "the loss" : name,
                            fmt::join(values, ", ")),
                {}};
}

std::optional<BadElement> bad_element(const BatchEvaluator& step, std::size_t example, NodeId value,
                                      double largest) {
    const Node& node = step.graph()[value];
    if (!node.op->is_elementwise()) {
        return std::nullopt;
    }
    const std::vector<double>& result = step.value(value, example).data;
    const auto bad =
        std::ranges::find_if_not(result, [&](double x) { return std::abs(x) <= largest; });
    BadElement element{.operands = {}, .result = *bad};
    for (const NodeId operand : node.operands) {
        element.operands.push_back(
            step.value(operand, example).data.at(static_cast<std::size_t>(bad - result.begin())));
    }
    return element;
}

Note note_on_beginning(const Node& node, const BadElement& element) {
    return {
        fmt::format("it begins with {}", element_formula(node, element.operands, element.result)),
        {}};
}

bool is_pole_at_zero(const Node& node, const BadElement& element) {
    constexpr double near = 1e-12;
    const auto function = std::get<ElementFunction>(node.op->reference);
    const auto is_mended = [&](std::size_t operand, double to) {
        std::vector<double> operands = element.operands;
        operands[operand] = to;
        return std::isfinite(function(operands, node.attributes));
    };
    for (std::size_t i = 0; i < element.operands.size(); ++i) {
        if (element.operands[i] == 0 && (is_mended(i, near) || is_mended(i, -near))) {
            return true;
        }
    }
    return false;
}

std::string what_to_mend(const TrainOptions& options, const Dataset& data) {
    const bool may_skip = options.on_nan != OnNan::skip &&
                          find_optimizer(options.optimizer.name())->full_batch == nullptr;
    const bool is_scaled = options.scale != Scale::none && !data.columns.empty();
    return fmt::format("the data or the formula{}{}",
                       is_scaled ? " (number columns are standardised, unless --scale none)" : "",
                       may_skip ? ", or leave such steps out with --on-nan skip" : "");
}

}  // namespace chainrule
