// Products and sums as a reader sees them: a product is a number and a list of factors with whole
// exponents, in the order in which they stand; a sum is a list of products.
//
//     1/2 * 2 * (a - y) / (a * (1 - a)) * a   is   1 * (a - y)^1 * (1 - a)^-1
//
// Cancelling a factor assumes that it is neither zero, infinite nor NaN.
#pragma once

#include <optional>
#include <vector>

#include "ops/build.h"

namespace chainrule {

struct Factor {
    NodeId base;
    long exponent = 1;

    friend bool operator==(const Factor&, const Factor&) = default;
};

struct Product {
    double numerator = 1;    // with the sign
    double denominator = 1;  // positive
    std::vector<Factor> factors;
};
using Sum = std::vector<Product>;

// Nodes that a product or a sum is made of, so that its parts need no normal form of their own.
bool is_product(const Graph& graph, NodeId id);
bool is_sum(const Graph& graph, NodeId id);

// The product that an expression is; anything that is no product is one factor. Equal factors are
// one; a - b and b - a differ by a sign.
Product product_of(const Graph& graph, NodeId id);
// The sum that an expression is, like terms added up.
Sum sum_of(const Graph& graph, NodeId id);

Product multiplied(const Graph& graph, Product a, const Product& b);
Sum added_up(const Sum& terms);

// Back to nodes, in the shape that the factors broadcast to. A leading minus goes into a factor a -
// b where there is one; a sum starts with a positive term where there is one.
Expr build(Graph& graph, const Product& product);
Expr build(Graph& graph, const Sum& sum);

}  // namespace chainrule
