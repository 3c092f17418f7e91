// What derive() promises: values at the edge, types, sizes, the record.
#include "derive/derive.h"

#include <gtest/gtest.h>

#include <cmath>

#include "derive/gradients.h"
#include "eval/evaluate.h"
#include "lang/diagnostic.h"
#include "support/leaves.h"
#include "support/random_graph.h"

namespace chainrule::tests {
namespace {

// Nodes of the graph that are of that op.
std::size_t count(const Graph& graph, const Op& op) {
    std::size_t found = 0;
    for (std::uint32_t i = 0; i < graph.size(); ++i) {
        found += graph.is_op({i}, op);
    }
    return found;
}

// --- types ------------------------------------------------------------------------------------

TEST(Derive, an_unreached_weight_gets_zeros_of_its_own_type) {
    Graph graph;
    const Expr w = weight(graph, "w");
    const Expr lost = weight(graph, "lost", {2, 3});
    const Expr x = example_input(graph, "x", {3});
    const Derivation derivation = derive(graph, (w * w).id, std::vector{w.id, lost.id, x.id});
    EXPECT_EQ(derivation.gradients[1].type(), lost.type());
    EXPECT_EQ(derivation.gradients[2].type(), x.type());
    const Tensor value = evaluate(graph, std::vector{derivation.gradients[1].id}, {})[0];
    EXPECT_EQ(value, Tensor::filled({2, 3}, 0));
}

TEST(Derive, a_loss_has_the_gradient_one_by_itself) {
    Graph graph;
    const Expr w = weight(graph, "w");
    EXPECT_EQ(literal_value(graph, gradient(w, w).id), 1.0);
}

TEST(Derive, an_input_and_a_named_node_have_gradients_as_weights_do) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr h = name_node(sin(x), "h");
    const Expr y = h * h;
    EXPECT_DOUBLE_EQ(at(gradient(y + x, h), x, 0.5), 2 * std::sin(0.5));
    EXPECT_DOUBLE_EQ(gradient_at(y + x, x, 0.5), 2 * std::sin(0.5) * std::cos(0.5) + 1);
}

TEST(Derive, a_whole_number_has_no_gradient_and_is_refused_by_name) {
    Graph graph;
    Type label;
    label.dtype = DType::index;
    label.classes = 3;
    const Expr y = leaf(graph, "digit", label);
    const Expr z = weight(graph, "z", {3});
    const Expr loss = call(cross_entropy_op, {z, y});
    try {
        gradient(loss, y);
        FAIL() << "a class label was derived by";
    } catch (const UserError& error) {
        EXPECT_STREQ(error.what(), "digit holds whole-number labels: it has no gradient");
    }
    EXPECT_EQ(gradient(loss, z).type().shape, Shape{3});
}

TEST(Derive, only_a_scalar_is_derived) {
    Graph graph;
    const Expr v = weight(graph, "v", {3});
    try {
        gradient(sin(v), v);
        FAIL() << "a vector was derived";
    } catch (const UserError& error) {
        EXPECT_STREQ(error.what(), "only a scalar has a gradient, and this is [3]");
    }
}

TEST(Derive, a_held_node_is_an_end_even_where_paths_go_on) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr h = name_node(sin(x), "h");
    const Expr y = name_node(h * x, "y");
    const auto held = [&](NodeId id) { return graph.is_named(id); };
    const Expr one = literal(graph, 1.0);
    const Derivation partials = pull_back(graph, y.id, one, std::vector{h.id, x.id}, held);
    EXPECT_DOUBLE_EQ(at(partials.gradients[0], x, 0.7), 0.7);
    EXPECT_DOUBLE_EQ(at(partials.gradients[1], x, 0.7), std::sin(0.7));
}

// --- rules ------------------------------------------------------------------------------------

TEST(Derive, equal_equations_keep_their_names_in_a_gradient) {
    Graph graph;
    const Expr x = weight(graph, "x");
    const Expr w = weight(graph, "w");
    const Expr a = name_node(x * w, "a");
    const Expr b = name_node(x * w, "b");
    const Expr da = gradient(a * b, a);
    EXPECT_EQ(da.id, (literal(graph, 1.0) * b).id);
}

TEST(Derive, gradient_of_broadcast_is_a_sum) {
    Graph graph;
    const Expr b = weight(graph, "b");
    const Expr v = weight(graph, "v", {2, 3});
    const Expr db = gradient(sum(v * b), b);
    EXPECT_TRUE(db.type().is_scalar());
    const Tensor value({2, 3}, {1, 2, 3, 4, 5, 6});
    EXPECT_EQ(evaluate(graph, std::vector{db.id}, {{v.id, value}})[0], Tensor(21));
    const Expr row = weight(graph, "row", {1, 3});
    const Expr drow = gradient(sum(v * row), row);
    EXPECT_EQ(evaluate(graph, std::vector{drow.id}, {{v.id, value}})[0], Tensor({1, 3}, {5, 7, 9}));
}

TEST(Derive, higher_derivatives_are_derivatives_again) {
    Graph graph;
    const Expr x = weight(graph, "x");
    Expr y = power(x, 5.0);
    const double exact[] = {
        5 * std::pow(1.5, 4), 20 * std::pow(1.5, 3), 60 * std::pow(1.5, 2), 120 * 1.5, 120, 0};
    for (const double expected : exact) {
        y = gradient(y, x);
        EXPECT_NEAR(at(y, x, 1.5), expected, 1e-12 * std::abs(expected));
    }
}

// --- batches ----------------------------------------------------------------------------------

