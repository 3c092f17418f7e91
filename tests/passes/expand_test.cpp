// What ops are made of, in their place.
#include "passes/expand.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "eval/evaluate.h"
#include "ops/build.h"

namespace chainrule {
namespace {

bool has_op(const Graph& graph, const Op& op) {
    const auto nodes = reachable(graph, graph.outputs);
    return std::ranges::any_of(nodes, [&](NodeId id) { return graph.is_op(id, op); });
}

TEST(Expand, makes_a_slice_of_an_index_that_is_written_out_and_zeros_around_it_of_its_transpose) {
    Graph graph;
    Type type;
    type.shape = {4, 3};
    const Expr x = graph.expr(graph.add_named("x", leaf_op, {}, {std::string("weight"), type}));
    const Expr at = literal(graph, 2);
    const Expr row = call(gather_op, {x, at}, {std::int64_t{0}});
    const Expr column = call(gather_op, {x, at}, {std::int64_t{-1}});
    graph.outputs = {row.id, column.id,
                     call(scatter_add_op, {row, at}, {std::int64_t{4}, std::int64_t{0}}).id,
                     call(scatter_add_op, {column, at}, {std::int64_t{3}, std::int64_t{-1}}).id};
    const Graph expanded = expand(graph);
    EXPECT_FALSE(has_op(expanded, gather_op));
    EXPECT_FALSE(has_op(expanded, scatter_add_op));
    EXPECT_TRUE(has_op(expanded, slice_op));
    EXPECT_TRUE(has_op(expanded, pad_op));
    Tensor numbers = Tensor::filled({4, 3}, 0);
    for (std::size_t i = 0; i < numbers.data.size(); ++i) {
        numbers.data[i] = static_cast<double>(i);
    }
    const auto values = [&](const Graph& of) {
        return evaluate(of, of.outputs, {{*of.find("x"), numbers}});
    };
    const std::vector<Tensor> before = values(graph);
    const std::vector<Tensor> after = values(expanded);
    for (std::size_t i = 0; i < before.size(); ++i) {
        EXPECT_EQ(after[i].shape, before[i].shape);
        EXPECT_EQ(after[i].data, before[i].data);
    }
}

TEST(Expand, leaves_an_index_that_is_given_or_outside) {
    Graph graph;
    Type type;
    type.shape = {4};
    const Expr x = graph.expr(graph.add_named("x", leaf_op, {}, {std::string("weight"), type}));
    Type label;
    label.classes = 4;
    const Expr i = graph.expr(graph.add_named("i", leaf_op, {}, {std::string("input"), label}));
    graph.outputs = {call(gather_op, {x, i}).id, call(gather_op, {x, literal(graph, 4)}).id};
    EXPECT_FALSE(has_op(expand(graph), slice_op));
}

TEST(Expand, makes_a_label_of_the_first_place_that_reaches_the_maximum) {
    Graph graph;
    Type type;
    type.shape = {4, 3};
    const Expr x = graph.expr(graph.add_named("x", leaf_op, {}, {std::string("weight"), type}));
    graph.outputs = {call(argmax_op, {x}).id};
    const Graph expanded = expand(graph);
    EXPECT_FALSE(has_op(expanded, argmax_op));
    EXPECT_EQ(expanded.type(expanded.outputs[0]), graph.type(graph.outputs[0]));
    const Tensor numbers({4, 3}, {1, 2, 3, 5, 5, 4, -1, -2, -2, 0, 1, 1});
    EXPECT_EQ(evaluate(expanded, expanded.outputs, {{*expanded.find("x"), numbers}})[0].data,
              (std::vector<double>{2, 0, 0, 1}));
}

}  // namespace
}  // namespace chainrule
