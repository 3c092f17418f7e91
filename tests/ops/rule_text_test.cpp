// Gradient rules read like a textbook's, with the cotangent first, and shape rules say what is
// wrong.
#include <gtest/gtest.h>

#include "derive/derive.h"
#include "notation/formula.h"
#include "ops/rules.h"
#include "support/op_problem.h"

namespace chainrule::tests {
namespace {

struct Symbol {
    std::string name;
    Type type = f64();
};

// dLoss/d(operand) of a = op(symbols), with dLoss/da called da, as text.
std::string rule_of(const Op& op, const std::vector<Symbol>& symbols, std::size_t operand = 0,
                    const Attributes& attributes = {}) {
    Graph graph;
    std::vector<NodeId> x;
    for (const Symbol& symbol : symbols) {
        x.push_back(add_leaf(graph, symbol.name, symbol.type));
    }
    const NodeId a = graph.add_named("a", op, x, attributes);
    const NodeId da = add_leaf(graph, "da", Type(graph.type(a)));
    const auto derivation = pull_back(graph, a, graph.expr(da), std::vector{x[operand]});
    return write_formula(graph, derivation.gradients[0].id);
}

// The same for x^n with n a number.
std::string rule_of_power(double n) {
    Graph graph;
    const Expr x = graph.expr(add_leaf(graph, "x", f64({3})));
    const Expr da = graph.expr(add_leaf(graph, "da", f64({3})));
    const Expr y = power(x, n);
    return write_formula(graph, pull_back(graph, y.id, da, std::vector{x.id}).gradients[0].id);
}

TEST(RuleText, of_functions_is_the_textbooks) {
    const std::vector<Symbol> z{{"z"}};
    EXPECT_EQ(rule_of(exp_op, z), "da * a");
    EXPECT_EQ(rule_of(log_op, z), "da / z");
    EXPECT_EQ(rule_of(sqrt_op, z), "da / (2 * a)");
    EXPECT_EQ(rule_of(abs_op, z), "da * sign(z)");
    EXPECT_EQ(rule_of(sin_op, z), "da * cos(z)");
    EXPECT_EQ(rule_of(cos_op, z), "-(da * sin(z))");
    EXPECT_EQ(rule_of(tan_op, z), "da * (1 + a^2)");
    EXPECT_EQ(rule_of(asin_op, z), "da / sqrt(1 - z^2)");
    EXPECT_EQ(rule_of(atan_op, z), "da / (1 + z^2)");
    EXPECT_EQ(rule_of(erf_op, z), "da * (2 / sqrt(pi)) * exp(-z^2)");
}

TEST(RuleText, of_activations_is_the_textbooks) {
    const std::vector<Symbol> z{{"z"}};
    EXPECT_EQ(rule_of(sigmoid_op, z), "da * a * (1 - a)");
    EXPECT_EQ(rule_of(tanh_op, z), "da * (1 - a^2)");
    EXPECT_EQ(rule_of(softplus_op, z), "da * sigmoid(z)");
    EXPECT_EQ(rule_of(silu_op, z), "da * (sigmoid(z) + a * (1 - sigmoid(z)))");
    EXPECT_EQ(rule_of(gelu_op, z),
              "da * (normal_cdf(z) + clip(z, low=-40, high=40) * normal_pdf(z))");
    EXPECT_EQ(rule_of(elu_op, z), "where(z <= 0, da * 1 * exp(z), da)");
    EXPECT_EQ(rule_of(leaky_relu_op, z), "where(z <= 0, da * 0.01, da)");
    EXPECT_EQ(rule_of(maximum_op, {{"z"}, {"u"}}), "where(z < u, 0, where(z == u, da / 2, da))");
}

TEST(RuleText, of_a_power_with_a_number_works_out_its_exponent) {
    EXPECT_EQ(rule_of_power(0), "da * 0");
    EXPECT_EQ(rule_of_power(1), "da");
    EXPECT_EQ(rule_of_power(2), "da * 2 * x");
    EXPECT_EQ(rule_of_power(3), "da * 3 * x^2");
    EXPECT_EQ(rule_of_power(-1), "da * -1 * x^(-2)");
    EXPECT_EQ(rule_of(power_op, {{"x"}, {"n"}}), "where(n == 0, 0, da * n * x^(n - 1))");
    EXPECT_EQ(rule_of(power_op, {{"x"}, {"n"}}, 1),
              "where((x == 0) * (n >= 0), 0, da * a * log(x))");
}

TEST(RuleText, of_losses_is_the_textbooks) {
    const std::vector<Symbol> scalars{{"p"}, {"y"}};
    EXPECT_EQ(rule_of(squared_error_op, scalars), "da * (p - y)");
    EXPECT_EQ(rule_of(squared_error_op, scalars, 1), "da * (y - p)");
    EXPECT_EQ(rule_of(mean_squared_error_op, scalars), "da * 2 * (p - y)");
    EXPECT_EQ(rule_of(mean_squared_error_op, {{"p", f64({3})}, {"y", f64({3})}}),
              "da * 2 * (p - y) / 3");
    EXPECT_EQ(rule_of(binary_cross_entropy_op, scalars), "da * (p - y) / (p * (1 - p))");
    EXPECT_EQ(rule_of(binary_cross_entropy_op, scalars, 1), "da * (log(1 - p) - log(p))");
    EXPECT_EQ(rule_of(binary_cross_entropy_with_logits_op, {{"z"}, {"y"}}),
              "da * (sigmoid(z) - y)");
    EXPECT_EQ(rule_of(binary_cross_entropy_with_logits_op, {{"z"}, {"y", index_type({}, 2)}}),
              "da * (sigmoid(z) - y)");
    EXPECT_EQ(rule_of(huber_op, scalars), "da * clip(p - y, low=-1, high=1)");
}

TEST(RuleText, of_cross_entropy_is_softmax_minus_the_truth) {
    EXPECT_EQ(rule_of(cross_entropy_op, {{"z", f64({10})}, {"y", index_type({}, 10)}}),
              "da * (softmax(z) - one_hot(y))");
    EXPECT_EQ(rule_of(cross_entropy_op, {{"z", f64({3})}, {"t", f64({3})}}),
              "da * (softmax(z) * sum(t) - t)");
    EXPECT_EQ(rule_of(cross_entropy_op, {{"z", f64({3})}, {"t", f64({3})}}, 1),
              "-(da * log_softmax(z))");
}

// What the shape rule says to these operands.
std::string complaint(const Op& op, const std::vector<Symbol>& symbols,
                      const Attributes& attributes = {}) {
    try {
        rule_of(op, symbols, 0, attributes);
    } catch (const ShapeError& error) {
        return error.what();
    }
    return "nothing";
}

TEST(ShapeRule, of_a_loss_says_what_does_not_fit) {
    EXPECT_EQ(complaint(squared_error_op, {{"a1", f64({3})}, {"y", f64({4})}}),
              "cannot compute squared_error(a1 [3], y [4]): prediction and target must have one "
              "shape");
    EXPECT_EQ(complaint(huber_op, {{"a1", f64({3})}, {"y", f64_row(3)}}),
              "cannot compute huber(a1 [3], y row [3]): prediction and target must have one shape");
    EXPECT_EQ(complaint(binary_cross_entropy_op, {{"p"}, {"y", index_type({}, 3)}}),
              "binary_cross_entropy takes a label of two classes, as 0 or 1, and y class label has "
              "3");
    EXPECT_EQ(complaint(hinge_op, {{"y", index_type({}, 2)}, {"s"}}),
              "hinge needs numbers, and y class label holds whole-number labels");
    EXPECT_EQ(complaint(huber_op, {{"a1"}, {"y"}}, {-1.0}), "huber needs a delta above 0, not -1");
}

TEST(ShapeRule, of_cross_entropy_says_what_does_not_fit) {
    EXPECT_EQ(complaint(cross_entropy_op, {{"z", f64({3})}, {"y", index_type({}, 10)}}),
              "cannot compute cross_entropy(z [3], y class label): 3 logits against 10 classes");
    EXPECT_EQ(complaint(cross_entropy_op, {{"z"}, {"y", index_type({}, 2)}}),
              "cross_entropy needs a vector of logits, one for each class, and z scalar is none");
    EXPECT_EQ(complaint(cross_entropy_op, {{"z", f64({3})}, {"t", f64({2})}}),
              "cannot compute cross_entropy(z [3], t [2]): the target is neither a class label nor "
              "a probability for each logit");
    EXPECT_EQ(
        complaint(cross_entropy_op, {{"z", f64({2, 3})}, {"y", index_type({}, 3)}}),
        "cannot compute cross_entropy(z [2, 3], y class label): the logits of [2] places need "
        "as many labels");
}

TEST(ShapeRule, of_functions_says_what_does_not_fit) {
    EXPECT_EQ(complaint(clip_op, {{"x"}}, {2.0, 1.0}),
              "cannot clip x scalar to [2, 1]: the lower bound is not below the upper one");
    EXPECT_EQ(complaint(gelu_op, {{"x"}}, {std::string("cubic")}),
              "gelu has the forms erf and tanh, not cubic");
}

// Broadcasting happens in call(), whose message writes the operation as the user did.
TEST(ShapeRule, of_operators_writes_them_as_the_user_did) {
    Graph graph;
    const Expr a = graph.expr(add_leaf(graph, "a", f64({3})));
    const Expr b = graph.expr(add_leaf(graph, "b", f64({4})));
    const auto complaint_of = [&](const Op& op) {
        try {
            call(op, {a, b});
        } catch (const ShapeError& error) {
            return std::string(error.what());
        }
        return std::string("nothing");
    };
    EXPECT_EQ(complaint_of(power_op), "cannot compute a [3]^b [4]: 3 against 4 in the last axis");
    EXPECT_EQ(complaint_of(divide_op),
              "cannot compute a [3] / b [4]: 3 against 4 in the last axis");
    EXPECT_EQ(complaint_of(maximum_op),
              "cannot compute max(a [3], b [4]): 3 against 4 in the last axis");
}

}  // namespace
}  // namespace chainrule::tests
