// What every pass must keep, on random graphs and their gradients.
#include <gtest/gtest.h>

#include <cmath>

#include "derive/derive.h"
#include "ir/graph_text.h"
#include "notation/formula.h"
#include "ops/build.h"
#include "passes/collect_terms.h"
#include "passes/readable_rules.h"
#include "passes/rebuild.h"
#include "passes/rewrite.h"
#include "passes/simplify.h"
#include "support/draws.h"
#include "support/random_graph.h"
#include "support/round_trip.h"

namespace chainrule::tests {
namespace {

RandomGraph with_derivatives(std::uint64_t seed) {
    RandomGraph random = random_graph(seed, {.operations = 15, .batch = seed % 2 == 0});
    random.graph = with_gradients(random.graph, random.leaves);
    return random;
}

// The values of the graph's outputs; leaves are found by name.
std::vector<Batch> outputs_of(const Graph& graph, const RandomGraph& random) {
    BatchBindings values;
    for (const auto& [id, value] : random.values) {
        if (const auto leaf = graph.find(random.graph.name(id))) {
            values.emplace(*leaf, value);
        }
    }
    return evaluate_batch(graph, graph.outputs, values, random.batch_size);
}

double largest_of(const std::vector<Batch>& outputs) {
    double largest = 0;
    for (const Batch& batch : outputs) {
        for (const Tensor& tensor : batch) {
            for (const double value : tensor.data) {
                largest = std::max(largest, std::isfinite(value) ? std::abs(value) : 0);
            }
        }
    }
    return largest;
}

void expect_same_values(const Graph& before, const Graph& after, const RandomGraph& random) {
    const auto expected = outputs_of(before, random);
    const auto found = outputs_of(after, random);
    ASSERT_EQ(expected.size(), found.size());
    const double scale = largest_of(expected);
    for (std::size_t k = 0; k < expected.size(); ++k) {
        EXPECT_EQ(before.type(before.outputs[k]), after.type(after.outputs[k])) << "output " << k;
        ASSERT_EQ(expected[k].size(), found[k].size());
        for (std::size_t e = 0; e < expected[k].size(); ++e) {
            for (std::size_t i = 0; i < expected[k][e].size(); ++i) {
                const double value = expected[k][e].data[i];
                if (std::isfinite(value)) {
                    EXPECT_NEAR(found[k][e].data[i], value, 1e-10 * scale) << "output " << k;
                }
            }
        }
    }
}

std::size_t total_size(const Graph& graph) {
    std::size_t size = 0;
    for (const NodeId output : graph.outputs) {
        size += formula_size(graph, output, {.definition = true});
    }
    return size;
}

constexpr std::uint64_t seeds = tests::draws(150U);

TEST(RandomSimplify, keeps_values_and_types) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const RandomGraph random = with_derivatives(seed);
        const Graph simple = simplify(random.graph);
        verify(simple);
        expect_same_values(random.graph, simple, random);
    }
}

TEST(RandomSimplify, of_what_is_simple_changes_nothing) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const Graph once = simplify(with_derivatives(seed).graph);
        const Graph twice = simplify(once);
        EXPECT_TRUE(same(once, twice)) << print_graph(once) << "\nbecomes\n" << print_graph(twice);
        if (HasFailure()) {
            return;
        }
    }
}

TEST(RandomSimplify, makes_no_formula_longer) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const Graph graph = with_derivatives(seed).graph;
        EXPECT_LE(total_size(simplify(graph)), total_size(graph)) << "seed " << seed;
    }
}

TEST(RandomSimplify, keeps_names_and_their_order) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const RandomGraph random = with_derivatives(seed);
        const Graph simple = simplify(random.graph);
        const auto needed = reachable(random.graph, random.graph.outputs);
        for (const NodeId id : simple.named()) {
            const auto before = random.graph.find(simple.name(id));
            ASSERT_TRUE(before) << "seed " << seed;
            EXPECT_EQ(random.graph[*before].op, simple[id].op) << "seed " << seed;
        }
        EXPECT_LE(simple.named().size(), needed.size());
        EXPECT_TRUE(simple.find("L"));
    }
}

TEST(RandomSimplify, writes_formulas_that_read_back) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        RandomGraph random = random_graph(seed, {.operations = 15, .without = {"apply"}});
        const Graph simple = simplify(with_gradients(random.graph, random.leaves));
        // The same names hold the same values in the simplified graph.
        BatchBindings values;
        for (const auto& [id, value] : random.values) {
            if (const auto leaf = simple.find(random.graph.name(id))) {
                values.emplace(*leaf, value);
            }
        }
        random.graph = simple;
        random.values = values;
        RoundTrip trip(random);
        for (const NodeId output : simple.outputs) {
            if (formula_size(simple, output) < 2000) {
                trip.expect_same(output);
            }
        }
    }
}

TEST(RandomRewrite, keeps_values) {
    const RewriteSet rules(readable_rules());
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const RandomGraph random = with_derivatives(seed);
        expect_same_values(random.graph, rewrite(random.graph, rules), random);
    }
}

TEST(RandomRewrite, a_second_run_changes_nothing) {
    const RewriteSet rules(readable_rules());
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const Graph once = rewrite(with_derivatives(seed).graph, rules);
        EXPECT_TRUE(same(once, rewrite(once, rules))) << "seed " << seed;
    }
}

TEST(RandomCollectTerms, keeps_values) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const RandomGraph random = with_derivatives(seed);
        const Graph collected = collect_terms(random.graph);
        verify(collected);
        expect_same_values(random.graph, collected, random);
    }
}

TEST(Rebuild, drops_what_no_output_needs_and_keeps_the_rest) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const RandomGraph random = random_graph(seed, {.batch = true});
        const Graph copy = without_unused(random.graph);
        verify(copy);
        EXPECT_EQ(copy.size(), reachable(random.graph, random.graph.outputs).size());
        expect_same_values(random.graph, copy, random);
        const Graph again = without_unused(copy);
        EXPECT_TRUE(same(copy, again));
    }
}

TEST(Rebuild, carries_origins_and_calls_as_they_were_written) {
    Graph graph;
    const Expr x = graph.expr(graph.add_named("x", leaf_op, {}, {std::string("weight"), Type{}}));
    sin(x);
    const Expr y = exp(x);
    graph.set_origin(y.id, Span{1, 2, 3});
    graph.set_written(y.id, {"f", {x.id}});
    graph.outputs = {y.id};
    const Graph copy = without_unused(graph);
    const NodeId moved = copy.outputs[0];
    EXPECT_EQ(copy.origin(moved), (Span{1, 2, 3}));
    ASSERT_NE(copy.written(moved), nullptr);
    EXPECT_EQ(copy.written(moved)->function, "f");
    EXPECT_EQ(copy.written(moved)->arguments, std::vector{*copy.find("x")});
}

}  // namespace
}  // namespace chainrule::tests
