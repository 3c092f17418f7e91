// The graph: what is shared, what keeps an identity, what the verifier refuses.
#include "ir/graph.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "ir/graph_text.h"
#include "lang/diagnostic.h"
#include "ops/build.h"
#include "support/leaves.h"
#include "support/random_graph.h"

namespace chainrule::tests {
namespace {

// --- sharing ----------------------------------------------------------------------------------

TEST(Graph, equal_anonymous_nodes_are_one) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr w = weight(graph, "w");
    EXPECT_EQ((x * w + 2.0).id, (x * w + 2.0).id);
    EXPECT_NE((x * w).id, (w * x).id);
    EXPECT_NE((x * 2.0).id, (x * 3.0).id);
    EXPECT_NE(clip(x, 0, 1).id, clip(x, 0, 2).id) << "attributes count";
}

TEST(Graph, numbers_are_one_by_their_bits) {
    Graph graph;
    EXPECT_EQ(literal(graph, 0.1).id, literal(graph, 0.1).id);
    EXPECT_NE(literal(graph, 0.0).id, literal(graph, -0.0).id);
    EXPECT_EQ(literal(graph, std::nan("")).id, literal(graph, -std::nan("")).id);
    EXPECT_NE(literal(graph, Tensor({1}, {2})).id, literal(graph, 2.0).id);
    EXPECT_NE(literal(graph, Tensor({0, 2}, {})).id, literal(graph, Tensor({2, 0}, {})).id);
}

TEST(Graph, named_equations_keep_an_identity_of_their_own) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr w = weight(graph, "w");
    const Expr a = name_node(x * w, "a");
    const Expr b = name_node(x * w, "b");
    EXPECT_NE(a.id, b.id);
    EXPECT_NE((x * w).id, a.id);
    EXPECT_EQ((a * b).id, (a * b).id);
    EXPECT_NE((a * a).id, (a * b).id);
    EXPECT_EQ(graph.anonymous_equal(a.id), (x * w).id);
    EXPECT_EQ(graph.anonymous_equal(b.id), graph.anonymous_equal(a.id));
}

TEST(Graph, leaves_of_one_type_are_two) {
    Graph graph;
    EXPECT_NE(weight(graph, "u").id, weight(graph, "v").id);
}

TEST(Graph, defaults_left_out_and_written_are_the_same) {
    Graph graph;
    const Expr x = weight(graph, "x", {3});
    const auto axes = std::vector<std::int64_t>{};
    EXPECT_EQ(call(sum_op, {x}).id, call(sum_op, {x}, {axes, std::int64_t{0}}).id);
}

TEST(Graph, a_named_alias_is_a_node_of_its_own) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr a = name_node(x, "a");
    EXPECT_TRUE(graph.is_op(a.id, identity_op));
    EXPECT_EQ(graph.find("a"), a.id);
    EXPECT_EQ(graph.named(), (std::vector{x.id, a.id}));
    EXPECT_FALSE(graph.find("b"));
}

TEST(Graph, operands_come_before_their_users) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const RandomGraph random = random_graph(seed, {.batch = true});
        for (std::uint32_t i = 0; i < random.graph.size(); ++i) {
            for (const NodeId operand : random.graph[{i}].operands) {
                EXPECT_LT(operand.index, i) << "seed " << seed;
            }
        }
    }
}

TEST(Graph, what_the_roots_need_is_reachable_and_nothing_else) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr lost = sin(weight(graph, "lost"));
    const Expr y = cos(x) * x;
    const auto nodes = reachable(graph, std::vector{y.id});
    EXPECT_EQ(nodes, (std::vector{x.id, cos(x).id, y.id}));
    EXPECT_EQ(reachable(graph, std::vector<NodeId>{}), std::vector<NodeId>{});
    EXPECT_EQ(reachable(graph, std::vector{lost.id, y.id}).size(), 5u);
}

TEST(Graph, a_copy_is_another_graph) {
    Graph graph;
    const Expr x = weight(graph, "x");
    Graph copy = graph;
    sin(copy.expr(x.id));
    EXPECT_EQ(graph.size(), 1u);
    EXPECT_EQ(copy.size(), 2u);
}

// The generator behind the tests of random graphs: they mean little if it avoids half of the ops.
TEST(RandomGraph, draws_from_the_whole_op_list) {
    std::set<const Op*> drawn;
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        const RandomGraph random = random_graph(seed, {.batch = seed % 2 == 0});
        for (std::uint32_t i = 0; i < random.graph.size(); ++i) {
            drawn.insert(random.graph[{i}].op);
        }
    }
    for (const Op* op : all_ops()) {
        EXPECT_TRUE(drawn.contains(op)) << op->name;
    }
}

