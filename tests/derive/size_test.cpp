// A derivation is linear in the size of the graph.
#include <gtest/gtest.h>

#include <cmath>

#include "derive/gradients.h"
#include "support/leaves.h"

namespace chainrule::tests {
namespace {

// Nodes that deriving adds, per node of the graph.
double growth(Graph& graph, Expr y, const std::vector<NodeId>& wrt) {
    const auto before = static_cast<double>(graph.size());
    derive(graph, y.id, wrt);
    return static_cast<double>(graph.size()) / before;
}

TEST(DerivationSize, of_a_chain_is_linear) {
    for (const int length : {10, 100, 1000, 10000}) {
        Graph graph;
        Expr a = weight(graph, "x");
        std::vector<NodeId> wrt;
        for (int i = 0; i < length; ++i) {
            const Expr w = weight(graph, "w" + std::to_string(i));
            wrt.push_back(w.id);
            a = name_node(sigmoid(a * w), "a" + std::to_string(i));
        }
        EXPECT_LE(growth(graph, a, wrt), 5) << length;
    }
}

TEST(DerivationSize, of_a_chain_of_masks_is_linear) {
    for (const int length : {10, 100, 1000, 10000}) {
        Graph graph;
        Expr a = weight(graph, "x");
        std::vector<NodeId> wrt;
        for (int i = 0; i < length; ++i) {
            const Expr w = weight(graph, "w" + std::to_string(i));
            wrt.push_back(w.id);
            a = name_node(call(relu_op, {a * w}), "a" + std::to_string(i));
        }
        EXPECT_LE(growth(graph, a, wrt), 12) << length;
    }
}

TEST(DerivationSize, of_a_ladder_with_2_to_the_30_paths_and_more_is_linear) {
    for (const int rungs : {30, 300, 3000}) {
        Graph graph;
        const Expr x = weight(graph, "x");
        Expr a = x;
        for (int i = 0; i < rungs; ++i) {
            a = name_node(sin(a) * cos(a), "a" + std::to_string(i));
        }
        EXPECT_LE(growth(graph, a, {x.id}), 6) << rungs;
    }
}

TEST(DerivationSize, a_ladder_has_the_right_gradient) {
    Graph graph;
    const Expr x = weight(graph, "x");
    Expr a = x;
    for (int i = 0; i < 30; ++i) {
        a = name_node(a + a, "a" + std::to_string(i));
    }
    EXPECT_EQ(gradient_at(a, x, 1), std::ldexp(1, 30));
}

}  // namespace
}  // namespace chainrule::tests
