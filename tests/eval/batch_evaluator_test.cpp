#include "eval/batch_evaluator.h"

#include <gtest/gtest.h>

#include "eval/evaluate.h"
#include "ops/build.h"

namespace chainrule {
namespace {

struct Line {
    Graph graph;
    NodeId x = leaf("x", true);
    NodeId w = leaf("w", false);
    NodeId product = (graph.expr(w) * graph.expr(x) + 1.0).id;
    NodeId mean = call(batch_mean_op, {graph.expr(product)}).id;

    NodeId leaf(const std::string& name, bool per_example) {
        Type type;
        type.per_example = per_example;
        return graph.add_named(name, leaf_op, {}, {std::string("input"), type});
    }
};

std::vector<double> numbers(std::span<const Tensor> tensors) {
    std::vector<double> all;
    for (const Tensor& tensor : tensors) {
        all.push_back(tensor.data.at(0));
    }
    return all;
}

TEST(BatchEvaluator, is_used_again_with_other_numbers_and_other_batch_sizes) {
    Line line;
    const std::vector<NodeId> roots{line.product, line.mean};
    BatchEvaluator evaluator(line.graph, roots);
    const auto run = [&](double w, const std::vector<double>& x) {
        evaluator.set_batch_size(x.size());
        evaluator.leaf(line.w)[0] = Tensor(w);
        for (std::size_t i = 0; i < x.size(); ++i) {
            evaluator.leaf(line.x)[i] = Tensor(x[i]);
        }
        evaluator.run();
    };
    run(2, {1, 2, 3});
    EXPECT_EQ(numbers(evaluator[line.product]), (std::vector<double>{3, 5, 7}));
    EXPECT_EQ(numbers(evaluator[line.mean]), (std::vector<double>{5}));
    run(2, {4});
    EXPECT_EQ(numbers(evaluator[line.product]), (std::vector<double>{9}));
    EXPECT_EQ(numbers(evaluator[line.mean]), (std::vector<double>{9})) << "of the smaller batch";
    run(-1, {1, 2, 3, 4});
    EXPECT_EQ(numbers(evaluator[line.product]), (std::vector<double>{0, -1, -2, -3}));
    EXPECT_EQ(numbers(evaluator[line.mean]), (std::vector<double>{-1.5})) << "sums start anew";
}

TEST(BatchEvaluator, agrees_with_evaluate_batch) {
    Line line;
    const std::vector<NodeId> roots{line.mean, line.product};
    const auto values = evaluate_batch(
        line.graph, roots, {{line.x, {Tensor(1), Tensor(5)}}, {line.w, {Tensor(3)}}}, 2);
    EXPECT_EQ(numbers(values[0]), (std::vector<double>{10}));
    EXPECT_EQ(numbers(values[1]), (std::vector<double>{4, 16}));
}

TEST(BatchEvaluator, names_only_what_the_roots_need) {
    Line line;
    const std::vector<NodeId> roots{line.w};
    const BatchEvaluator evaluator(line.graph, roots);
    EXPECT_EQ(evaluator.nodes().size(), 1U);
    EXPECT_THROW(evaluator[line.x], InternalError);
}

TEST(Evaluate, refuses_a_leaf_without_a_value_and_one_of_another_shape) {
    Line line;
    const std::vector<NodeId> roots{line.w};
    EXPECT_THROW(evaluate(line.graph, roots, {}), UserError);
    EXPECT_THROW(evaluate(line.graph, roots, {{line.w, Tensor::filled({2}, 1)}}), UserError);
    EXPECT_EQ(evaluate(line.graph, roots, {{line.w, Tensor(4)}})[0], Tensor(4));
}

}  // namespace
}  // namespace chainrule