TEST(RandomGraph, is_a_function_of_its_seed) {
    EXPECT_EQ(print_graph(random_graph(5).graph), print_graph(random_graph(5).graph));
    EXPECT_NE(print_graph(random_graph(5).graph), print_graph(random_graph(6).graph));
}

// --- refused while building -------------------------------------------------------------------

std::string internal_error(const std::function<void()>& f) {
    try {
        f();
    } catch (const InternalError& error) {
        return error.what();
    }
    return "no internal error";
}

TEST(Graph, refuses_what_only_a_bug_would_build) {
    Graph graph;
    const Expr x = weight(graph, "x");
    EXPECT_EQ(internal_error([&] { weight(graph, "x"); }), "the graph has two nodes called x");
    EXPECT_EQ(internal_error([&] { graph.add(add_op, {x.id}); }), "op add was given 1 operands");
    EXPECT_EQ(internal_error([&] { graph.add(sin_op, {NodeId{7}}); }),
              "op sin has an operand out of the graph");
    EXPECT_EQ(internal_error([&] { graph.add(sin_op, {x.id}, {1.0}); }),
              "op sin has too many attributes");
    EXPECT_EQ(internal_error([&] { graph.add(clip_op, {x.id}, {std::int64_t{1}}); }),
              "attribute low of op clip is of the wrong kind");
    EXPECT_NO_THROW(verify(graph)) << "what was refused leaves no trace";
}

TEST(Graph, a_shape_rule_refuses_by_the_names_of_operands) {
    Graph graph;
    const Expr w = weight(graph, "W1", {2, 3});
    const Expr x = weight(graph, "x", {2});
    try {
        matmul(w, x);
        FAIL() << "shapes do not fit";
    } catch (const ShapeError& error) {
        EXPECT_STREQ(error.what(), "cannot multiply W1 [2, 3] @ x [2]: 3 columns against 2 rows");
        EXPECT_EQ(error.hint(), "did you mean W1' @ x?");
    }
    EXPECT_EQ(graph.size(), 2u);
}

// --- the verifier -----------------------------------------------------------------------------

TEST(Verify, accepts_random_graphs) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        EXPECT_NO_THROW(verify(random_graph(seed, {.batch = seed % 2 == 0}).graph));
    }
}

std::string fault(const Graph& graph) {
    return internal_error([&] { verify(graph); });
}

// An op that changes after its nodes were built: how a graph that only a bug builds comes about.
Op changing_op() {
    Op op = sin_op;
    op.name = "changing";
    return op;
}

TEST(Verify, refuses_a_type_that_the_shape_rule_does_not_give) {
    Op op = changing_op();
    Graph graph;
    graph.add(op, {weight(graph, "x").id});
    ASSERT_NO_THROW(verify(graph));
    op.shape = [](const ShapeCall&) {
        Type type;
        type.shape = {3};
        return type;
    };
    EXPECT_EQ(fault(graph), "node %1 has a type its op does not give");
}

TEST(Verify, refuses_operands_that_the_shape_rule_refuses) {
    Op op = changing_op();
    Graph graph;
    graph.add(op, {weight(graph, "x").id});
    op.shape = [](const ShapeCall&) -> Type { throw ShapeError("no operand will do"); };
    EXPECT_EQ(fault(graph), "node %1 has operands its op refuses: no operand will do");
}

TEST(Verify, refuses_a_wrong_number_of_operands_or_attributes) {
    Op op = changing_op();
    Graph graph;
    graph.add(op, {weight(graph, "x").id});
    op.arity = Arity{2};
    EXPECT_EQ(fault(graph), "op changing was given 1 operands");
    op.arity = Arity{1};
    op.attributes = {{"axis", std::int64_t{0}}};
    EXPECT_EQ(fault(graph), "node %1 has 0 attributes, and its op changing 1");
}

TEST(Verify, refuses_an_output_out_of_the_graph) {
    Graph graph;
    graph.outputs = {weight(graph, "x").id, NodeId{5}};
    EXPECT_EQ(fault(graph), "output %5 is out of the graph");
    graph.outputs = {NodeId{}};
    EXPECT_NE(fault(graph), "no internal error");
}

TEST(Verify, refuses_a_written_call_of_what_is_not_there) {
    Graph graph;
    const Expr x = weight(graph, "x");
    graph.set_written(x.id, {"f", {NodeId{9}}});
    EXPECT_EQ(fault(graph), "node %0 is written as a call of a node out of the graph");
}

}  // namespace
}  // namespace chainrule::tests
