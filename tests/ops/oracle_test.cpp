// Values and gradients against 400-digit arithmetic: the stable form of an op keeps its digits,
// also where a naive formula would lose them.
//
// A value may be off by 8 units in the last place, times the condition number |x f'(x) / f(x)|,
// which no computation on doubles escapes; a gradient, which is a formula of several operations, by
// 1e-12.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ops/edge_cases.h"
#include "ops/oracle.h"
#include "ops/rules.h"
#include "support/op_problem.h"

namespace chainrule::tests {
namespace {

constexpr double value_bound = 8 * 0x1p-52;
constexpr double gradient_bound = 1e-12;

// The sample cases of scalars, and the vectors that come with attributes of their own, as scalars.
std::vector<Attributes> attribute_choices(const Op& op) {
    Graph graph;
    std::vector<Attributes> choices;
    for (const SampleCase& sample : op.sample.cases()) {
        std::vector<NodeId> x;
        for (const Type& type : sample.operands) {
            x.push_back(add_leaf(graph, "x" + std::to_string(graph.size()), type));
        }
        const Attributes filled = graph[graph.add(op, x, sample.attributes)].attributes;
        if (std::ranges::find(choices, filled) == choices.end()) {
            choices.push_back(filled);
        }
    }
    return choices;
}

// Points of the sample domain.
std::vector<std::vector<double>> drawn_points(const Op& op) {
    const SampleCase vectors{std::vector<Type>(static_cast<std::size_t>(op.arity.min), f64({25})),
                             op.sample.cases().front().attributes};
    const OpProblem problem = make_problem(op, vectors);
    std::vector<std::vector<double>> points(25);
    for (const NodeId x : problem.x) {
        for (std::size_t i = 0; i < points.size(); ++i) {
            points[i].push_back(problem.values.at(x)[0].data[i]);
        }
    }
    return points;
}

Outcome outcome_at(const Op& op, const std::vector<double>& point, const Attributes& attributes) {
    EdgeCase edge{"", &op, {}, 0.0, {}, attributes};
    for (const double x : point) {
        edge.x.push_back(scalar(x));
    }
    return outcome_of(edge);
}

Operands exact_operands(const std::vector<double>& point) {
    Operands operands;
    for (const double x : point) {
        operands.push_back(exact(x));
    }
    return operands;
}

double relative_error(double found, const GiNaC::numeric& expected) {
    if (expected.is_zero()) {
        return std::abs(found);
    }
    return std::abs(((exact(found) - expected) / expected).to_double());
}

// Sum over the operands of |x df/dx / f|.
double condition(OracleFunction f, const Operands& x, const Attributes& attributes) {
    const GiNaC::numeric value = f(x, attributes);
    double sum = 0;
    for (std::size_t i = 0; i < x.size() && !value.is_zero(); ++i) {
        sum += std::abs((x[i] * oracle_slope(f, x, attributes, i) / value).to_double());
    }
    return sum;
}

void expect_value(const Op& op, const std::vector<double>& point, const Attributes& attributes) {
    const OracleFunction f = find_oracle(op.name);
    const Operands x = exact_operands(point);
    const double bound = value_bound * std::max(1.0, condition(f, x, attributes));
    const double found = outcome_at(op, point, attributes).value.data[0];
    EXPECT_LE(relative_error(found, f(x, attributes)), bound) << op.name << " at " << point[0];
}

void expect_gradients(const Op& op, const std::vector<double>& point,
                      const Attributes& attributes) {
    const Operands x = exact_operands(point);
    const Outcome outcome = outcome_at(op, point, attributes);
    for (std::size_t i = 0; i < point.size(); ++i) {
        const GiNaC::numeric expected = oracle_slope(find_oracle(op.name), x, attributes, i);
        ASSERT_TRUE(outcome.gradients[i].has_value());
        EXPECT_LE(relative_error(outcome.gradients[i]->data[0], expected), gradient_bound)
            << op.name << " at " << point[0] << ", operand " << i;
    }
}

class Oracle : public testing::TestWithParam<const Op*> {};

TEST_P(Oracle, value_and_gradient_agree_with_400_digits) {
    const Op& op = *GetParam();
    for (const Attributes& attributes : attribute_choices(op)) {
        for (const std::vector<double>& point : drawn_points(op)) {
            expect_value(op, point, attributes);
            expect_gradients(op, point, attributes);
        }
    }
}

// Far out and close to 0, wherever the definition gives a real number that a double can hold.
TEST_P(Oracle, value_keeps_its_digits_in_the_tails) {
    const Op& op = *GetParam();
    for (const Attributes& attributes : attribute_choices(op)) {
        for (const double x : {-600.0, -40.0, -20.0, -1e-8, 1e-8, 20.0, 40.0, 600.0}) {
            if (op.arity.min != 1) {
                continue;
            }
            const GiNaC::numeric value = find_oracle(op.name)({exact(x)}, attributes);
            const bool holds =
                value.is_real() && (value.is_zero() || (GiNaC::abs(value) > exact(1e-300) &&
                                                        GiNaC::abs(value) < exact(1e300)));
            if (holds) {
                expect_value(op, {x}, attributes);
            }
        }
    }
}

std::vector<const Op*> ops_with_an_oracle() {
    std::vector<const Op*> ops;
    std::ranges::copy_if(all_ops(), std::back_inserter(ops),
                         [](const Op* op) { return find_oracle(op->name) != nullptr; });
    return ops;
}

INSTANTIATE_TEST_SUITE_P(Ops, Oracle, testing::ValuesIn(ops_with_an_oracle()),
                         [](const testing::TestParamInfo<const Op*>& info) {
                             return std::string(info.param->name);
                         });

TEST(OracleTable, covers_every_elementwise_op_with_a_rule) {
    for (const Op* op : all_ops()) {
        const bool has_rule = std::ranges::any_of(op->gradient, [](const OperandGradient& g) {
            return std::holds_alternative<GradientRule>(g);
        });
        if (op->is_elementwise() && has_rule && op != &where_op) {
            EXPECT_NE(find_oracle(op->name), nullptr) << op->name;
        }
    }
}

}  // namespace
}  // namespace chainrule::tests