struct BatchedLoss {
    Graph graph;
    Expr x, w, b, loss;
    BatchedLoss() {
        x = example_input(graph, "x");
        w = weight(graph, "w");
        b = weight(graph, "b");
        const Expr shared = name_node(w * w, "shared");
        const Expr z = name_node(shared * x + shared + b, "z");
        const Expr squared = name_node(z * z + sin(z), "squared");
        loss = call(batch_mean_op, {squared});
    }
    BatchBindings values(std::size_t batch) const {
        BatchBindings bound{{w.id, {Tensor(0.7)}}, {b.id, {Tensor(-0.2)}}, {x.id, {}}};
        for (std::size_t e = 0; e < batch; ++e) {
            bound.at(x.id).push_back(Tensor(0.3 * static_cast<double>(e) - 0.5));
        }
        return bound;
    }
};

TEST(DeriveBatch, leaves_the_batch_once_for_each_shared_value) {
    BatchedLoss net;
    derive(net.graph, net.loss.id, std::vector{net.w.id, net.b.id});
    EXPECT_EQ(count(net.graph, batch_sum_op), 2u) << "for w * w, used twice, and for b";
}

TEST(DeriveBatch, gradient_is_the_mean_of_the_gradients_of_the_examples) {
    BatchedLoss net;
    const std::vector<NodeId> wrt{net.w.id, net.b.id};
    const auto gradients = derive(net.graph, net.loss.id, wrt).gradients;
    const std::vector<NodeId> roots{gradients[0].id, gradients[1].id};
    for (const std::size_t size : {1U, 2U, 7U}) {
        const BatchBindings all = net.values(size);
        const auto whole = evaluate_batch(net.graph, roots, all, size);
        double mean[2] = {0, 0};
        for (std::size_t e = 0; e < size; ++e) {
            BatchBindings one = all;
            one.at(net.x.id) = {all.at(net.x.id)[e]};
            const auto single = evaluate_batch(net.graph, roots, one, 1);
            mean[0] += single[0][0].data[0] / static_cast<double>(size);
            mean[1] += single[1][0].data[0] / static_cast<double>(size);
        }
        EXPECT_NEAR(whole[0][0].data[0], mean[0], 1e-14);
        EXPECT_NEAR(whole[1][0].data[0], mean[1], 1e-14);
    }
}

TEST(DeriveBatch, a_per_example_loss_is_summed_over_the_batch) {
    Graph graph;
    const Expr x = example_input(graph, "x");
    const Expr w = weight(graph, "w");
    const Expr dw = gradient(x * w + w, w);
    const BatchBindings values{{x.id, {Tensor(1), Tensor(2), Tensor(4)}}, {w.id, {Tensor(9)}}};
    EXPECT_FALSE(dw.type().per_example);
    EXPECT_EQ(evaluate_batch(graph, std::vector{dw.id}, values, 3)[0][0].data[0], 7 + 3);
}

TEST(DeriveBatch, an_input_has_a_gradient_for_each_example) {
    BatchedLoss net;
    const Expr dx = gradient(net.loss, net.x);
    EXPECT_EQ(dx.type(), net.x.type());
    const BatchBindings values = net.values(3);
    const Batch all = evaluate_batch(net.graph, std::vector{dx.id}, values, 3)[0];
    ASSERT_EQ(all.size(), 3u);
    EXPECT_NE(all[0].data[0], all[1].data[0]);
}

// --- the record -------------------------------------------------------------------------------

// The value of a cotangent, batch or not: per-example ones that meet a shared value are summed.
double element_sum(const RandomGraph& random, NodeId id) {
    const auto values =
        evaluate_batch(random.graph, std::vector{id}, random.values, random.batch_size);
    double sum = 0;
    for (const Tensor& tensor : values[0]) {
        for (const double value : tensor.data) {
            sum += value;
        }
    }
    return sum;
}

TEST(DerivationRecord, contributions_add_up_to_the_cotangent) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomGraph random = random_graph(seed, {.batch = seed % 2 == 1});
        const Derivation derivation = derive(random.graph, random.loss(), random.leaves);
        std::unordered_map<NodeId, double> sent{{random.loss(), 1.0}};
        for (const DerivationStep& step : derivation.steps) {
            ASSERT_TRUE(sent.contains(step.node)) << "visited before its users";
            const double cotangent = element_sum(random, step.cotangent);
            EXPECT_NEAR(sent.at(step.node), cotangent, 1e-9 * (1 + std::abs(cotangent)))
                << "%" << step.node.index;
            for (const Contribution& part : step.contributions) {
                EXPECT_EQ(random.graph[step.node].operands[part.operand], part.to);
                sent[part.to] += element_sum(random, part.value);
            }
        }
    }
}

TEST(DerivationRecord, visits_each_node_once_users_first) {
    RandomGraph random = random_graph(3);
    const Derivation derivation = derive(random.graph, random.loss(), random.leaves);
    ASSERT_FALSE(derivation.steps.empty());
    EXPECT_EQ(derivation.steps.front().node, random.loss());
    for (std::size_t i = 1; i < derivation.steps.size(); ++i) {
        EXPECT_LT(derivation.steps[i].node, derivation.steps[i - 1].node);
    }
}

TEST(WithGradients, appends_them_to_the_outputs) {
    Graph graph;
    const Expr w = weight(graph, "w");
    graph.outputs = {(w * w).id};
    const Graph derived = with_gradients(graph, std::vector{w.id});
    EXPECT_EQ(graph.outputs.size(), 1u);
    ASSERT_EQ(derived.outputs.size(), 2u);
    EXPECT_EQ(evaluate(derived, derived.outputs, {{w.id, 3.0}})[1], Tensor(6));
}

}  // namespace
}  // namespace chainrule::tests
