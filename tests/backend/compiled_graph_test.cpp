// Compiled graphs against the reference evaluator: every op, random graphs, forward and gradient.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "backend/compiled_graph.h"
#include "compile/compile.h"
#include "derive/derive.h"
#include "ir/random.h"
#include "ops/rules.h"
#include "support/compiled.h"
#include "support/draws.h"
#include "support/random_graph.h"

namespace chainrule {
namespace {

using tests::compiled_fault;
using tests::random_graph;

Tensor drawn(const Shape& shape, std::uint64_t seed, std::uint64_t stream) {
    const RandomStream numbers(seed, stream);
    Tensor tensor = Tensor::filled(shape, 0);
    for (std::size_t i = 0; i < tensor.data.size(); ++i) {
        tensor.data[i] = numbers.uniform(i, -1, 1);
    }
    return tensor;
}

struct Problem {
    Graph graph;
    BatchBindings values;

    Expr leaf(const std::string& name, const Shape& shape, bool per_example, std::size_t batch) {
        Type type;
        type.shape = shape;
        type.per_example = per_example;
        const NodeId id = graph.add_named(name, leaf_op, {},
                                          {std::string(per_example ? "input" : "weight"), type});
        for (std::size_t e = 0; e < (per_example ? batch : 1); ++e) {
            values[id].push_back(drawn(shape, 1, id.index * 1000 + e));
        }
        return graph.expr(id);
    }
};

TEST(CompiledGraph, computes_elementwise_chains_of_every_length) {
    for (const std::int64_t size : {1, 2, 7, 8, 15, 16, 17, 33, 1000}) {
        for (const std::size_t batch : {1, 2, 17}) {
            Problem p;
            const Expr x = p.leaf("x", {size}, true, batch);
            const Expr w = p.leaf("w", {size}, false, batch);
            const Expr y = call(relu_op, {x * w + 1.0});
            p.graph.outputs = {y.id, sum(y).id, call(batch_sum_op, {y}).id, (w * w).id};
            EXPECT_EQ(compiled_fault(p.graph, p.values, batch, {}), "") << size << " x " << batch;
        }
    }
}

TEST(CompiledGraph, computes_a_dense_layer_and_its_gradient) {
    for (const auto real : {ScalarKind::f32, ScalarKind::f64}) {
        for (const std::size_t batch : {1, 2, 7, 8, 15, 16, 17, 33, 1000}) {
            Problem p;
            const Expr x = p.leaf("x", {20}, true, batch);
            const Expr w = p.leaf("W", {30, 20}, false, batch);
            const Expr b = p.leaf("b", {30}, false, batch);
            const Expr v = p.leaf("V", {10, 30}, false, batch);
            const Expr z = matmul(v, call(relu_op, {matmul(w, x) + b}));
            const Expr loss = call(batch_mean_op, {sum(z * z)});
            p.graph.outputs = {loss.id};
            const std::vector<NodeId> weights{w.id, b.id, v.id};
            const Graph derived = with_gradients(p.graph, weights);
            EXPECT_EQ(
                compiled_fault(derived, p.values, batch,
                               {.real = real, .tolerance = real == ScalarKind::f32 ? 2e-5 : 1e-12}),
                "")
                << "batch " << batch;
        }
    }
}

// Whole numbers, so that every order of summing gives the same bits.
BatchBindings whole(BatchBindings values) {
    for (auto& [leaf, batch] : values) {
        for (Tensor& tensor : batch) {
            std::ranges::for_each(tensor.data, [](double& x) { x = std::round(7 * x); });
        }
    }
    return values;
}

TEST(CompiledGraph, multiplies_matrices_of_every_size_and_orientation) {
    constexpr std::int64_t least = 16384;  // multiplications of a product with code of its own
    for (const std::int64_t inner : {3, 15, 16, 17, 129, 300}) {
        for (const std::int64_t columns : {1, 2, 15, 16, 17, 33, 70}) {
            const auto batch = static_cast<std::size_t>(least / (inner * columns) + 8);
            if (batch > 1000) {
                continue;
            }
            Problem p;
            const Expr x = p.leaf("x", {inner}, true, batch);
            const Expr y = p.leaf("y", {columns}, true, batch);
            const Expr w = p.leaf("W", {columns, inner}, false, batch);
            const Expr v = p.leaf("V", {inner, columns}, false, batch);
            p.graph.outputs = {matmul(w, x).id, matmul(x, v).id,
                               call(batch_matmul_op, {x, transpose(y)}).id};
            const BatchBindings values = whole(p.values);
            for (const auto real : {ScalarKind::f32, ScalarKind::f64}) {
                EXPECT_EQ(compiled_fault(p.graph, values, batch, {.real = real, .tolerance = 0}),
                          "")
                    << inner << " x " << columns << ", batch " << batch;
            }
        }
    }
}

TEST(CompiledGraph, agrees_with_the_reference_on_random_graphs_and_their_gradients) {
    for (std::uint64_t seed = 1; seed <= tests::draws(60U); ++seed) {
        const tests::RandomGraph random =
            random_graph(seed, {.operations = 20, .batch = true, .without = {"apply"}});
        std::vector<NodeId> weights;
        for (const NodeId leaf : random.leaves) {
            weights.push_back(leaf);
        }
        const Graph derived = with_gradients(random.graph, weights);
        EXPECT_EQ(compiled_fault(derived, random.values, random.batch_size, {.tolerance = 1e-9}),
                  "")
            << "seed " << seed;
    }
}

// Elements that stand in no strides of their base.
TEST(CompiledGraph, computes_what_a_view_of_a_view_shows) {
    for (const bool per_example : {false, true}) {
        Problem p;
        const Expr w = p.leaf("w", {2, 3}, per_example, 5);
        const Expr b = p.leaf("b", {3}, per_example, 5);
        const Expr x = p.leaf("x", {6}, true, 5);
        const Expr turned = reshape(transpose(w), {6});
        const Expr wide = reshape(broadcast_to(b, w.type()), {6});
        const Expr y = x * exp(turned) + wide * reshape(transpose(exp(w)), {6});
        p.graph.outputs = {call(batch_mean_op, {sum(y * y)}).id, y.id, turned.id};
        EXPECT_EQ(compiled_fault(with_gradients(p.graph, std::vector{w.id, b.id}), p.values, 5, {}),
                  "");
    }
}

// Of a value that is computed once, and handed to every example.
TEST(CompiledGraph, sums_over_the_batch_what_all_examples_share) {
    Problem p;
    const Expr w = p.leaf("w", {3}, false, 4);
    const Expr x = p.leaf("x", {3}, true, 4);
    const Expr mean = call(batch_mean_op, {x});
    const Expr shared = exp(w * sum(mean));
    const Expr own = matmul(x, transpose(x));
    p.graph.outputs = {call(batch_sum_op, {call(per_example_op, {shared})}).id,
                       call(batch_sum_op, {own + matmul(shared, transpose(mean))}).id};
    EXPECT_EQ(compiled_fault(p.graph, p.values, 4, {}), "");
}

TEST(CompiledGraph, refuses_an_abstract_function) {
    Problem p;
    const Expr x = p.leaf("x", {3}, true, 1);
    p.graph.outputs = {call(apply_op, {x}, {std::string("f"), std::vector<std::int64_t>{0}}).id};
    EXPECT_THROW(make_plan(p.graph, {}), UserError);
}

}  // namespace
}  // namespace chainrule
