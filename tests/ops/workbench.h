// A graph with numbers at its leaves, to try formulas on.
//
//     Workbench bench;
//     const Expr x = bench.leaf("x", {{3}, {1, 2, 3}});
//     EXPECT_EQ(bench.value(sum(x)), Tensor(6));
#pragma once

#include <limits>
#include <string>

#include "eval/evaluate.h"
#include "ops/build.h"

namespace chainrule::tests {

constexpr double infinity = std::numeric_limits<double>::infinity();

// A row-major tensor: `vector_of({1, 2})`, `matrix_of({{1, 2}, {3, 4}})`.
Tensor vector_of(std::vector<double> elements);
Tensor matrix_of(const std::vector<std::vector<double>>& rows);

// A number among attributes.
inline Attribute number(std::int64_t value) { return value; }

class Workbench {
public:
    // A leaf of type f64 and the value's shape; a class label, if `classes` is not 0.
    Expr leaf(const std::string& name, Tensor value);
    Expr row(const std::string& name, Tensor value);
    Expr label(const std::string& name, Tensor value, std::int64_t classes = 0);
    // A leaf of that type, without a value.
    Expr leaf(const std::string& name, const Type& type);

    Tensor value(Expr y) const;
    // The gradient of sum(weights * y) with respect to x, as a node and as a number.
    Expr gradient_node(Expr y, Expr x, Expr weights);
    Tensor gradient(Expr y, Expr x);
    Tensor gradient(Expr y, Expr x, Tensor weights);

    Graph graph;

private:
    Bindings values_;
};

}  // namespace chainrule::tests
