// Every identity that makes formulas readable or losses stable, on random values and at the edge:
// both sides are read as the language reads them, and the engine must turn the left into a formula
// of the right's value.
#include "passes/readable_rules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "eval/evaluate.h"
#include "ir/random.h"
#include "ops/build.h"
#include "passes/rewrite.h"
#include "passes/stable_rules.h"
#include "support/texts.h"

namespace chainrule {

// How a failing rule is named.
static void PrintTo(const Rewrite& rule, std::ostream* out) { *out << rule.identity; }

}  // namespace chainrule

namespace chainrule::tests {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

const std::vector<double> any_value{0.0,       -0.0,         1,     -1,    2.5, -0.3, infinity,
                                    -infinity, not_a_number, 1e308, 5e-324};

// What the assumption of a rule lets its names be.
std::vector<double> values_under(std::string_view assumes) {
    if (assumes.empty() || assumes == "the sign of a zero does not count") {
        return any_value;
    }
    if (assumes == "positive, rounding") {
        return {0.01, 0.3, 1, 2.5, 17, 1e10};
    }
    if (assumes == "not zero, finite") {
        return {0.01, -0.3, 1, -1, 2.5, 17, -1e10};
    }
    if (assumes == "rounding") {
        return {0.0, 0.01, -0.3, 1, -1, 2.5, 17};
    }
    if (assumes == "unsaturated, rounding") {
        return {0.0, 0.01, -0.3, 1, -1, 2.5, -3};
    }
    EXPECT_TRUE(assumes == "finite" || assumes == "finite, no NaN in the condition")
        << "what does '" << assumes << "' allow?";
    return {0.0, -0.0, 0.01, -0.3, 1, -1, 2.5, 17, -1e10, 1e300, 5e-324};
}

// A rule in a network: its sides as equations of weights of some shape, numbers for n, m and k, a
// unit matrix for I.
struct Instance {
    Elaborated network;
    std::vector<NodeId> weights;
    NodeId left, right;
};

std::string with_numbers(std::string text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool alone =
            (i == 0 || !std::isalpha(static_cast<unsigned char>(text[i - 1]))) &&
            (i + 1 == text.size() || !std::isalpha(static_cast<unsigned char>(text[i + 1])));
        if (alone && (text[i] == 'n' || text[i] == 'm' || text[i] == 'k')) {
            text.replace(i, 1, "3");
        } else if (alone && text[i] == 'I') {
            text.replace(i, 1, "eye(3)");
        }
    }
    return text;
}

Instance instance_of(const Rewrite& rule, const std::string& shape) {
    const std::string identity(rule.identity);
    const std::size_t equals = identity.find(" = ");
    std::string text = "weight s, t, a[3]\n";
    for (const char* name : {"x", "y", "z", "u", "v", "c", "r"}) {
        text += "weight " + std::string(name) + shape + "\n";
    }
    text += "left = " + with_numbers(identity.substr(0, equals)) + "\n";
    text += "right = " + with_numbers(identity.substr(equals + 3)) + "\n";
    Instance instance{elaborated(text), {}, {}, {}};
    const Graph& graph = instance.network.network.graph;
    for (const Weight& weight : instance.network.network.weights) {
        instance.weights.push_back(weight.node);
    }
    instance.left = *graph.find("left");
    instance.right = *graph.find("right");
    return instance;
}

Bindings drawn(const Instance& instance, const std::vector<double>& from, std::uint64_t seed) {
    const RandomStream random(seed, stream_id("values"));
    std::uint64_t next = 0;
    Bindings bindings;
    for (const NodeId weight : instance.weights) {
        Tensor value = Tensor::filled(instance.network.network.graph.type(weight).shape, 0);
        for (double& element : value.data) {
            element = from[random.below(next++, from.size())];
        }
        bindings.emplace(weight, value);
    }
    return bindings;
}

