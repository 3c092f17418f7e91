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

// Their sums of numbers between 0.1 and 0.9 saturate every output, where a loss as written is no
// number or has few digits.
TEST(CheckPasses, wide_networks_keep_the_losses_of_their_logits) {
    for (const char* const text :
         {"input x[784]\ntarget y: class(10)\nweight W[128, 784], V[10, 128]\n"
          "o = softmax(V @ relu(W @ x))\nt = one_hot(y, 10)\nloss -sum(t * log(o))",
          "input x[100]\ntarget y\nweight w[100]\no = sigmoid(w @ x)\n"
          "loss binary_cross_entropy(o, y)",
          "input x[784]\ntarget y\nweight w[784]\nz = 10 * (w @ x)\no = exp(z) / (1 + exp(z))\n"
          "loss (o - y)^2",
          "input x\ntarget y\nweight w\nz = 1e6 * (w * x)\no = exp(z) / (1 + exp(z))\n"
          "loss (o - y)^2"}) {
        EXPECT_NO_THROW(compile_step(network_of(text), {.after = "step", .check_each = true}));
    }
}

// A loss of an input x[3], a target y and a weight w[3].
Graph graph_of(const std::string& loss) {
    Network network = network_of("input x[3]\ntarget y\nweight w[3]\nloss " + loss);
    network.graph.outputs = {network.loss};
    return std::move(network.graph);
}

TEST(CheckPasses, a_loss_of_another_logit_is_accused) {
    const Graph written = graph_of("binary_cross_entropy(sigmoid(w @ x), y)");
    const auto check = [&](const std::string& computed) {
        check_same_losses(written, graph_of(computed), "stable_losses");
    };
    EXPECT_NO_THROW(check("binary_cross_entropy_with_logits(w @ x, y)"));
    EXPECT_THROW(check("binary_cross_entropy_with_logits(-w @ x, y)"), InternalError);
    EXPECT_THROW(check("binary_cross_entropy_with_logits(w[0] * x[0], y)"), InternalError);
    EXPECT_THROW(check("log(y - 1)"), InternalError);
}

// Of both the second is the better one, by the pass simplify_composites.
TEST(CheckPasses, digits_that_the_graph_before_loses_are_no_fault_of_the_pass) {
    const std::string before = "1 / (1 - sigmoid(24 * w @ x))";
    const auto check = [&](const std::string& after) {
        check_same_values(graph_of(before), graph_of(after), "simplify_composites");
    };
    EXPECT_NO_THROW(check("1 / sigmoid_complement(24 * w @ x)"));
    EXPECT_THROW(check("1 / sigmoid_complement(24.001 * w @ x)"), InternalError);
    EXPECT_THROW(check("1 / sigmoid(24 * w @ x)"), InternalError);
    for (const DType dtype : {DType::f32, DType::f64}) {
        EXPECT_NO_THROW(
            compile_step(network_of("input x[200]\ntarget y\nweight w[200]\nz = w @ x\n"
                                    "loss -y * log(1 - sigmoid(z / 2)) + y / (1 - sigmoid(z / 4))"),
                         {.dtype = dtype, .batch = 4, .check_each = true}));
    }
}

TEST(CheckPasses, an_infinity_is_equal_to_itself_alone) {
    const auto check = [](const std::string& before, const std::string& after) {
        check_same_values(graph_of(before), graph_of(after), "pass");
    };
    EXPECT_NO_THROW(check("y / (0 * y)", "x[0] / (0 * y)"));
    EXPECT_THROW(check("y / (0 * y)", "-y / (0 * y)"), InternalError);
    EXPECT_THROW(check("y / (0 * y)", "y"), InternalError);
    EXPECT_THROW(check("y", "y / (0 * y)"), InternalError);
}

TEST(Compilation, compiles_the_outputs_of_a_network_without_a_loss) {
    for (const char* const text :
         {"input x[2]\nh = dense(x, 3, tanh)\noutput h", "weight v = 2\np = sin(v)\noutput p",
          "input x[300]\nz = dense(x, 200, relu)\np = softmax(dense(z, 10, identity))\noutput "
          "z, p"}) {
        for (const DType dtype : {DType::f32, DType::f64}) {
            const Compilation seen =
                compile_step(network_of(text, /*needs_loss=*/false),
                             {.dtype = dtype, .batch = 4, .emit = true, .check_each = true});
            EXPECT_TRUE(seen.text.starts_with("plan for at most 4 examples")) << seen.text;
            EXPECT_NE(seen.llvm_text, "");
            EXPECT_EQ(seen.stages.front().name, "step");
        }
    }
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
