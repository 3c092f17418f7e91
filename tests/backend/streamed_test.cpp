// Results larger than the caches, which are stored past them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "backend/compiled_graph.h"
#include "compile/compile.h"
#include "ops/build.h"
#include "ops/rules.h"

namespace chainrule {
namespace {

constexpr std::int64_t width = 4096;

// relu(2 x - 1) of that many examples.
Plan plan_for(std::int64_t columns, std::int64_t batch) {
    Graph graph;
    Type type;
    type.shape = {columns};
    type.per_example = true;
    const NodeId x = graph.add_named("x", leaf_op, {}, {std::string("input"), type});
    graph.outputs = {call(relu_op, {2 * graph.expr(x) - 1.0}).id};
    return make_plan(graph, {.batch = batch});
}

bool streams(const CompiledGraph& compiled) {
    return compiled.kernels().assembly().find("movnt") != std::string::npos;
}

TEST(Streamed, gives_the_same_numbers_also_in_a_smaller_batch) {
    ThreadPool pool(2);
    CompiledGraph compiled(plan_for(width, 5000), pool, {.keep_text = true});
#if defined(__x86_64__)
    EXPECT_TRUE(streams(compiled));
#endif
    std::vector<float> x(3 * width);
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] = static_cast<float>(i % 7) / 7;
    }
    compiled.bind_rows("x", x.data());
    compiled.run(std::array<std::int64_t, 3>{2, 0, 1});
    const auto* const y = static_cast<const float*>(compiled.output(0));
    for (std::size_t i = 0; i < x.size(); ++i) {
        const float from = x[(i + 2 * width) % x.size()];
        ASSERT_EQ(y[i], std::max(2 * from - 1, 0.0F)) << i;
    }
}

TEST(Streamed, is_not_what_fits_the_caches_or_stands_between_vectors) {
    ThreadPool pool(1);
    EXPECT_FALSE(streams(CompiledGraph(plan_for(width, 100), pool, {.keep_text = true})));
    EXPECT_FALSE(streams(CompiledGraph(plan_for(width + 1, 5000), pool, {.keep_text = true})));
}

}  // namespace
}  // namespace chainrule
