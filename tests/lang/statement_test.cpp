#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "lang/ast_text.h"
#include "lang/parser.h"

namespace chainrule::test {
namespace {

TEST(Statement, declares_inputs_and_targets) {
    EXPECT_EQ(text_of("input x"), "(input x)");
    EXPECT_EQ(text_of("input x[3], y, img[1,28,28]"),
              "(input x [3])\n(input y)\n(input img [1 28 28])");
    EXPECT_EQ(text_of("target y: class(10), t[3]"), "(target y class 10)\n(target t [3])");
}

TEST(Statement, declares_weights_and_constants) {
    EXPECT_EQ(text_of("weight a, b"), "(weight a)\n(weight b)");
    EXPECT_EQ(text_of("weight w1 = 0.3, w2"), "(weight w1 = 0.3f)\n(weight w2)");
    EXPECT_EQ(text_of("weight W[128,784] ~ he_normal"), "(weight W [128 784] ~ he_normal)");
    EXPECT_EQ(text_of("weight W[2] ~ normal(0, std = 0.1), b[128] = 0"),
              "(weight W [2] ~ (normal 0 std=0.1f))\n(weight b [128] = 0)");
    EXPECT_EQ(text_of("constant A = [[2,-1],\n  [3,4]]"), "(constant A = [[2 (neg 1)] [3 4]])");
    EXPECT_EQ(text_of("constant C[3,2]"), "(constant C [3 2])");
}

TEST(Statement, declares_and_defines_functions) {
    EXPECT_EQ(text_of("function g1, g2, Loss"), "(function g1)\n(function g2)\n(function Loss)");
    EXPECT_EQ(text_of("function swish(z) = z * sigmoid(z)"),
              "(function swish (z) (* z (sigmoid z)))");
    EXPECT_EQ(text_of("function g = sigmoid"), "(function g sigmoid)");
    EXPECT_EQ(text_of("function Loss(a, t), g"), "(function Loss (a t))\n(function g)");
    EXPECT_EQ(text_of("Loss(a, t) = 1/2*(a - t)^2"),
              "(function Loss (a t) (* (/ 1 2) (^ (- a t) 2)))");
}

TEST(Statement, an_equation_names_a_node) {
    EXPECT_EQ(text_of("h = relu(W @ x + b)"), "(= h (relu (+ (@ W x) b)))");
    EXPECT_EQ(text_of("δ₂ = a2 − y"), "(= delta2 (- a2 y))");
}

TEST(Statement, states_output_loss_penalty_import_and_recipe) {
    EXPECT_EQ(text_of("output a, h.W"), "(output a h.W)");
    EXPECT_EQ(text_of("loss cross_entropy(s, y)"), "(loss (cross_entropy s y))");
    EXPECT_EQ(text_of("penalty 1e-4 * sum(W^2)"), "(penalty (* 0.0001f (sum (^ W 2))))");
    EXPECT_EQ(text_of("import \"dir/x.nn\""), "(import dir/x.nn)");
    EXPECT_EQ(text_of("train optimizer = adam(rate = 1e-3), epochs = 20,\n  batch = 64"),
              "(train optimizer=(adam rate=0.001f) epochs=20 batch=64)");
}

TEST(Statement, keywords_are_names_where_no_statement_of_theirs_can_follow) {
    EXPECT_EQ(text_of("loss = x"), "(= loss x)");
    EXPECT_EQ(text_of("target = x"), "(= target x)");
    EXPECT_EQ(text_of("train = 3"), "(= train 3)");
    EXPECT_EQ(text_of("loss(a, t) = a - t"), "(function loss (a t) (- a t))");
    EXPECT_EQ(text_of("loss (a - t)^2"), "(loss (^ (- a t) 2))");
    EXPECT_EQ(text_of("loss -x"), "(loss (neg x))");
    EXPECT_EQ(text_of("loss loss * input"), "(loss (* loss input))");
    EXPECT_EQ(text_of("weight weight, loss = 2"), "(weight weight)\n(weight loss = 2)");
    EXPECT_EQ(text_of("layer f(loss) { loss * 2 }"), "(layer f (loss) (* loss 2))");
}

TEST(Statement, a_layer_holds_declarations_equations_and_its_value) {
    EXPECT_EQ(text_of("layer dense(x[n], m, g) {\n"
                      "    weight W[m,n] ~ he_normal, b[m] = 0  # two\n"
                      "\n"
                      "    z = W @ x + b\n"
                      "    g(z)\n"
                      "}"),
              "(layer dense (x[n] m g) (weight W [m n] ~ he_normal) (weight b [m] = 0) "
              "(= z (+ (@ W x) b)) (g z))");
}

TEST(Statement, a_layer_may_stand_on_one_line) {
    EXPECT_EQ(text_of("layer f(x) { x * 2 }"), "(layer f (x) (* x 2))");
    EXPECT_EQ(text_of("layer f(x[3]) { h = x * 2; h + 1; }"),
              "(layer f (x[3]) (= h (* x 2)) (+ h 1))");
    EXPECT_EQ(text_of("layer f(\n  x,\n  y)\n{\n x + y }"), "(layer f (x y) (+ x y))");
}

TEST(Statement, lines_go_on_in_brackets_and_after_operators) {
    EXPECT_EQ(text_of("z = a +\n    b\ny =\n  f(a,\n\n b # c\n )\n"),
              "(= z (+ a b))\n(= y (f a b))");
}

TEST(Statement, line_ends_tabs_comments_and_byte_order_marks_are_all_alike) {
    EXPECT_EQ(text_of("\xEF\xBB\xBFinput x\r\n\r\n\tz\t= x # c\r# d\ry = z"),
              "(input x)\n(= z x)\n(= y z)");
}

TEST(Statement, an_empty_text_is_an_empty_tree) {
    EXPECT_EQ(text_of(""), "");
    EXPECT_EQ(text_of(" \n# nothing\n"), "");
    EXPECT_EQ(text_of("\xEF\xBB\xBF"), "");
}

TEST(Statement, spans_cover_the_statement_and_its_names) {
    SourceMap sources;
    Diagnostics diagnostics;
    const auto file = sources.add("net.nn", "weight a, b[2] = 0  # c\nz = a * b\n");
    const ast::Tree tree = parse(sources, file, diagnostics);
    ASSERT_EQ(tree.statements.size(), 3u);
    EXPECT_EQ(sources.text(tree.statements[1].span), "b[2] = 0");
    EXPECT_EQ(sources.text(tree.statements[2].span), "z = a * b");
    const auto& equation = std::get<ast::Equation>(tree.statements[2].node);
    EXPECT_EQ(sources.text(equation.name.span), "z");
}

TEST(Statement, one_with_an_error_is_left_out_whole) {
    SourceMap sources;
    Diagnostics diagnostics;
    const auto file = sources.add("net.nn", "a = 1\nweight b = 1, c = *\nd = 2");
    const ast::Tree tree = parse(sources, file, diagnostics);
    EXPECT_EQ(diagnostics.error_count(), 1u);
    ASSERT_EQ(tree.statements.size(), 2u);
    EXPECT_EQ(to_text(tree, tree.statements[1]), "(= d 2)");
    EXPECT_EQ(tree.expressions.size(), 2u);
}

TEST(Answers, are_equalities_of_names_and_derivatives) {
    EXPECT_EQ(text_of_answers("z1 = x * w1\n\n# three\ndLoss/dw2 = A = B\n"),
              "(= z1 (* x w1))\n(= (/ dLoss dw2) A B)");
    EXPECT_EQ(text_of_answers("∂L/∂h.W = delta @ a1'"), "(= (/ dL dh.W) (@ delta (' a1)))");
    EXPECT_EQ(text_of_answers("z = (a < b) =\n c"), "(= z (< a b) c)");
}

TEST(Answers, may_be_updates) {
    EXPECT_EQ(text_of_answers("w1 <- w1 - alpha * 2"), "(<- w1 (- w1 (* alpha 2)))");
    EXPECT_EQ(text_of_answers("w1 ← w1 - alpha"), "(<- w1 (- w1 alpha))");
    EXPECT_EQ(text_of_answers("w <- -w = 0"), "(<- w (neg w) 0)");
}

}  // namespace
}  // namespace chainrule::test
