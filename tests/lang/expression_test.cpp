#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "lang/ast_text.h"
#include "lang/parser.h"

namespace chainrule::test {
namespace {

std::string expr(std::string_view source) { return text_of_expression(source); }

TEST(Expression, power_binds_tightest_and_to_the_right) {
    EXPECT_EQ(expr("-x^2"), "(neg (^ x 2))");
    EXPECT_EQ(expr("2^-1"), "(^ 2 (neg 1))");
    EXPECT_EQ(expr("2^3^2"), "(^ 2 (^ 3 2))");
    EXPECT_EQ(expr("a^-b^c"), "(^ a (neg (^ b c)))");
    EXPECT_EQ(expr("(a^b)^c"), "(^ (^ a b) c)");
}

TEST(Expression, products_and_quotients_go_alike_from_the_left) {
    EXPECT_EQ(expr("a*b@c/d"), "(/ (@ (* a b) c) d)");
    EXPECT_EQ(expr("1/2*x"), "(* (/ 1 2) x)");
    EXPECT_EQ(expr("-a*b"), "(* (neg a) b)");
    EXPECT_EQ(expr("a*-b"), "(* a (neg b))");
}

TEST(Expression, sums_come_after_products_and_from_the_left) {
    EXPECT_EQ(expr("a-b-c"), "(- (- a b) c)");
    EXPECT_EQ(expr("a+b*c-d"), "(- (+ a (* b c)) d)");
    EXPECT_EQ(expr("a-(b-c)"), "(- a (- b c))");
}

TEST(Expression, comparisons_come_last) {
    EXPECT_EQ(expr("a+1 < b*2"), "(< (+ a 1) (* b 2))");
    EXPECT_EQ(expr("a <= b"), "(<= a b)");
    EXPECT_EQ(expr("a > b"), "(> a b)");
    EXPECT_EQ(expr("a >= b"), "(>= a b)");
    EXPECT_EQ(expr("a == b"), "(== a b)");
    EXPECT_EQ(expr("a != b"), "(!= a b)");
    EXPECT_EQ(expr("(a < b) * (b < c)"), "(* (< a b) (< b c))");
    EXPECT_EQ(expr("x <-1"), "(< x (neg 1))");
}

TEST(Expression, a_unary_plus_says_nothing) { EXPECT_EQ(expr("+x - +-y"), "(- x (neg y))"); }

TEST(Expression, numbers_know_whether_they_are_whole) {
    EXPECT_EQ(expr("[3, 3.0, 1e3, .5, 5.]"), "[3 3f 1000f 0.5f 5f]");
}

TEST(Expression, a_prime_after_a_value_transposes) {
    EXPECT_EQ(expr("W'"), "(' W)");
    EXPECT_EQ(expr("W''"), "(' (' W))");
    EXPECT_EQ(expr("a1' @ x"), "(@ (' a1) x)");
    EXPECT_EQ(expr("(a + b)'"), "(' (+ a b))");
    EXPECT_EQ(expr("f(x)'"), "(' (f x))");
    EXPECT_EQ(expr("x^2'"), "(^ x (' 2))");
    EXPECT_EQ(expr("Wᵀ@x"), "(@ (' W) x)");
}

TEST(Expression, a_prime_before_a_bracket_derives) {
    EXPECT_EQ(expr("g1'(z1)"), "(g1' z1)");
    EXPECT_EQ(expr("g1''(z1) * g1'(z1)'"), "(* (g1'' z1) (' (g1' z1)))");
    EXPECT_EQ(expr("σ′(z)"), "(sigmoid' z)");
}

TEST(Expression, d_derives_by_argument_numbers) {
    EXPECT_EQ(expr("D(Loss, 1)(a2, y)"), "(Loss#1 a2 y)");
    EXPECT_EQ(expr("D(Loss, 1, 2)(a2, y) * 2"), "(* (Loss#1#2 a2 y) 2)");
    EXPECT_EQ(expr("D(x, 2)"), "(D x 2)");
    EXPECT_EQ(expr("D(f, 1)(D(g, 1)(x, y), z)"), "(f#1 (g#1 x y) z)");
}

TEST(Expression, d_leaves_nothing_of_its_form_in_the_arena) {
    SourceMap sources;
    Diagnostics diagnostics;
    ast::Tree tree;
    parse_expression(sources, sources.add("e", "D(Loss, 1, 2)(a2, y)"), tree, diagnostics);
    EXPECT_EQ(tree.expressions.size(), 3u);
}

TEST(Expression, derivatives_are_ordinary_quotients_of_names) {
    EXPECT_EQ(expr("dLoss/dw2"), "(/ dLoss dw2)");
    EXPECT_EQ(expr("∂Loss/∂w₂"), "(/ dLoss dw2)");
}

TEST(Expression, calls_take_positional_and_named_arguments) {
    EXPECT_EQ(expr("f()"), "(f)");
    EXPECT_EQ(expr("sum(W^2, axis = 1)"), "(sum (^ W 2) axis=1)");
    EXPECT_EQ(expr("adam(rate = 1e-3)"), "(adam rate=0.001f)");
    EXPECT_EQ(expr("reshape(x, shape = [])"), "(reshape x shape=[])");
    EXPECT_EQ(expr("where(a == b, c, d)"), "(where (== a b) c d)");
}

TEST(Expression, subscripts_are_indices_or_ranges_per_axis) {
    EXPECT_EQ(expr("x[2]"), "(index x 2)");
    EXPECT_EQ(expr("W[i + 1, 1:3, :, 2:, :4]"), "(index W (+ i 1) 1:3 : 2: :4)");
    EXPECT_EQ(expr("f(x)[0]'[-1]"), "(index (' (index (f x) 0)) (neg 1))");
}

TEST(Expression, arrays_nest) { EXPECT_EQ(expr("[[2, -1], [3, 4]]"), "[[2 (neg 1)] [3 4]]"); }

TEST(Expression, a_superscript_is_a_power_of_what_it_stands_on) {
    EXPECT_EQ(expr("-x²"), "(neg (^ x 2))");
    EXPECT_EQ(expr("x²'"), "(' (^ x 2))");
    EXPECT_EQ(expr("x⁻¹ · 2^x²"), "(* (^ x (neg 1)) (^ 2 (^ x 2)))");
}

TEST(Expression, unicode_reads_as_ascii) {
    EXPECT_EQ(expr("σ(α·x − β₁) ≤ π × w.γ"), expr("sigmoid(alpha*x - beta1) <= pi*w.gamma"));
}

TEST(Expression, a_line_goes_on_in_brackets_and_after_an_operator) {
    EXPECT_EQ(expr("f(a,\n  b) + # more\n\n  c"), "(+ (f a b) c)");
    EXPECT_EQ(expr("\na ^\r\n -\r\n b\n"), "(^ a (neg b))");
}

TEST(Expression, spans_cover_what_was_written) {
    SourceMap sources;
    Diagnostics diagnostics;
    ast::Tree tree;
    const auto file = sources.add("e", "(a + b) * -c[0]'");
    const auto id = parse_expression(sources, file, tree, diagnostics);
    ASSERT_TRUE(id);
    const auto& product = std::get<ast::Binary>(tree[*id].node);
    EXPECT_EQ(sources.text(tree[*id].span), "(a + b) * -c[0]'");
    EXPECT_EQ(sources.text(product.op_span), "*");
    EXPECT_EQ(sources.text(tree[product.lhs].span), "a + b");
    EXPECT_EQ(sources.text(tree[product.rhs].span), "-c[0]'");
}

TEST(Expression, children_stand_before_their_parents) {
    SourceMap sources;
    Diagnostics diagnostics;
    ast::Tree tree;
    const auto file = sources.add("e", "f(a, b + c) * [1, 2][0] ^ g'(x')");
    const auto id = parse_expression(sources, file, tree, diagnostics);
    ASSERT_TRUE(id);
    EXPECT_EQ(*id + 1, tree.expressions.size());
    for (ast::ExprId i = 0; i < tree.expressions.size(); ++i)
        if (const auto* binary = std::get_if<ast::Binary>(&tree[i].node)) {
            EXPECT_LT(binary->lhs, i);
            EXPECT_LT(binary->rhs, i);
        }
}

TEST(Expression, is_appended_to_a_tree_or_leaves_it_as_it_was) {
    SourceMap sources;
    Diagnostics diagnostics;
    ast::Tree tree;
    EXPECT_EQ(parse_expression(sources, sources.add("e", "a + b"), tree, diagnostics), 2u);
    EXPECT_EQ(parse_expression(sources, sources.add("e", "a + b *"), tree, diagnostics),
              std::nullopt);
    EXPECT_EQ(tree.expressions.size(), 3u);
    EXPECT_EQ(parse_expression(sources, sources.add("e", "c"), tree, diagnostics), 3u);
}

}  // namespace
}  // namespace chainrule::test
