// What `dump --check-each-pass` compares, and the stages that `dump --after` shows.
#include "train/check_passes.h"

#include <gtest/gtest.h>

#include "lang/diagnostic.h"
#include "network_text.h"
#include "train/compilation.h"
#include "train/leaf_memory.h"
#include "train/step_graph.h"

namespace chainrule {
namespace {

const char* const small_network =
    "input x[2]\ntarget y\nh = dense(x, 3, tanh)\no = dense(h, 1, sigmoid)\n"
    "loss squared_error(o[0], y)";
const char* const large_network =
    "input x[300]\ntarget y: class(10)\nh = dense(x, 200, relu)\n"
    "loss cross_entropy(dense(h, 10, identity), y)";

TEST(CheckPasses, every_stage_of_a_loop_and_of_a_plan_keeps_the_values) {
    for (const char* const text : {small_network, large_network}) {
        for (const DType dtype : {DType::f32, DType::f64}) {
            const CompilationRequest request{.dtype = dtype, .batch = 4, .check_each = true};
            EXPECT_NO_THROW(compile_step(network_of(text), request));
        }
    }
}

TEST(CheckPasses, a_loop_that_updates_by_another_value_is_accused) {
    const Network network = network_of("weight v = 1, w = 1\nloss (v - 2)^2 + (w * v - 1)^2");
    const StepGraph step = make_step_graph(network, make_objective(network, Averaging::plain),
                                           merge_options(network, {}));
    const CompileOptions options{.real = ScalarKind::f64, .updates = step.updates};
    auto loop = make_tensor_program(step.graph, options);
    ASSERT_TRUE(loop);
    EXPECT_NO_THROW(check_loop(step.graph, step.updates, *loop));
    std::swap(loop->updates.at(0).value, loop->updates.at(1).value);
    EXPECT_THROW(check_loop(step.graph, step.updates, *loop), InternalError);
}

TEST(Compilation, shows_kernels_before_and_after_their_values_have_a_place) {
    const Network network = network_of(large_network);
    const std::string fused = compile_step(network, {.after = "fuse"}).text;
    const std::string placed = compile_step(network, {.after = "plan_memory"}).text;
    EXPECT_TRUE(fused.starts_with("plan for at most 32 examples in f32: arena of 0 numbers"));
    EXPECT_EQ(fused.substr(fused.find("  phase 0")), placed.substr(placed.find("  phase 0")));
    EXPECT_NE(fused, placed);
    EXPECT_EQ(compile_step(network, {}).text, placed);
}

}  // namespace
}  // namespace chainrule
