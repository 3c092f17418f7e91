// Every op of the op list, compiled, against its reference: forward and gradient, f32 and f64,
// shared and per example, at batch sizes around every vector width.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "derive/derive.h"
#include "support/compiled.h"
#include "support/op_problem.h"

namespace chainrule::tests {
namespace {

constexpr std::size_t batches[] = {1, 2, 7, 8, 15, 16, 17, 33};

bool is_computable(const Op& op) {
    // An abstract function has no values, and a leaf's are given.
    return op.name != "apply" && !op.is_leaf();
}

// The case as it stands, with all operands per example, and with the first one alone.
std::vector<SampleCase> variants(const SampleCase& sample) {
    std::vector<SampleCase> result{sample, sample, sample};
    for (std::size_t i = 0; i < sample.operands.size(); ++i) {
        result[1].operands[i].per_example = true;
        result[2].operands[i].per_example = i == 0;
    }
    return result;
}

// y and its gradients with respect to every operand that has one.
Graph with_all_gradients(const OpProblem& problem) {
    Graph graph = problem.graph;
    std::vector<NodeId> wrt;
    for (const NodeId x : problem.x) {
        if (!graph.type(x).is_index()) {
            wrt.push_back(x);
        }
    }
    graph.outputs = {problem.y};
    if (!graph.type(problem.y).is_index()) {
        for (const Expr& gradient :
             pull_back(graph, problem.y, graph.expr(problem.dy), wrt).gradients) {
            graph.outputs.push_back(gradient.id);
        }
    }
    return graph;
}

std::string fault_of(const Op& op, const SampleCase& sample, std::size_t batch, ScalarKind real) {
    OpProblem problem = make_problem(op, sample, batch);
    const double tolerance = real == ScalarKind::f32 ? 2e-4 : 1e-9;
    return compiled_fault(with_all_gradients(problem), problem.values, batch,
                          {.real = real, .tolerance = tolerance, .threads = 1});
}

class CompiledConformance : public testing::TestWithParam<const Op*> {};

TEST_P(CompiledConformance, agrees_with_the_reference) {
    const Op& op = *GetParam();
    for (const SampleCase& sample : op.sample.cases()) {
        for (const SampleCase& variant : variants(sample)) {
            for (const auto real : {ScalarKind::f32, ScalarKind::f64}) {
                EXPECT_EQ(fault_of(op, variant, 5, real), "");
            }
        }
    }
}

TEST_P(CompiledConformance, agrees_at_every_batch_size) {
    const Op& op = *GetParam();
    SampleCase sample = op.sample.cases().front();
    for (Type& type : sample.operands) {
        type.per_example = true;
    }
    for (const std::size_t batch : batches) {
        for (const auto real : {ScalarKind::f32, ScalarKind::f64}) {
            EXPECT_EQ(fault_of(op, sample, batch, real), "") << "batch " << batch;
        }
    }
}

std::vector<const Op*> computable_ops() {
    std::vector<const Op*> ops;
    for (const Op* op : all_ops()) {
        if (is_computable(*op)) {
            ops.push_back(op);
        }
    }
    return ops;
}

INSTANTIATE_TEST_SUITE_P(Op, CompiledConformance, testing::ValuesIn(computable_ops()),
                         [](const auto& op) { return std::string(op.param->name); });

// Infinities and NaN go through compiled code as through the reference.
TEST(CompiledSpecials, pass_through_elementwise_ops_as_ieee_says) {
    const double infinity = std::numeric_limits<double>::infinity();
    const Tensor specials({8}, {infinity, -infinity, std::nan(""), 0.0, -0.0, 1.0, -1.0, 0.5});
    for (const Op* op : all_ops()) {
        if (!op->is_elementwise() || op->arity.min > 2 || op->name == "cast") {
            continue;
        }
        Graph graph;
        std::vector<NodeId> x;
        BatchBindings values;
        Type type;
        type.shape = {8};
        for (int i = 0; i < op->arity.min; ++i) {
            x.push_back(add_leaf(graph, "x" + std::to_string(i), type));
            Tensor turned = specials;
            std::rotate(turned.data.begin(), turned.data.begin() + 3 * i, turned.data.end());
            values[x.back()] = {turned};
        }
        graph.outputs = {graph.add(*op, x)};
        for (const auto real : {ScalarKind::f32, ScalarKind::f64}) {
            EXPECT_EQ(compiled_fault(graph, values, 1, {.real = real, .tolerance = 1e-6}), "")
                << op->name;
        }
    }
}

}  // namespace
}  // namespace chainrule::tests
