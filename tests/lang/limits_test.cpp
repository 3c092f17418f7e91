#include <gtest/gtest.h>

#include <string>

#include "lang/ast_text.h"
#include "lang/parser.h"
#include "support/processor_time.h"

namespace chainrule::test {
namespace {

std::string repeat(std::string_view text, std::size_t count) {
    std::string out;
    out.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i) out += text;
    return out;
}

// The first message about a text, after making sure that it does not take long to find.
std::string message(const std::string& source) {
    const tests::ProcessorTime time;
    SourceMap sources;
    Diagnostics diagnostics;
    parse(sources, sources.add("net.nn", source), diagnostics);
    EXPECT_LT(time.seconds(), 20.0);  // under a sanitizer; seldom over one second
    return diagnostics.has_errors() ? diagnostics.items().front().message : "fine";
}

const std::string too_deep = "this expression nests more than 1000 deep: name a part of it";
const std::string too_long = "this expression has more than 100000 operators: name a part of it";
const std::string too_large =
    "this text is too large: more than 250000 names, numbers and operators";

TEST(Limits, a_thousand_levels_are_fine) {
    EXPECT_EQ(message("z = " + repeat("(", 1000) + "x" + repeat(")", 1000)), "fine");
    EXPECT_EQ(message("z = " + repeat("[", 1000) + "1" + repeat("]", 1000)), "fine");
    EXPECT_EQ(message("z = " + repeat("f(", 1000) + "x" + repeat(")", 1000)), "fine");
    EXPECT_EQ(message("z = " + repeat("x[", 1000) + "0" + repeat("]", 1000)), "fine");
    EXPECT_EQ(message("z = " + repeat("-", 1000) + "x"), "fine");
    EXPECT_EQ(message("z = " + repeat("x^", 1000) + "x"), "fine");
}

TEST(Limits, more_levels_are_a_named_error_however_they_nest) {
    for (const std::size_t levels : {1001u, 10'000u, 1'000'000u})
        for (const std::string_view step :
             {"(", "[", "f(", "x[", "-", "x^", "2^-", "D(f, 1)(", "x + (", "[1, (", "f(a = "})
            EXPECT_EQ(message("z = " + repeat(step, levels)), too_deep) << step << " " << levels;
}

TEST(Limits, the_error_stands_at_the_first_bracket_too_deep) {
    const std::string errors = errors_of("z = " + repeat("(", 10'000) + "x" + repeat(")", 10'000));
    EXPECT_TRUE(errors.starts_with("net.nn:1:1005: error: " + too_deep + "\n  1 | ...((((("))
        << errors;
}

TEST(Limits, a_long_sum_is_read_up_to_its_limit) {
    EXPECT_EQ(message("z = x" + repeat(" + x", 100'000)), "fine");
    EXPECT_EQ(message("z = x" + repeat(" + x", 100'001)), too_long);
    EXPECT_EQ(message("z = x" + repeat(" + x", 1'000'000)), too_long);
    EXPECT_EQ(message("z = x" + repeat("'", 1'000'000)), too_long);
    EXPECT_EQ(message("z = x" + repeat("[0]", 100'001)), too_long);
}

TEST(Limits, after_an_expression_too_large_the_next_line_is_read) {
    const std::string errors =
        errors_of("z = " + repeat("(", 2000) + repeat(")", 2000) + "\ny = = 3\n");
    EXPECT_NE(errors.find("net.nn:2:5: error:"), std::string::npos) << errors;
}

TEST(Limits, a_large_array_is_fine) {
    EXPECT_EQ(message("constant A = [0" + repeat(", 1", 200'000) + "]"), "fine");
}

TEST(Limits, a_text_too_large_is_one_error) {
    for (const std::string& text :
         {"z = [0" + repeat(",1", 5'000'000) + "]", repeat("a = 1\n", 1'500'000),
          "input a" + repeat(",a", 4'000'000), "output a" + repeat(",a", 4'000'000),
          "f(a" + repeat(",a", 4'000'000) + ") = 1"})
        EXPECT_EQ(message(text), too_large);
}

TEST(Limits, long_lines_of_one_kind_are_read_or_refused) {
    const std::size_t bytes = 10'000'000;
    EXPECT_EQ(message(repeat(" ", bytes)), "fine");
    EXPECT_EQ(message(repeat("#", bytes)), "fine");
    EXPECT_EQ(message(repeat("\n", bytes)), "fine");
    EXPECT_EQ(message("z = " + repeat("+", bytes) + "x"), "fine");
    EXPECT_EQ(
        message("z = " + repeat("1", bytes)),
        "the number '" + repeat("1", 40) + "...' is too large for a double, which ends at 1.8e308");
    EXPECT_EQ(message(repeat("x", bytes)),
              "'" + repeat("x", 40) + "...' has 10000000 bytes: a name has at most 255");
    EXPECT_EQ(message("z = x" + repeat("²", bytes / 2)),
              "'" + repeat("²", 20) + "...' is not an exponent");
    EXPECT_EQ(message(repeat("\"", bytes)),
              "expected a statement such as 'z = x * w', found a string");
}

TEST(Limits, many_lines_with_errors_take_no_longer_than_their_length) {
    for (const std::string_view line : {"x y\n", "loss (a\n", "loss (a,\n", "f(a\n", "f(a,\n",
                                        "layer f(x) {\n", "layer f(x\n", "z = a +\n", "{", ")"})
        EXPECT_NE(message(repeat(line, 1'000'000)), "fine") << line;
    EXPECT_NE(message("layer f(x) {\n" + repeat("input x\n", 1'000'000) + "}"), "fine");
    EXPECT_NE(message("layer f(x) {\n" + repeat("x\n", 1'000'000) + "}"), "fine");
}

TEST(Limits, reading_stops_after_a_hundred_errors) {
    SourceMap sources;
    Diagnostics diagnostics;
    parse(sources, sources.add("net.nn", repeat("x y\n", 1000)), diagnostics);
    EXPECT_EQ(diagnostics.error_count(), 100u);
}

TEST(Limits, binary_junk_is_one_error) {
    std::string junk;
    for (int i = 0; i < 10'000; ++i) junk += static_cast<char>(i * 7919 % 251);
    SourceMap sources;
    Diagnostics diagnostics;
    const ast::Tree tree = parse(sources, sources.add("net.nn", junk), diagnostics);
    EXPECT_EQ(diagnostics.error_count(), 1u);
    EXPECT_TRUE(tree.statements.empty());
}

}  // namespace
}  // namespace chainrule::test
