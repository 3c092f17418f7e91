// One suite for every op: what its record promises holds. An op is covered as soon as it is listed.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "notation/formula.h"
#include "ops/gradient_check.h"
#include "support/op_problem.h"

namespace chainrule::tests {
namespace {

std::string describe_case(const Op& op, const SampleCase& sample) {
    std::string text = std::string(op.name) + "(";
    for (const Type& type : sample.operands) {
        text += (text.back() == '(' ? "" : ", ") + to_string(type);
    }
    for (const Attribute& attribute : sample.attributes) {
        text += "; " + to_string(attribute);
    }
    return text + ")";
}

std::string name_of(const testing::TestParamInfo<const Op*>& info) {
    return std::string(info.param->name);
}

class Conformance : public testing::TestWithParam<const Op*> {
protected:
    const Op& op() const { return *GetParam(); }

    // `check(case, operand)` for every operand that the op can be derived by.
    template <class Check>
    void for_each_rule(Check check) const {
        for (const SampleCase& sample : op().sample.cases()) {
            for (std::size_t i = 0; i < sample.operands.size(); ++i) {
                if (has_rule(op(), sample, i)) {
                    check(sample, i);
                }
            }
        }
    }
};

TEST_P(Conformance, takes_its_sample_cases_and_gives_the_shape_it_promises) {
    for (const SampleCase& sample : op().sample.cases()) {
        EXPECT_EQ(shape_fault(op(), sample), std::nullopt) << describe_case(op(), sample);
    }
}

TEST_P(Conformance, gradients_agree_with_central_differences) {
    for_each_rule([&](const SampleCase& sample, std::size_t operand) {
        EXPECT_EQ(gradient_fault(op(), sample, operand), std::nullopt)
            << describe_case(op(), sample) << ", operand " << operand;
    });
}

TEST_P(Conformance, second_derivatives_agree_with_central_differences) {
    for_each_rule([&](const SampleCase& sample, std::size_t operand) {
        for (std::size_t by = 0; by < sample.operands.size(); ++by) {
            if (!has_rule(op(), sample, by)) {
                continue;
            }
            try {
                EXPECT_EQ(second_gradient_fault(op(), sample, operand, by), std::nullopt)
                    << describe_case(op(), sample) << ", operands " << operand << " and " << by;
            } catch (const UnsupportedError&) {
                // Said by name: an abstract function has no second derivative by a tensor.
                EXPECT_EQ(op().name, "apply");
            }
        }
    });
}

TEST_P(Conformance, is_documented) {
    EXPECT_FALSE(op().summary.empty());
    EXPECT_NE(op().summary.back(), '.') << "a summary is a phrase";
    for (const Convention& convention : op().sample.conventions) {
        EXPECT_FALSE(convention.where.empty());
        EXPECT_FALSE(convention.holds.empty());
    }
    for (const OperandGradient& gradient : op().gradient) {
        const auto* none = std::get_if<NotDifferentiable>(&gradient);
        EXPECT_TRUE(none == nullptr || !none->reason.empty());
    }
    const auto* no_onnx = std::get_if<NoOnnx>(&op().onnx);
    EXPECT_TRUE(no_onnx == nullptr || !no_onnx->reason.empty());
    const auto* onnx = std::get_if<OnnxOperator>(&op().onnx);
    EXPECT_TRUE(onnx == nullptr || !onnx->name.empty());
    EXPECT_TRUE(op().arity.max == 0 || !op().gradient.empty());
    EXPECT_TRUE(op().is_leaf() || !op().sample.cases().empty());
}

TEST_P(Conformance, has_a_text_and_a_latex_with_closed_braces) {
    for (const SampleCase& sample : op().sample.cases()) {
        const OpProblem problem = make_problem(op(), sample);
        for (const Script script : {Script::text, Script::latex}) {
            const std::string formula = write_formula(problem.graph, problem.y, {.script = script});
            EXPECT_FALSE(formula.empty());
            EXPECT_EQ(std::ranges::count(formula, '{'), std::ranges::count(formula, '}'))
                << formula;
            EXPECT_EQ(std::ranges::count(formula, '('), std::ranges::count(formula, ')'))
                << formula;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Ops, Conformance, testing::ValuesIn(all_ops().begin(), all_ops().end()),
                         name_of);

TEST(OpList, names_are_distinct_and_found) {
    std::set<std::string_view> names;
    for (const Op* op : all_ops()) {
        EXPECT_TRUE(names.insert(op->name).second) << op->name;
        EXPECT_EQ(find_op(op->name), op);
    }
    EXPECT_EQ(find_op("no such op"), nullptr);
}

// --- the negative control ------------------------------------------------------------------------

// How many lost factors go unnoticed because they count only at a tie or a zero, where no drawn
// number stands. The edge tests hold them: rows 4, 5 and 42 of the table of edge values.
const std::map<std::string_view, std::size_t> held_by_edge_tests{
    {"maximum", 4}, {"minimum", 4}, {"max", 1}, {"min", 1}, {"prod", 2}};

class NegativeControl : public testing::TestWithParam<const Op*> {
protected:
    const Op& op() const { return *GetParam(); }

    bool is_noticed(std::size_t operand, const Mutation& mutation) const {
        const auto cases = op().sample.cases();
        return std::ranges::any_of(cases, [&](const SampleCase& sample) {
            if (operand >= sample.operands.size() || !has_rule(op(), sample, operand)) {
                return false;
            }
            const bool has_node = mutation.kind != Mutation::Kind::drop ||
                                  mutation.node < droppable_nodes(op(), sample, operand);
            return has_node && gradient_fault(op(), sample, operand, mutation).has_value();
        });
    }

    std::size_t most_droppable(std::size_t operand) const {
        std::size_t most = 0;
        for (const SampleCase& sample : op().sample.cases()) {
            if (operand < sample.operands.size() && has_rule(op(), sample, operand)) {
                most = std::max(most, droppable_nodes(op(), sample, operand));
            }
        }
        return most;
    }

    std::vector<Mutation> mutations(std::size_t operand) const {
        std::vector<Mutation> all{
            {Mutation::Kind::flip_sign}, {Mutation::Kind::twice}, {Mutation::Kind::zero}};
        for (std::size_t node = 0; node < most_droppable(operand); ++node) {
            all.push_back({Mutation::Kind::drop, node, 0});
            all.push_back({Mutation::Kind::drop, node, 1});
        }
        return all;
    }

    // Operands with a rule in some case: further ones than there are rules share the last.
    std::vector<std::size_t> rules() const {
        std::vector<std::size_t> operands;
        for (std::size_t i = 0; i < op().gradient.size(); ++i) {
            const auto cases = op().sample.cases();
            if (std::ranges::any_of(cases, [&](const SampleCase& sample) {
                    return i < sample.operands.size() && has_rule(op(), sample, i);
                })) {
                operands.push_back(i);
            }
        }
        return operands;
    }
};

TEST_P(NegativeControl, a_wrong_rule_is_noticed) {
    std::size_t unnoticed = 0;
    std::string missed;
    for (const std::size_t operand : rules()) {
        for (const Mutation& mutation : mutations(operand)) {
            if (!is_noticed(operand, mutation)) {
                ++unnoticed;
                missed += "\n  operand " + std::to_string(operand) + ": " + in_words(mutation);
            }
        }
    }
    const auto held = held_by_edge_tests.find(op().name);
    EXPECT_EQ(unnoticed, held == held_by_edge_tests.end() ? 0 : held->second) << missed;
}

INSTANTIATE_TEST_SUITE_P(Ops, NegativeControl,
                         testing::ValuesIn(all_ops().begin(), all_ops().end()), name_of);

}  // namespace
}  // namespace chainrule::tests
