#include "ops/edge_cases.h"

#include <cmath>

#include "derive/derive.h"
#include "ops/rules.h"
#include "support/op_problem.h"

namespace chainrule::tests {
namespace {

Tensor tensor_of(std::initializer_list<double> values) {
    return Tensor({static_cast<std::int64_t>(values.size())}, values);
}

bool agree(double found, double expected, double tolerance) {
    if (std::isnan(expected) || std::isinf(expected)) {
        return std::isnan(expected) ? std::isnan(found) : found == expected;
    }
    if (expected == 0) {
        return found == 0 && (!std::signbit(expected) || std::signbit(found));
    }
    return std::abs(found - expected) <= tolerance * std::abs(expected);
}

}  // namespace

Given scalar(double value) { return {f64(), value}; }
Given vector(std::initializer_list<double> values) {
    const Tensor tensor = tensor_of(values);
    return {f64(tensor.shape), tensor};
}
Given label(double value, std::int64_t classes) { return {index_type({}, classes), value}; }
Given positions(std::initializer_list<double> values) {
    const Tensor tensor = tensor_of(values);
    return {index_type(tensor.shape), tensor};
}

Outcome outcome_of(const EdgeCase& edge) {
    Graph graph;
    Bindings bindings;
    std::vector<NodeId> x;
    for (const Given& given : edge.x) {
        x.push_back(add_leaf(graph, "x" + std::to_string(x.size()), given.type));
        bindings.emplace(x.back(), given.value);
    }
    const NodeId y = graph.add(*edge.op, x, edge.attributes);
    const NodeId dy = add_leaf(graph, "dy", Type(graph.type(y)));
    bindings.emplace(dy, edge.cotangent.value_or(Tensor::filled(graph.type(y).shape, 1)));
    Outcome outcome{evaluate(graph, std::vector{y}, bindings)[0], {}};
    for (std::size_t i = 0; i < x.size(); ++i) {
        outcome.gradients.emplace_back();
        const auto& rule = edge.op->gradient_of(i);
        if (std::holds_alternative<GradientRule>(rule) && !edge.x[i].type.is_index()) {
            const NodeId gradient =
                pull_back(graph, y, graph.expr(dy), std::vector{x[i]}).gradients[0].id;
            outcome.gradients.back() = evaluate(graph, std::vector{gradient}, bindings)[0];
        }
    }
    return outcome;
}

std::optional<std::string> difference(const Tensor& found, const Tensor& expected,
                                      double tolerance) {
    bool same = found.shape == expected.shape;
    for (std::size_t i = 0; same && i < found.size(); ++i) {
        same = agree(found.data[i], expected.data[i], tolerance);
    }
    return same ? std::nullopt
                : std::optional(format_tensor(found) + " instead of " + format_tensor(expected));
}

}  // namespace chainrule::tests
