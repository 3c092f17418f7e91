// Sums over the batch that are one product, or one table.
#include "passes/recognise_contractions.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "eval/evaluate.h"
#include "ops/build.h"

namespace chainrule {
namespace {

Expr each(Graph& graph, const std::string& name, Shape shape) {
    Type type;
    type.shape = std::move(shape);
    type.per_example = true;
    return graph.expr(graph.add_named(name, leaf_op, {}, {std::string("input"), type}));
}

bool computes(const Graph& graph, const Op& op) {
    return std::ranges::any_of(reachable(graph, graph.outputs),
                               [&](NodeId id) { return graph.is_op(id, op); });
}

TEST(RecogniseContractions, adds_what_examples_scatter_to_one_table) {
    Graph graph;
    const Expr x = each(graph, "x", {2});
    const Expr i = each(graph, "i", {});
    const Expr outer = matmul(each(graph, "u", {4}), transpose(x));
    const Expr table = call(scatter_add_op, {x, i}, {std::int64_t{4}});
    graph.outputs = {call(batch_sum_op, {table + outer}).id};
    const Graph recognised = recognise_contractions(graph);
    EXPECT_FALSE(computes(recognised, scatter_add_op));
    EXPECT_FALSE(computes(recognised, batch_sum_op));
    EXPECT_TRUE(computes(recognised, batch_scatter_add_op));
    EXPECT_TRUE(computes(recognised, batch_matmul_op));
    const auto value = [](const Graph& of) {
        const auto vector = [](std::vector<double> numbers) {
            const auto size = static_cast<std::int64_t>(numbers.size());
            return Tensor({size}, std::move(numbers));
        };
        const BatchBindings values{{*of.find("x"), {vector({1, 2}), vector({3, 4})}},
                                   {*of.find("i"), {Tensor(3), Tensor(3)}},
                                   {*of.find("u"), {vector({1, 0, 0, 2}), vector({0, 1, 0, 0})}}};
        return evaluate_batch(of, of.outputs, values, 2)[0][0].data;
    };
    EXPECT_EQ(value(recognised), value(graph));
    EXPECT_EQ(value(recognised), (std::vector<double>{1, 2, 3, 4, 0, 0, 6, 10}));
}

}  // namespace
}  // namespace chainrule
