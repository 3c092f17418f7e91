// The exact wording and place of the syntax errors.
#include <gtest/gtest.h>

#include <string>

#include "lang/ast_text.h"

namespace chainrule::test {
namespace {

// The one error of a text, without the name of the text: "column: message" and its notes.
std::string without_excerpt(const std::string& shown) {
    std::string out;
    for (std::size_t begin = 0; begin < shown.size();) {
        const std::size_t end = shown.find('\n', begin);
        const std::string line = shown.substr(begin, end - begin);
        begin = end + 1;
        const bool excerpt = line.starts_with("  ");
        if (excerpt) continue;
        if (!out.empty()) out += '\n';
        out += line.starts_with("net.nn:1:") ? line.substr(9) : line;
    }
    return out;
}

std::string error(std::string_view source) { return without_excerpt(errors_of(source)); }
std::string expr_error(std::string_view source) {
    return without_excerpt(errors_of_expression(source));
}

TEST(SyntaxError, underlines_what_is_meant) {
    EXPECT_EQ(errors_of("z = a ** b"),
              "net.nn:1:7: error: '**' is not an operator: a power is written with '^'\n"
              "  1 | z = a ** b\n"
              "    |       ^~\n");
    EXPECT_EQ(errors_of("z = f(a"),
              "net.nn:1:8: error: expected ')' to close the '(', found the end of the text\n"
              "  1 | z = f(a\n"
              "    |        ^\n"
              "net.nn:1:6: note: the '(' is opened here\n");
}

TEST(SyntaxError, asks_for_a_missing_operand) {
    EXPECT_EQ(error("z = a *"),
              "8: error: expected an expression after '*', found the end of the "
              "text");
    EXPECT_EQ(error("z ="),
              "4: error: expected an expression after '=', found the end of the text");
    EXPECT_EQ(error("z = * a"), "5: error: expected an expression after '=', found '*'");
    EXPECT_EQ(error("z = f(a, )"), "10: error: expected an expression after ',', found ')'");
    EXPECT_EQ(error("z = ()"), "6: error: expected an expression after '(', found ')'");
    EXPECT_EQ(error("loss"),
              "5: error: expected an expression after 'loss', found the end of the "
              "text");
    EXPECT_EQ(error("z = a // b"),
              "8: error: expected an expression after '/', found '/': comments begin with '#'");
    EXPECT_EQ(expr_error(""), "1: error: expected an expression, found the end of the text");
}

TEST(SyntaxError, tells_equations_from_comparisons) {
    const std::string hint = "unexpected '=' in an expression: did you mean '=='?";
    EXPECT_EQ(error("z = a = b"), "7: error: " + hint);
    EXPECT_EQ(error("z = (a = b)"), "8: error: " + hint);
    EXPECT_EQ(error("loss a = b"), "8: error: " + hint);
    EXPECT_EQ(expr_error("a = b"), "3: error: " + hint);
    EXPECT_EQ(error("x == 3"),
              "3: error: unexpected '==': an equation is written with a single "
              "'='");
}

TEST(SyntaxError, refuses_a_chain_of_comparisons) {
    EXPECT_EQ(error("z = a < b < c"),
              "11: error: comparisons do not chain: write a product such as (a < b) * (b < c), or "
              "where(...), instead of a second '<'\n"
              "7: note: the first comparison is here");
}

TEST(SyntaxError, notices_a_missing_operator) {
    EXPECT_EQ(error("z = a b"),
              "7: error: unexpected 'b' after 'a': is an operator such as '*' "
              "missing?");
    EXPECT_EQ(error("z = 2 (a)"),
              "7: error: unexpected '(' after '2': is an operator such as '*' "
              "missing?");
    EXPECT_EQ(error("z = f(a b)"),
              "9: error: unexpected 'b' after 'a': is an operator such as '*' "
              "or a ',' missing?");
    EXPECT_EQ(error("z = (a)(b)"),
              "8: error: unexpected '(' after ')': is an operator such as '*' "
              "missing?");
    EXPECT_EQ(error("z = a and b"),
              "7: error: unexpected 'and': comparisons are 0 or 1, so multiply them for 'and', or "
              "take their max for 'or'");
}

TEST(SyntaxError, points_at_the_bracket_that_is_open) {
    EXPECT_EQ(error("z = (a]"),
              "7: error: expected ')' to close the '(', found ']'\n"
              "5: note: the '(' is opened here");
    EXPECT_EQ(error("z = [a, (b, c]"),
              "11: error: expected ')' to close the '(', found ','\n"
              "9: note: the '(' is opened here");
    EXPECT_EQ(error("z = g(a\ny = h(z)"),
              "8: error: expected ')' to close the '(', found the end of the line\n"
              "6: note: the '(' is opened here");
    EXPECT_EQ(error("z = a)"), "6: error: unexpected ')': no bracket is open that it could close");
    EXPECT_EQ(error("}"), "1: error: unexpected '}': no bracket is open that it could close");
}

TEST(SyntaxError, says_which_line_carried_on) {
    EXPECT_EQ(error("z = a +\nb = c"),
              "net.nn:2:3: error: unexpected '=' in an expression: did you "
              "mean '=='?\n"
              "7: note: the line before ends on '+' and goes on here");
    EXPECT_EQ(error("+ b"),
              "1: error: expected a statement, found '+': a line goes on only inside "
              "brackets or if it ends on an operator");
}

TEST(SyntaxError, is_about_arrays_calls_and_indices_too) {
    EXPECT_EQ(error("z = []"), "5: error: an array needs at least one element");
    EXPECT_EQ(error("z = x[]"),
              "7: error: expected an index such as 0 or a range such as 1:3, "
              "found ']'");
    EXPECT_EQ(error("z = f(a = 1, b)"),
              "14: error: expected a named argument after a named one, found 'b'");
    EXPECT_EQ(error("z = 1e999"),
              "5: error: the number '1e999' is too large for a double, which ends at 1.8e308");
}

TEST(SyntaxError, explains_the_form_of_d) {
    const std::string form = "write D(f, 1)(...) for the derivative of f by its first argument";
    EXPECT_EQ(error("z = D(f)(a)"), "5: error: " + form);
    EXPECT_EQ(error("z = D(f, n = 1)(a)"), "10: error: " + form);
    EXPECT_EQ(error("z = D(2, 1)(a)"), "7: error: D takes the name of a function: " + form);
    for (const std::string number : {"0", "1.5", "n", "1001"})
        EXPECT_EQ(error("z = D(f, " + number + ")(a)"),
                  "10: error: D takes argument numbers, which count from 1: " + form);
}

TEST(SyntaxError, asks_declarations_for_names_and_dimensions) {
    EXPECT_EQ(error("weight"), "7: error: 'weight' needs a name, found the end of the text");
    EXPECT_EQ(error("weight 3"), "8: error: 'weight' needs a name, found '3'");
    EXPECT_EQ(error("input x,"), "9: error: expected a name after ',', found the end of the text");
    EXPECT_EQ(error("output 3"), "8: error: 'output' needs a name, found '3'");
    EXPECT_EQ(error("weight h.W"),
              "8: error: 'h.W' cannot be defined: a name with a dot belongs to "
              "a use of a layer");
    EXPECT_EQ(error("input x[]"),
              "9: error: expected a dimension, which is a whole number or a "
              "name, found ']'");
    EXPECT_EQ(error("input x[2.5]"), "9: error: a dimension is a whole number, found '2.5'");
    EXPECT_EQ(error("target y: classes(3)"),
              "11: error: expected 'class(n)' after ':', found 'classes'");
    EXPECT_EQ(error("input y: class(3)"),
              "8: error: unexpected ':': only a target has a kind, as "
              "in 'target y: class(10)'");
    EXPECT_EQ(error("input x ~ normal"),
              "9: error: unexpected '~': only a weight without a value "
              "has an initialiser");
    EXPECT_EQ(error("weight w ~ 3"),
              "12: error: an initialiser is a name or a call, such as "
              "he_normal or normal(0, 0.1); a value follows '='");
}

TEST(SyntaxError, asks_functions_for_names) {
    EXPECT_EQ(error("function 3"), "10: error: 'function' needs a name, found '3'");
    EXPECT_EQ(error("f(a, 3) = 2"), "6: error: a function's parameter is a name, found '3'");
    EXPECT_EQ(error("f() = 2"), "3: error: a function's parameter is a name, found ')'");
    EXPECT_EQ(error("f(a, a) = 2"),
              "6: error: parameter 'a' is named twice\n"
              "3: note: it is first named here");
}

TEST(SyntaxError, knows_what_a_line_was_meant_to_be) {
    EXPECT_EQ(error("wieght w = 3"),
              "1: error: unknown statement 'wieght': did you mean 'weight'?");
    EXPECT_EQ(error("imprt \"x.nn\""),
              "1: error: unknown statement 'imprt': did you mean 'import'?");
    EXPECT_EQ(error("foo bar"),
              "5: error: expected '=' after 'foo', found 'bar': an equation is "
              "written 'name = expression'");
    EXPECT_EQ(error("W[3] = 2"),
              "2: error: unexpected '[' after 'W': only a declaration has "
              "dimensions, as in 'weight W[3]'");
    EXPECT_EQ(error("w ~ normal"),
              "3: error: unexpected '~' after 'w': only a weight has an "
              "initialiser, as in 'weight w ~ normal'");
    EXPECT_EQ(error("z := 3"),
              "3: error: unexpected ':' after 'z': an equation is written 'name = "
              "expression'");
    EXPECT_EQ(error("w <- w - 1"),
              "3: error: unexpected '<' after 'w': an update stands only in an "
              "answer file; an equation is written 'name = expression'");
    EXPECT_EQ(error("g'(z) = 1"),
              "2: error: unexpected ''' after 'g': a derivative follows from "
              "its function and is not defined");
    EXPECT_EQ(error("3 = x"), "1: error: expected a statement such as 'z = x * w', found '3'");
    EXPECT_EQ(error("a = 1; b = 2"),
              "6: error: unexpected ';': statements stand on lines of their "
              "own, and ';' only inside a layer");
}

TEST(SyntaxError, asks_for_settings_and_paths) {
    EXPECT_EQ(error("train"),
              "6: error: 'train' needs settings such as 'epochs = 20', found the "
              "end of the text");
    EXPECT_EQ(error("train epochs 3"), "14: error: expected '=' after 'epochs', found '3'");
    EXPECT_EQ(error("train a = 1,"),
              "13: error: expected a setting after ',', found the end of the "
              "text");
    EXPECT_EQ(error("import x.nn"),
              "8: error: 'import' needs a path in double quotes, found "
              "'x.nn'");
    EXPECT_EQ(error("import \"\""), "8: error: 'import' needs a path, found \"\"");
    EXPECT_EQ(error("import \"x.nn"), "8: error: this string has no closing '\"'");
}

TEST(SyntaxError, asks_a_layer_for_its_parts) {
    EXPECT_EQ(error("layer (x) { x }"), "7: error: 'layer' needs a name, found '('");
    EXPECT_EQ(error("layer f { x }"), "9: error: expected '(' after 'layer f', found '{'");
    EXPECT_EQ(error("layer f(3) { x }"), "9: error: a layer's parameter is a name, found '3'");
    EXPECT_EQ(error("layer f(x, x) { x }"),
              "12: error: parameter 'x' is named twice\n"
              "9: note: it is first named here");
    EXPECT_EQ(error("layer f(x)"),
              "11: error: expected '{' with the body of layer 'f', found the "
              "end of the text");
    EXPECT_EQ(error("layer f(x) { }"),
              "14: error: a layer needs a value: an expression as its last "
              "line");
    EXPECT_EQ(error("layer f(x) { h = x }"),
              "14: error: the last line of a layer is its value: an "
              "expression, not a statement");
    EXPECT_EQ(error("layer f(x) { x; x }"),
              "14: error: only the last line of a layer is its value: "
              "name this one, as in 'h = ...'");
    EXPECT_EQ(
        error("layer f(x) { input y; x }"),
        "14: error: 'input' cannot stand inside a layer: a layer holds weights, constants and "
        "equations\n"
        "12: note: the '{' is opened here");
    EXPECT_EQ(error("layer f(x) { x"),
              "15: error: expected '}' to close the '{', found the end of "
              "the text\n"
              "12: note: the '{' is opened here");
    EXPECT_EQ(error("layer f(x) {\nx\ninput y"),
              "net.nn:3:1: error: expected '}' to close the '{' before this 'input'\n"
              "12: note: the '{' is opened here");
}

TEST(SyntaxError, names_what_is_no_text) {
    EXPECT_EQ(errors_of(std::string("a = \0", 5)),
              "net.nn:1:5: error: not a text: control character 0x00 at byte 4\n"
              "  1 | a = ?\n"
              "    |     ^\n");
    EXPECT_EQ(errors_of("a = \xFF"),
              "net.nn:1:5: error: not valid UTF-8: byte 0xFF at byte 4; save the text as UTF-8\n"
              "  1 | a = ?\n"
              "    |     ^\n");
}

TEST(SyntaxError, is_reported_once_per_line_and_the_next_line_is_read) {
    EXPECT_EQ(error("a = * *\nb = 1\nweight 3 3\nc = (1"),
              "5: error: expected an expression after '=', found '*'\n"
              "net.nn:3:8: error: 'weight' needs a name, found '3'\n"
              "net.nn:4:7: error: expected ')' to close the '(', found the end of the text\n"
              "net.nn:4:5: note: the '(' is opened here");
}

TEST(SyntaxError, in_a_bracket_of_several_lines_is_reported_once) {
    EXPECT_EQ(error("a = f(1,\n  2 3,\n  4)\nb = )"),
              "net.nn:2:5: error: unexpected '3' after '2': is an operator such as '*' or a ',' "
              "missing?\n"
              "net.nn:4:5: error: expected an expression after '=', found ')'");
}

TEST(SyntaxError, in_a_forgotten_bracket_spares_the_next_line) {
    EXPECT_EQ(error("a = f(1\nb = g(2))\n"),
              "8: error: expected ')' to close the '(', found the end of the line\n"
              "6: note: the '(' is opened here\n"
              "net.nn:2:9: error: unexpected ')': no bracket is open that it could close");
}

TEST(SyntaxError, in_a_layer_spares_the_lines_after_it) {
    EXPECT_EQ(
        error("layer f(x {\n  h = *\n  h h\n}\nb = )"),
        "11: error: expected ')' to close the '(', found '{'\n"
        "8: note: the '(' is opened here\n"
        "net.nn:2:7: error: expected an expression after '=', found '*'\n"
        "net.nn:3:5: error: expected '=' after 'h', found 'h': an equation is written 'name = "
        "expression'\n"
        "net.nn:5:5: error: expected an expression after '=', found ')'");
}

TEST(SyntaxError, in_a_text_of_many_shows_twenty) {
    std::string source;
    for (int i = 0; i < 50; ++i) source += "weight\n";
    const std::string shown = errors_of(source);
    EXPECT_NE(shown.find("net.nn:20:7: error"), std::string::npos);
    EXPECT_EQ(shown.find("net.nn:21:7: error"), std::string::npos);
}

TEST(SyntaxError, in_an_answer_file_names_its_left_side) {
    const std::string form =
        "the left side of an answer is a name or a derivative, such as z1 or dLoss/dw2";
    for (const std::string left : {"2 * a", "f(x)", "a/b", "d/dx", "(a < b)"})
        EXPECT_TRUE(errors_of_answers(left + " = 1").find("error: " + form) != std::string::npos)
            << left;
    EXPECT_EQ(
        errors_of_answers("z 3\n"),
        "answers.txt:1:3: error: expected '=' or '<-' after the left side of an answer, found "
        "'3'\n"
        "  1 | z 3\n"
        "    |   ^\n");
}

}  // namespace
}  // namespace chainrule::test
