// Gradients of random graphs against central differences; second derivatives by deriving again.
#include <gtest/gtest.h>

#include <cmath>

#include "derive/derive.h"
#include "ops/build.h"
#include "support/draws.h"
#include "support/random_graph.h"
#include "support/slopes.h"

namespace chainrule::tests {
namespace {

// stop_gradient hides a slope on purpose; a comparison jumps where its operands meet, which may be
// near.
const std::set<std::string_view> not_smooth{"stop_gradient", "less",  "less_equal", "greater",
                                            "greater_equal", "equal", "not_equal"};
const RandomGraphOptions first_order{.without = not_smooth};
const RandomGraphOptions first_order_of_batch{.batch = true, .without = not_smooth};
// The second derivative of an abstract function of tensors is not supported.
const RandomGraphOptions second_order{
    .operations = 12, .batch = true, .without = {"stop_gradient", "apply"}};

// `gradients`, one per leaf, against the slopes of `target`.
void expect_slopes(const RandomGraph& random, NodeId target, const std::vector<Expr>& gradients,
                   std::uint64_t seed, double bound) {
    for (std::size_t i = 0; i < random.leaves.size(); ++i) {
        const NodeId leaf = random.leaves[i];
        const Batch& at = random.values.at(leaf);
        const Batch direction = random_direction(at, seed, random.graph.name(leaf));
        const Batch gradient = evaluate_batch(random.graph, std::vector{gradients[i].id},
                                              random.values, random.batch_size)[0];
        ASSERT_EQ(gradient.size(), at.size()) << random.graph.name(leaf);
        const double found = inner_product(gradient, direction);
        const double expected =
            slope_along(random.graph, target, random.values, random.batch_size, leaf, direction);
        const double scale = std::max({1e-2, std::abs(found), std::abs(expected)});
        EXPECT_LE(std::abs(found - expected) / scale, bound)
            << "by " << random.graph.name(leaf) << ": derived " << found << ", differences say "
            << expected;
    }
}

void expect_gradients(const RandomGraphOptions& options, std::uint64_t seeds) {
    for (std::uint64_t seed = 0; seed < tests::draws(seeds); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomGraph random = random_graph(seed, options);
        const NodeId loss = random.loss();
        const auto gradients = derive(random.graph, loss, random.leaves).gradients;
        verify(random.graph);
        expect_slopes(random, loss, gradients, seed, 1e-6);
    }
}

TEST(RandomGradient, agrees_with_central_differences) { expect_gradients(first_order, 100); }

TEST(RandomGradient, of_a_batch_agrees_with_central_differences) {
    expect_gradients(first_order_of_batch, 100);
}

// The product of the Hessian and random vectors is the gradient of (gradient . vectors).
TEST(RandomGradient, of_a_gradient_is_a_hessian_vector_product) {
    for (std::uint64_t seed = 0; seed < tests::draws(60U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomGraph random = random_graph(seed, second_order);
        Graph& graph = random.graph;
        Expr slope = literal(graph, 0.0);
        for (const Expr& gradient : derive(graph, random.loss(), random.leaves).gradients) {
            const auto vector = random_direction({Tensor::filled(gradient.type().shape, 0)}, seed,
                                                 std::to_string(gradient.id.index));
            Expr v = literal(graph, vector[0]);
            Expr term = sum(gradient * (gradient.type().row ? transpose(v) : v));
            term = term.type().per_example ? call(batch_sum_op, {term}) : term;
            slope = slope + term;
        }
        const auto products = derive(graph, slope.id, random.leaves).gradients;
        verify(graph);
        expect_slopes(random, slope.id, products, seed + 1, 1e-5);
    }
}

}  // namespace
}  // namespace chainrule::tests
