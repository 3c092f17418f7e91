// Losses of probabilities that training computes from the logits, and those that stay as written.
#include "passes/stable_rules.h"

#include <gtest/gtest.h>

#include "notation/formula.h"
#include "support/texts.h"

namespace chainrule::tests {
namespace {

// What stands for `loss` in a network with these equations.
std::string stable_form(const std::string& equations, const std::string& loss) {
    const std::string leaves =
        "input x[3]\ntarget y\ntarget Y[3]\ntarget k: class(3)\nweight w[3], W[2, 3]\n"
        "z = w @ x\nZ = w * x\n";
    Graph graph = elaborated(leaves + equations + "\nl = " + loss).network.graph;
    const std::size_t before = graph.size();
    const NodeId written = *graph.find("l");
    const NodeId now = stabilised(graph, std::vector{written})[0];
    verify(graph);
    EXPECT_EQ(graph.type(now), graph.type(written));
    if (now == written) {
        EXPECT_EQ(graph.size(), before);
        return "as written";
    }
    return write_formula(graph, now);
}

TEST(StableLosses, see_through_names_and_aliases) {
    const std::string wanted = "binary_cross_entropy_with_logits(z, y)";
    EXPECT_EQ(stable_form("", "binary_cross_entropy(sigmoid(z), y)"), wanted);
    EXPECT_EQ(stable_form("o = sigmoid(z)", "binary_cross_entropy(o, y)"), wanted);
    EXPECT_EQ(stable_form("o = sigmoid(z)\np = o", "binary_cross_entropy(p, y)"), wanted);
    EXPECT_EQ(stable_form("o = sigmoid(z)\nq = 1 - o", "binary_cross_entropy(q, y)"),
              "binary_cross_entropy_with_logits(-z, y)");
}

TEST(StableLosses, see_through_what_only_selects_elements) {
    const std::string o = "o = sigmoid(Z)";
    EXPECT_EQ(stable_form(o, "binary_cross_entropy(o[1], y)"),
              "binary_cross_entropy_with_logits(gather(Z, 1), y)");
    EXPECT_EQ(stable_form(o + "\np = o[1]\nq = 1 - p", "log(q)"), "logsigmoid(-gather(Z, 1))");
    EXPECT_EQ(stable_form(o, "log(o[1])"), "gather(logsigmoid(Z), 1)");
    EXPECT_EQ(stable_form(o + "\nq = 1 - o", "log(q[1])"), "gather(logsigmoid(-Z), 1)");
    EXPECT_EQ(stable_form(o, "binary_cross_entropy(slice(o, 0, 1), y)"),
              "binary_cross_entropy_with_logits(slice(Z, start=0, stop=1), y)");
    EXPECT_EQ(stable_form("M = sigmoid(W)", "binary_cross_entropy(reshape(M, [6])[4], y)"),
              "binary_cross_entropy_with_logits(gather(reshape(W, shape=[6]), 4), y)");
}

TEST(StableLosses, written_out_by_hand_are_sums_of_logsigmoids) {
    const std::string o = "o = sigmoid(z)\nO = sigmoid(Z)";
    EXPECT_EQ(stable_form(o, "-(y * log(o) + (1 - y) * log(1 - o))"),
              "-(y * logsigmoid(z) + (1 - y) * logsigmoid(-z))");
    EXPECT_EQ(stable_form(o, "-y * log(o) - (1 - y) * log(1 - o)"),
              "-y * logsigmoid(z) - (1 - y) * logsigmoid(-z)");
    EXPECT_EQ(stable_form(o, "-mean(Y * log(O) + (1 - Y) * log1p(-O))"),
              "-mean(Y * logsigmoid(Z) + (1 - Y) * logsigmoid(-Z))");
    EXPECT_EQ(stable_form(o, "where(y > 0, -log(o), -log(1 - o))"),
              "where(y > 0, -logsigmoid(z), -logsigmoid(-z))");
    EXPECT_EQ(stable_form("o = 1 / (1 + exp(-z))", "binary_cross_entropy(o, y)"),
              "binary_cross_entropy_with_logits(z, y)");
    EXPECT_EQ(stable_form("o = exp(z) / (exp(z) + 1)", "log(o)"), "logsigmoid(z)");
}

TEST(StableLosses, of_softmax_take_its_logarithm) {
    EXPECT_EQ(stable_form("o = softmax(Z)", "-sum(Y * log(o))"), "-sum(Y * log_softmax(Z))");
    EXPECT_EQ(stable_form("o = softmax(W, axis=1)", "-sum(log(o))"), "-sum(log_softmax(W))");
    EXPECT_EQ(stable_form("o = softmax(W, axis=0)", "-sum(log(o))"), "as written");
    EXPECT_EQ(stable_form("o = softmax(Z)", "-log(o[k])"), "-gather(log_softmax(Z), k)");
}

// A term on another probability is a term of its own.
TEST(StableLosses, that_only_look_alike_keep_what_is_no_sigmoid) {
    const std::string o = "o = sigmoid(z)\np = clip(o, 0.1, 0.9)\nO = softmax(Z)";
    EXPECT_EQ(stable_form(o, "-(y * log(o) + (1 - y) * log(1 - p))"),
              "-(y * logsigmoid(z) + (1 - y) * log(1 - p))");
    for (const char* loss :
         {"binary_cross_entropy(p, y)", "log(o + 1e-8)", "log(2 - o)", "squared_error(o, y)",
          "cross_entropy(O, k)", "log(1 - O[1])", "log(stop_gradient(o))", "log(tanh(z))",
          "binary_cross_entropy(tanh(z), y)", "binary_cross_entropy(y, o)"}) {
        EXPECT_EQ(stable_form(o, loss), "as written") << loss;
    }
}

}  // namespace
}  // namespace chainrule::tests
