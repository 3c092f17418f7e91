// The canonical text of graphs: it prints and parses back, and no text does harm.
#include "ir/graph_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>

#include "ir/random.h"
#include "lang/diagnostic.h"
#include "ops/build.h"
#include "support/draws.h"
#include "support/random_graph.h"

namespace chainrule::tests {
namespace {

Graph parsed(const std::string& text) { return parse_graph(text, find_op); }

// The error of a text; any error but a UserError goes on to fail the test.
std::string error_of(const std::string& text) {
    try {
        parsed(text);
    } catch (const UserError& error) {
        return error.what();
    }
    return "no error";
}

constexpr const char* worksheet =
    "%0 = leaf(role=\"input\", type=f64) \"x\" : f64\n"
    "%1 = leaf(role=\"weight\", type=f64) \"w1\" : f64\n"
    "%2 = multiply(%0, %1) \"z1\" : f64\n"
    "%3 = sigmoid(%2) : f64\n"
    "outputs %3 %2\n";

TEST(GraphText, prints_a_line_for_each_node) {
    Graph graph;
    const Type scalar;
    const Expr x = graph.expr(graph.add_named("x", leaf_op, {}, {std::string("input"), scalar}));
    const Expr w = graph.expr(graph.add_named("w1", leaf_op, {}, {std::string("weight"), scalar}));
    const Expr z = graph.expr(graph.add_named("z1", multiply_op, {x.id, w.id}));
    graph.outputs = {sigmoid(z).id, z.id};
    EXPECT_EQ(print_graph(graph), worksheet);
    EXPECT_EQ(print_graph(parsed(worksheet)), worksheet);
}

// Every kind of attribute and type, and numbers that are hard to write.
TEST(GraphText, keeps_every_kind_of_type_and_attribute) {
    Graph graph;
    Type image;
    image.dtype = DType::f32;
    image.shape = {1, 28, 28};
    image.per_example = true;
    Type row;
    row.shape = {3};
    row.row = true;
    Type label;
    label.dtype = DType::index;
    label.shape = {2};
    label.classes = 10;
    graph.add_named("img", leaf_op, {}, {std::string("input"), image});
    const Expr r = graph.expr(graph.add_named("r", leaf_op, {}, {std::string("weight"), row}));
    graph.add_named("digits", leaf_op, {}, {std::string("target"), label});
    const double inf = std::numeric_limits<double>::infinity();
    for (const double value : {0.1, -0.0, 1e-300, 5e-324, 1.7976931348623157e308, inf, -inf,
                               std::nan(""), 1.0 / 3, 1e22}) {
        literal(graph, value);
    }
    literal(graph, Tensor({0, 2}, {}));
    literal(graph, Tensor({2, 1}, {-1.5, 2}));
    call(apply_op, {r}, {std::string("g"), std::vector<std::int64_t>{2}});
    call(gelu_op, {r});
    clip(r, -inf, 0.1);
    const std::string text = print_graph(graph);
    const Graph again = parsed(text);
    EXPECT_EQ(print_graph(again), text);
    verify(again);
    for (std::uint32_t i = 0; i < graph.size(); ++i) {
        EXPECT_EQ(again.type({i}), graph.type({i}));
        EXPECT_EQ(again[{i}].attributes, graph[{i}].attributes) << text;
    }
}

TEST(GraphText, of_random_graphs_reads_back_to_the_same_graph) {
    for (std::uint64_t seed = 0; seed < tests::draws(100U); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const Graph graph = random_graph(seed, {.batch = seed % 2 == 0}).graph;
        const std::string text = print_graph(graph);
        const Graph again = parsed(text);
        EXPECT_EQ(print_graph(again), text);
        EXPECT_EQ(again.outputs, graph.outputs);
        EXPECT_EQ(again.size(), graph.size());
        EXPECT_NO_THROW(verify(again));
    }
}

TEST(GraphText, reads_blank_lines_and_carriage_returns) {
    EXPECT_EQ(error_of(""), "no error");
    EXPECT_EQ(error_of("\n \n"), "no error");
    std::string dos = worksheet;
    for (std::size_t i = 0; (i = dos.find('\n', i)) != std::string::npos; i += 2) {
        dos.insert(i, "\r");
    }
    EXPECT_EQ(print_graph(parsed(dos)), worksheet);
}

// --- errors -----------------------------------------------------------------------------------

TEST(GraphText, errors_name_the_line_and_what_is_wrong) {
    const std::string x = "%0 = leaf(role=\"input\", type=f64) \"x\" : f64\n";
    EXPECT_EQ(error_of("hello"), "graph text, line 1: expected '%' before 'hello'");
    EXPECT_EQ(error_of(x + "%1 = sinus(%0) : f64"), "graph text, line 2: no op is called 'sinus'");
    EXPECT_EQ(error_of(x + "%1 = sin(%1) : f64"),
              "graph text, line 2: an operand that no line before defines");
    EXPECT_EQ(error_of(x + "%1 = add(%0) : f64"),
              "graph text, line 2: add does not take 1 operands");
    EXPECT_EQ(error_of(x + "%7 = sin(%0) : f64"),
              "graph text, line 2: the node is not the one that its number and type say");
    EXPECT_EQ(error_of(x + "%1 = sin(%0) : f64[3]"),
              "graph text, line 2: the node is not the one that its number and type say");
    EXPECT_EQ(error_of(x + "%1 = leaf(role=\"input\", type=f64) \"x\" : f64"),
              "graph text, line 2: a second node called x");
    EXPECT_EQ(error_of(x + "outputs %4"), "graph text, line 2: an output that no line defines");
    EXPECT_EQ(error_of("%0 = constant(value=[2]{1}) : f64[2]"),
              "graph text, line 1: a tensor of shape [2] with 1 elements");
    EXPECT_EQ(error_of("%0 = leaf(role=\"input\", type=f16) \"x\" : f16"),
              "graph text, line 1: 'f16' is no type: expected f32, f64 or index");
    EXPECT_EQ(error_of("%0 = leaf(role=\"input, type=f64) : f64"),
              "graph text, line 1: expected '\"' before ''");
}

TEST(GraphText, refuses_a_shape_rule_s_refusal_with_its_words) {
    EXPECT_EQ(error_of("%0 = leaf(role=\"weight\", type=f64[2]) \"u\" : f64[2]\n"
                       "%1 = leaf(role=\"weight\", type=f64[3]) \"v\" : f64[3]\n"
                       "%2 = add(%0, %1) : f64[3]\n"),
              "graph text, line 3: operands of an elementwise operation differ: u [2] and v [3]");
}

TEST(GraphText, refuses_what_only_a_bug_would_build) {
    EXPECT_EQ(error_of("%0 = leaf(role=\"weight\", type=f64) \"w\" : f64\n"
                       "%1 = batch_sum(%0) : f64\n"),
              "graph text, line 2: a batch reduction of a value that all examples share");
    EXPECT_EQ(error_of("%0 = leaf(role=\"weight\", type=f64) \"w\" : f64\n"
                       "%1 = apply(%0, function=\"f\", orders=[0, 1], reduce=0) : f64\n"),
              "graph text, line 2: apply has 2 orders");
    EXPECT_EQ(error_of("%0 = leaf(role=\"weight\", type=f64) \"w\" : f64\n"
                       "%1 = apply(%0, function=\"f\", orders=[-1], reduce=0) : f64\n"),
              "graph text, line 2: apply has the order -1");
}

TEST(GraphText, refuses_types_that_no_value_has) {
    const auto leaf = [](const std::string& type) {
        return error_of("%0 = leaf(role=\"weight\", type=" + type + ") \"w\" : " + type);
    };
    const std::string line = "graph text, line 1: ";
    EXPECT_EQ(leaf("f64[3]"), "no error");
    EXPECT_EQ(leaf("f64[-3]"), line + "no value has the shape [-3]");
    EXPECT_EQ(leaf("f64[2097152, 2097152]"), line + "no value has the shape [2097152, 2097152]");
    EXPECT_EQ(leaf("f64[9223372036854775807, 9223372036854775807]"),
              line + "no value has the shape [9223372036854775807, 9223372036854775807]");
    EXPECT_EQ(leaf("f64 row[2, 3]"), line + "a row has one axis, not [2, 3]");
    EXPECT_EQ(leaf("index class(-1)"), line + "a class label below -1");
    EXPECT_NE(error_of("%0 = constant(value=[-1, -1]{1}) : f64[-1, -1]"), "no error");
}

// Any text is read, or refused by a UserError or UnsupportedError.
std::optional<std::string> harm_of(const std::string& text) {
    try {
        const Graph graph = parsed(text);
        verify(graph);
    } catch (const UserError&) {
    } catch (const UnsupportedError&) {
    } catch (const std::exception& error) {
        return error.what();
    }
    return std::nullopt;
}

// A piece of text replaced by something that hurts: other bytes, huge numbers, other lines.
std::string mutated(std::string text, std::uint64_t seed) {
    const RandomStream random(seed, stream_id("mutation"));
    static constexpr const char* pieces[] = {"",
                                             "%0",
                                             "-1",
                                             "9223372036854775807",
                                             "1e999",
                                             "\"",
                                             "[",
                                             "]",
                                             "-9223372036854775808",
                                             "{",
                                             "nan",
                                             ",",
                                             "(",
                                             ")",
                                             "row",
                                             "index",
                                             "\\",
                                             "[0]",
                                             "[1, 2, 3]",
                                             "=",
                                             "\n",
                                             "f32",
                                             "\xff",
                                             " class(3)",
                                             ":",
                                             "0",
                                             "4294967295",
                                             "[-1]",
                                             " per example",
                                             "[99]"};
    std::uint64_t next = 0;
    const std::uint64_t count = 1 + random.below(next++, 3);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::size_t from = random.below(next++, text.size() + 1);
        // Often a whole word or number.
        std::size_t length = random.below(next++, 4);
        if (random.below(next++, 2) == 0) {
            const std::size_t end = text.find_first_of(" ,()[]{}=\n", from);
            length = end == std::string::npos ? 1 : end - from;
        }
        text.replace(from, std::min(length, text.size() - from),
                     pieces[random.below(next++, std::size(pieces))]);
    }
    return text;
}

TEST(GraphText, hostile_text_is_refused_and_does_no_harm) {
    for (std::uint64_t seed = 0; seed < tests::draws(40U); ++seed) {
        const std::string text = print_graph(random_graph(seed, {.batch = true}).graph);
        for (std::uint64_t i = 0; i < 250; ++i) {
            const std::string hostile = mutated(text, 1000 * seed + i);
            const auto harm = harm_of(hostile);
            ASSERT_FALSE(harm) << "seed " << seed << ", mutation " << i << ": " << *harm << "\n"
                               << hostile;
        }
    }
}

// Numbers in attributes are where shape rules could overflow.
TEST(GraphText, extreme_attributes_of_every_op_do_no_harm) {
    constexpr const char* numbers[] = {"-9223372036854775808", "-1", "0", "7",
                                       "9223372036854775807"};
    for (std::uint64_t seed = 0; seed < tests::draws(60U); ++seed) {
        const std::string text = print_graph(random_graph(seed, {.operations = 15}).graph);
        for (std::size_t at = text.find('='); at != std::string::npos;
             at = text.find('=', at + 1)) {
            const std::size_t digit = text.find_first_of("-0123456789", at);
            if (digit == std::string::npos || digit > at + 2) {
                continue;
            }
            const std::size_t end = text.find_first_not_of("-0123456789", digit);
            for (const char* number : numbers) {
                std::string hostile = text;
                hostile.replace(digit, end - digit, number);
                const auto harm = harm_of(hostile);
                ASSERT_FALSE(harm) << "seed " << seed << ": " << *harm << "\n" << hostile;
            }
        }
    }
}

}  // namespace
}  // namespace chainrule::tests