bool same_bits(double a, double b, bool zero_sign_counts) {
    return (std::isnan(a) && std::isnan(b)) ||
           (a == b && (!zero_sign_counts || std::signbit(a) == std::signbit(b)));
}

// Equal under the rule's own assumption. A right side may be smaller: it is broadcast.
void expect_equal(const Tensor& left, const Tensor& right, std::string_view assumes) {
    const bool exact = assumes.empty() || assumes == "the sign of a zero does not count";
    double scale = 0;
    for (const double value : left.data) {
        scale = std::max(scale, std::abs(value));
    }
    for (std::size_t i = 0; i < left.size(); ++i) {
        const double a = left.data[i];
        const double b = right.data[right.size() == 1 ? 0 : i];
        EXPECT_TRUE(exact ? same_bits(a, b, assumes.empty()) : std::abs(a - b) <= 1e-12 * scale)
            << "element " << i << " is " << a << " on the left and " << b << " on the right";
    }
}

std::vector<std::string> shapes_for(const Rewrite& rule) {
    if (rule.identity.find('I') != std::string_view::npos) {
        return {"[3, 3]"};
    }
    const bool of_matrices = rule.identity.find('@') != std::string_view::npos;
    return of_matrices ? std::vector<std::string>{"", "[3, 3]"}
                       : std::vector<std::string>{"", "[4]", "[2, 3]"};
}

class RuleOfASet : public testing::TestWithParam<Rewrite> {};

TEST_P(RuleOfASet, holds_on_random_values_under_its_assumption) {
    const Rewrite& rule = GetParam();
    for (const std::string& shape : shapes_for(rule)) {
        const Instance instance = instance_of(rule, shape);
        const Graph& graph = instance.network.network.graph;
        for (std::uint64_t seed = 0; seed < 300; ++seed) {
            const Bindings values = drawn(instance, values_under(rule.assumes), seed);
            const auto sides = evaluate(graph, std::vector{instance.left, instance.right}, values);
            SCOPED_TRACE("of shape " + shape + ", seed " + std::to_string(seed));
            expect_equal(sides[0], sides[1], rule.assumes);
            if (HasFailure()) {
                return;
            }
        }
    }
}

TEST_P(RuleOfASet, is_applied_and_keeps_value_and_type) {
    const Rewrite& rule = GetParam();
    for (const std::string& shape : shapes_for(rule)) {
        SCOPED_TRACE("of shape " + shape);
        const Instance instance = instance_of(rule, shape);
        Graph graph = instance.network.network.graph;
        const Node left = graph[instance.left];
        graph.outputs = instance.weights;
        graph.outputs.push_back(graph.add(*left.op, left.operands, left.attributes));
        const Graph result = rewrite(graph, RewriteSet(std::vector{rule}));
        verify(result);
        const NodeId root = result.outputs.back();
        EXPECT_EQ(result.type(root), left.type);
        EXPECT_TRUE(result[root].op != left.op ||
                    result[root].operands.size() != left.operands.size() ||
                    result.size() != graph.size())
            << "the rule did not match its own left side";
        const Bindings values = drawn(instance, values_under(rule.assumes), 1);
        Bindings moved;
        for (std::size_t i = 0; i < instance.weights.size(); ++i) {
            moved.emplace(result.outputs[i], values.at(instance.weights[i]));
        }
        expect_equal(evaluate(graph, std::vector{instance.left}, values)[0],
                     evaluate(result, std::vector{root}, moved)[0], rule.assumes);
    }
}

std::string test_name(const testing::TestParamInfo<Rewrite>& info) {
    return std::to_string(info.index);
}

INSTANTIATE_TEST_SUITE_P(Readable, RuleOfASet,
                         testing::ValuesIn(readable_rules().begin(), readable_rules().end()),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Stable, RuleOfASet,
                         testing::ValuesIn(stable_rules().begin(), stable_rules().end()),
                         test_name);

}  // namespace
}  // namespace chainrule::tests
