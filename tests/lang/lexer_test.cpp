#include "lang/lexer.h"

#include <gtest/gtest.h>

#include <clocale>
#include <string>
#include <vector>

#include "lang/utf8.h"

namespace chainrule {
namespace {

using enum TokenKind;

std::vector<TokenKind> kinds(std::string_view text) {
    Lexer lexer(text);
    std::vector<TokenKind> out;
    for (Token token = lexer.next(); token.kind != end; token = lexer.next())
        out.push_back(token.kind);
    return out;
}

// The texts of the tokens, joined by '|'.
std::string pieces(std::string_view text) {
    Lexer lexer(text);
    std::string out;
    for (Token token = lexer.next(); token.kind != end; token = lexer.next()) {
        if (!out.empty()) out += '|';
        out += text.substr(token.begin, token.end - token.begin);
    }
    return out;
}

std::string reason(std::string_view text) {
    Lexer lexer(text);
    Token token = lexer.next();
    while (token.kind != invalid && token.kind != end) token = lexer.next();
    if (token.kind == end) return "valid";
    return invalid_reason(text.substr(token.begin, token.end - token.begin));
}

TEST(Lexer, splits_a_line_into_its_tokens) {
    EXPECT_EQ(pieces("z1=relu(W@x+b)^2>=.5#end"), "z1|=|relu|(|W|@|x|+|b|)|^|2|>=|.5");
}

TEST(Lexer, knows_every_symbol) {
    EXPECT_EQ(kinds("( ) [ ] { } , : ; = ~ + - * / @ ^ ' < <= > >= == !="),
              (std::vector{left_paren,  right_paren,   left_bracket, right_bracket, left_brace,
                           right_brace, comma,         colon,        semicolon,     equal_sign,
                           tilde,       plus,          minus,        star,          slash,
                           at,          caret,         prime,        less,          less_equal,
                           greater,     greater_equal, equal,        not_equal}));
}

TEST(Lexer, reads_mathematical_characters_as_their_ascii_operators) {
    EXPECT_EQ(kinds("·×⋅∗⊙÷−ᵀ⊤′≤≥≠←"),
              (std::vector{star, star, star, star, star, slash, minus, transpose, transpose, prime,
                           less_equal, greater_equal, not_equal, arrow}));
}

TEST(Lexer, skips_blanks_tabs_comments_and_a_byte_order_mark) {
    EXPECT_EQ(pieces("\xEF\xBB\xBF \tx \u00A0 y # z ( \xE2\x80\xA6"), "x|y");
}

TEST(Lexer, gives_each_line_end_as_one_token) {
    EXPECT_EQ(kinds("\r\n\n\r"), (std::vector{newline, newline, newline}));
}

TEST(Lexer, joins_names_at_dots_and_leaves_other_dots) {
    EXPECT_EQ(pieces("h.W.b"), "h.W.b");
    EXPECT_EQ(kinds("h."), (std::vector{name, invalid}));
    EXPECT_EQ(pieces("h.5"), "h|.5");
}

TEST(Lexer, reads_numbers_with_point_and_exponent) {
    for (const std::string_view text : {"0", "5.", ".5", "1e-4", "1E+4", "12.5e3", "007"}) {
        EXPECT_EQ(kinds(text), std::vector{number}) << text;
        EXPECT_EQ(pieces(text), text);
    }
}

TEST(Lexer, takes_a_superscript_as_one_token) {
    EXPECT_EQ(kinds("x²³+y⁻¹"), (std::vector{name, superscript, plus, name, superscript}));
    EXPECT_EQ(superscript_value("²³"), 23);
    EXPECT_EQ(superscript_value("⁻¹"), -1);
    EXPECT_EQ(superscript_value("⁻"), std::nullopt);
    EXPECT_EQ(superscript_value("⁹⁹⁹⁹⁹⁹⁹⁹⁹⁹⁹⁹"), std::nullopt);
}

TEST(Lexer, puts_names_into_ascii) {
    EXPECT_EQ(ascii_name("α"), "alpha");
    EXPECT_EQ(ascii_name("δ₂"), "delta2");
    EXPECT_EQ(ascii_name("Δw"), "Deltaw");
    EXPECT_EQ(ascii_name("π"), "pi");
    EXPECT_EQ(ascii_name("∂Loss"), "dLoss");
    EXPECT_EQ(ascii_name("ϵ"), "epsilon");
    EXPECT_EQ(ascii_name("h.W_1"), "h.W_1");
}

TEST(Lexer, takes_sigma_alone_for_the_function) {
    EXPECT_EQ(ascii_name("σ"), "sigmoid");
    EXPECT_EQ(ascii_name("σ₁"), "sigma1");
}

TEST(Lexer, names_what_clings_to_a_number) {
    EXPECT_EQ(reason("2x"), "'2x' is neither a number nor a name: a product is written 2 * x");
    EXPECT_EQ(reason("2π"), "'2π' is neither a number nor a name: a product is written 2 * π");
    EXPECT_EQ(reason("1e"), "'1e' is not a number: its exponent has no digits");
    for (const std::string_view text : {"0x10", "1_000", "1.2.3", "1..2", "1e5.5"})
        EXPECT_EQ(reason(text), "'" + std::string(text) +
                                    "' is not a number: numbers are decimal, such as 10, 0.5 or "
                                    "1e-3");
}

TEST(Lexer, says_what_to_write_for_operators_of_other_languages) {
    EXPECT_EQ(reason("a ** b"), "'**' is not an operator: a power is written with '^'");
    EXPECT_EQ(reason("!a"), "'!' is not an operator: 'not equal' is written '!='");
    EXPECT_EQ(reason("a && b"),
              "'&&' is not an operator: multiply two comparisons to ask for both");
    EXPECT_EQ(reason("a || b"),
              "'||' is not an operator: take the max of two comparisons to ask for either");
    EXPECT_EQ(reason("a \\"),
              "unexpected character '\\': a line goes on by itself inside brackets and after an "
              "operator");
}

TEST(Lexer, names_unknown_characters_by_their_code) {
    EXPECT_EQ(reason("$"), "unexpected character '$'");
    EXPECT_EQ(
        reason("é"),
        "unexpected character 'é' (U+00E9): names are made of Latin and Greek letters, digits "
        "and '_'");
    EXPECT_EQ(reason("\u200B"), "unexpected invisible character U+200B");
    EXPECT_EQ(reason("\u201Cx.nn\u201D"),
              "unexpected character '\u201C': strings stand in straight double quotes");
}

TEST(Lexer, reports_an_unterminated_string_and_a_name_too_long) {
    EXPECT_EQ(reason("\"abc\n"), "this string has no closing '\"'");
    EXPECT_EQ(reason(std::string(255, 'a')), "valid");
    EXPECT_EQ(reason(std::string(256, 'a')),
              "'" + std::string(40, 'a') + "...' has 256 bytes: a name has at most 255");
}

TEST(NumberValue, reads_what_is_written) {
    EXPECT_EQ(number_value("0.1"), 0.1);
    EXPECT_EQ(number_value("5."), 5.0);
    EXPECT_EQ(number_value(".5"), 0.5);
    EXPECT_EQ(number_value("1.7976931348623157e308"), 1.7976931348623157e308);
    EXPECT_EQ(number_value("4.9e-324"), 4.9e-324);
}

TEST(NumberValue, refuses_an_overflow_and_rounds_an_underflow_to_zero) {
    for (const std::string_view text :
         {"1e309", "1.8e308", "1e99999999999999999999", "1000e306", "0.001e400"})
        EXPECT_EQ(number_value(text), std::nullopt) << text;
    EXPECT_EQ(number_value(std::string(400, '9')), std::nullopt);
    EXPECT_EQ(number_value("1e-400"), 0.0);
    EXPECT_EQ(number_value("1e-99999999999999999999"), 0.0);
    EXPECT_EQ(number_value("0." + std::string(400, '0') + "1"), 0.0);
    EXPECT_EQ(number_value("0e999"), 0.0);
}

TEST(NumberValue, does_not_depend_on_the_locale) {
    const std::string before = std::setlocale(LC_NUMERIC, nullptr);
    for (const char* locale : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "C"})
        if (std::setlocale(LC_NUMERIC, locale) != nullptr) break;
    EXPECT_EQ(number_value("1.5"), 1.5);
    EXPECT_EQ(number_value("1,5"), std::nullopt);
    std::setlocale(LC_NUMERIC, before.c_str());
}

TEST(CheckText, reports_the_first_byte_that_is_no_text) {
    EXPECT_FALSE(check_text("z = α·x\r\n\t# ok", 1));
    const auto control = check_text(std::string_view("ab\0c", 4), 1);
    ASSERT_TRUE(control);
    EXPECT_EQ(control->message, "not a text: control character 0x00 at byte 2");
    EXPECT_EQ(control->span, (Span{1, 2, 3}));
    const auto junk = check_text("abc\xFF", 1);
    ASSERT_TRUE(junk);
    EXPECT_EQ(junk->message, "not valid UTF-8: byte 0xFF at byte 3; save the text as UTF-8");
}

TEST(Utf8, refuses_overlong_truncated_and_surrogate_forms) {
    for (const std::string_view text :
         {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80",
          "\xF8\x88\x80\x80\x80"}) {
        const CodePoint c = decode_utf8(text, 0);
        EXPECT_FALSE(c.valid);
        EXPECT_EQ(c.length, 1u);
    }
}

TEST(Utf8, decodes_each_length) {
    for (const auto& [text, value, length] :
         std::vector<std::tuple<std::string, char32_t, std::uint32_t>>{
             {"a", U'a', 1}, {"é", U'é', 2}, {"ᵀ", U'ᵀ', 3}, {"𝜎", U'𝜎', 4}}) {
        const CodePoint c = decode_utf8(text, 0);
        EXPECT_TRUE(c.valid);
        EXPECT_EQ(c.value, value);
        EXPECT_EQ(c.length, length);
    }
}

}  // namespace
}  // namespace chainrule
