// Leaves of graphs that a test builds by hand.
#pragma once

#include <string>

#include "ops/build.h"

namespace chainrule::tests {

// A weight, or an input where the type is per example.
inline Expr leaf(Graph& graph, const std::string& name, const Type& type) {
    const std::string role = type.per_example ? "input" : "weight";
    return graph.expr(graph.add_named(name, leaf_op, {}, {role, type}));
}

inline Expr weight(Graph& graph, const std::string& name, Shape shape = {}) {
    Type type;
    type.shape = std::move(shape);
    return leaf(graph, name, type);
}

inline Expr example_input(Graph& graph, const std::string& name, Shape shape = {}) {
    Type type;
    type.shape = std::move(shape);
    type.per_example = true;
    return leaf(graph, name, type);
}

}  // namespace chainrule::tests
