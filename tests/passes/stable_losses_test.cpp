// Losses of probabilities that training computes from the logits, and those that stay as written.
#include "passes/stable_losses.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ir/graph_text.h"
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

struct Written {
    const char* equations;
    const char* loss;
    const char* wanted;
};

void expect_forms(const std::vector<Written>& written) {
    for (const auto& [equations, loss, wanted] : written) {
        EXPECT_EQ(stable_form(equations, loss), wanted) << equations << '\n' << loss;
    }
}

TEST(StableLosses, see_through_names_and_aliases) {
    const char* const wanted = "binary_cross_entropy_with_logits(z, y)";
    expect_forms({
        {"", "binary_cross_entropy(sigmoid(z), y)", wanted},
        {"o = sigmoid(z)", "binary_cross_entropy(o, y)", wanted},
        {"o = sigmoid(z)\np = o", "binary_cross_entropy(p, y)", wanted},
        {"o = 1 / (1 + exp(-z))", "binary_cross_entropy(o, y)", wanted},
        {"o = sigmoid(z)\nq = 1 - o", "binary_cross_entropy(q, y)",
         "binary_cross_entropy_with_logits(-z, y)"},
    });
}

TEST(StableLosses, see_sums_and_products_in_either_order) {
    expect_forms({
        {"o = sigmoid(z)", "log(-o + 1)", "logsigmoid(-z)"},
        {"o = 1 / (exp(-z) + 1)", "log(o)", "logsigmoid(z)"},
        {"u = tanh(z)", "log((u + 1) * 0.5)", "logsigmoid(2 * z)"},
        {"u = tanh(z)", "log(u * 0.5 + 0.5)", "logsigmoid(2 * z)"},
    });
}

// Of a matrix the sum of all elements is not that of softmax, which is by rows.
TEST(StableLosses, take_a_softmax_by_hand_for_one_where_it_is_of_a_vector) {
    expect_forms({
        {"e = exp(Z)", "log(e / sum(e))[0]", "gather(log_softmax(Z), 0)"},
        {"e = exp(Z - max(Z))", "log(e / sum(e))[0]", "gather(log_softmax(Z - max(Z)), 0)"},
        {"e = exp(W)\np = e / sum(e)", "log(p)[0][0]", "as written"},
    });
}

TEST(StableLosses, see_through_what_only_selects_elements) {
    const char* const o = "o = sigmoid(Z)";
    const char* const q = "o = sigmoid(Z)\nq = 1 - o\nr = q";
    const char* const complement = "binary_cross_entropy_with_logits(-gather(Z, 1), y)";
    expect_forms({
        {o, "binary_cross_entropy(o[1], y)", "binary_cross_entropy_with_logits(gather(Z, 1), y)"},
        {o, "binary_cross_entropy(1 - o[1], y)", complement},
        {o, "binary_cross_entropy((1 - o)[1], y)", complement},
        {q, "binary_cross_entropy(r[1], y)", complement},
        {q, "binary_cross_entropy(reshape(r, [1, 3])[0][1], y)",
         "binary_cross_entropy_with_logits(-gather(gather(reshape(Z, shape=[1, 3]), 0), 1), y)"},
        {"o = sigmoid(Z)\np = o[1]\nq = 1 - p", "log(q)", "logsigmoid(-gather(Z, 1))"},
        {o, "log(o[1])", "logsigmoid(gather(Z, 1))"},
        {o, "log(o[k])", "logsigmoid(gather(Z, k))"},
        {q, "log(q[k])", "logsigmoid(-gather(Z, k))"},
        {o, "log1p(-o[1])", "logsigmoid(-gather(Z, 1))"},
        {o, "log1p((-o)[1])", "logsigmoid(-gather(Z, 1))"},
        {o, "binary_cross_entropy(slice(o, 0, 1), y)",
         "binary_cross_entropy_with_logits(slice(Z, start=0, stop=1), y)"},
        {"M = sigmoid(W)", "binary_cross_entropy(reshape(M, [6])[4], y)",
         "binary_cross_entropy_with_logits(gather(reshape(W, shape=[6]), 4), y)"},
    });
}

// What is tried in vain is not among them.
TEST(StableLosses, append_only_what_stands_in_them) {
    Network network =
        elaborated(
            "input x[3]\ntarget y\nweight w[3]\no = sigmoid(w * x)\nt = tanh(x)\n"
            "l = binary_cross_entropy((1 - o)[1], y) + log(2 - t[0]) + log((1 - t)[0])")
            .network;
    Graph& graph = network.graph;
    const std::size_t before = graph.size();
    const std::vector<NodeId> now = stabilised(graph, std::vector{*graph.find("l")});
    const std::vector<NodeId> needed = reachable(graph, now);
    for (std::uint32_t i = static_cast<std::uint32_t>(before); i < graph.size(); ++i) {
        EXPECT_TRUE(std::ranges::binary_search(needed, NodeId{i})) << print_graph(graph);
    }
    EXPECT_GT(graph.size(), before);
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
