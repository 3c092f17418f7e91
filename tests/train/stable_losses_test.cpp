// Classifiers whose outputs round to 0 or 1 go on learning, whichever way their loss is written.
#include <gtest/gtest.h>

#include <numeric>

#include "derive/derive.h"
#include "eval/batch_evaluator.h"
#include "network_text.h"
#include "ops/build.h"
#include "train/compilation.h"
#include "train/feed.h"

namespace chainrule {
namespace {

struct Written {
    const char* name;
    const char* loss;
};

constexpr Written classifiers[] = {
    {"of_a_name", "o = sigmoid(z)\nloss binary_cross_entropy(o, y)"},
    {"of_an_index", "v = [z]\no = sigmoid(v)\nloss binary_cross_entropy(o[0], y)"},
    {"of_a_complement", "v = [z]\no = sigmoid(v)\nloss binary_cross_entropy((1 - o)[0], 1 - y)"},
    {"by_hand", "o = sigmoid(z)\nloss -(y * log(o) + (1 - y) * log(1 - o))"},
    {"by_hand_apart", "o = sigmoid(z)\nloss -y * log(o) - (1 - y) * log(1 - o)"},
    {"a_mean",
     "v = [z]\no = sigmoid(v)\nt = [y]\n"
     "loss -mean(t * log(o) + (1 - t) * log(1 - o))"},
    {"own_sigmoid", "o = 1 / (1 + exp(-z))\nloss binary_cross_entropy(o, y)"},
    {"own_sigmoid_of_a_product", "o = 1 / (exp(-1 * z) + 1)\nloss binary_cross_entropy(o, y)"},
    {"own_sigmoid_of_exp", "o = exp(z) / (exp(z) + 1)\nloss binary_cross_entropy(o, y)"},
    {"by_tanh", "o = (tanh(z / 2) + 1) / 2\nloss binary_cross_entropy(o, y)"},
    {"by_half_a_tanh", "o = tanh(0.5 * z) * 0.5 + 0.5\nloss binary_cross_entropy(o, y)"},
    {"of_a_sum", "o = sigmoid(z)\nloss -log(o) * y - (1 - y) * log(-o + 1)"},
    {"of_a_choice", "o = sigmoid(z)\nloss -log(where(y > 0.5, o, 1 - o))"},
    {"own_softmax", "v = [z, 0]\no = exp(v) / sum(exp(v))\nt = [y, 1 - y]\nloss -sum(t * log(o))"},
    {"softmax", "o = softmax([z, 0])\nt = [y, 1 - y]\nloss -sum(t * log(o))"},
    {"softmax_of_label", "o = softmax([z, 0])\nloss where(y > 0, -log(o[0]), -log(o[1]))"}};

class Classifier : public testing::TestWithParam<Written> {
protected:
    // Of the loss as written, or as logits have it.
    static Network network(const std::string& loss) {
        return network_of("input x\ntarget y\nweight w = 100, b = 0\nz = w * x + b\n" + loss);
    }
};

// Four epochs of PyTorch's SGD with binary_cross_entropy_with_logits on these rows, whose logits
// begin with -200 and 200 on either side; the same numbers in float32 to its precision.
TEST_P(Classifier, learns_from_saturated_outputs_as_pytorch_does_from_logits) {
    const Network network = Classifier::network(GetParam().loss);
    const Dataset data = dataset_of({{1}, {-1}, {0.5}, {-0.5}, {2}, {-2}, {0.01}},
                                    {{1}, {0}, {0}, {1}, {0}, {1}, {1}});
    const std::vector<double> losses{61.255641545434734, 51.04820901471117, 40.84322779156171,
                                     30.639166809419493};
    for (const auto& [backend, dtype] :
         {std::pair(Backend::native, DType::f64), std::pair(Backend::native, DType::f32),
          std::pair(Backend::reference, DType::f64)}) {
        const TrainResult result = train_on(network,
                                            {.rate = 20,
                                             .epochs = 4,
                                             .batch = 7,
                                             .batch_chosen = true,
                                             .dtype = dtype,
                                             .backend = backend},
                                            data);
        ASSERT_FALSE(result.failure) << result.failure->message;
        const double tolerance = dtype == DType::f64 ? 1e-12 : 1e-6;
        EXPECT_NEAR(trained(network, result, "w").data[0], 42.87601693050231, 50 * tolerance);
        EXPECT_NEAR(trained(network, result, "b").data[0], 1.8874073356551654, 50 * tolerance);
        ASSERT_EQ(result.epochs.size(), losses.size());
        for (std::size_t i = 0; i < losses.size(); ++i) {
            EXPECT_NEAR(result.epochs[i].train.loss, losses[i], losses[i] * tolerance);
        }
    }
}

// At the weights that the network begins with, by reference.
std::vector<double> gradients_at(const Network& network, const Graph& graph,
                                 const std::vector<NodeId>& gradients, const Dataset& data) {
    BatchEvaluator step(graph, gradients);
    std::vector<Tensor> weights;
    for (const Weight& weight : network.weights) {
        weights.push_back(*weight.value);
    }
    std::vector<std::size_t> rows(data.rows);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    feed_weights(step, network, weights);
    feed_rows(step, network, data, rows);
    step.run();
    std::vector<double> numbers;
    for (const NodeId gradient : gradients) {
        numbers.push_back(step[gradient][0].data[0]);
    }
    return numbers;
}

std::vector<NodeId> written_gradients(const Network& network, Graph& graph) {
    const NodeId total = call(batch_mean_op, {graph.expr(network.loss)}).id;
    const std::vector<NodeId> weights{network.weights[0].node, network.weights[1].node};
    std::vector<NodeId> gradients;
    for (const Expr gradient : derive(graph, total, weights).gradients) {
        gradients.push_back(gradient.id);
    }
    return gradients;
}

TEST_P(Classifier, has_the_gradients_of_the_loss_as_written) {
    const Network network = Classifier::network(GetParam().loss);
    const Dataset data = dataset_of({{0.01}, {-0.02}, {0.03}, {-0.005}}, {{1}, {0}, {0}, {1}});
    const Objective objective = make_objective(network);
    EXPECT_NE(objective.terms[0], network.loss);
    Graph graph = network.graph;
    const std::vector<NodeId> written = written_gradients(network, graph);
    const auto wanted = gradients_at(network, graph, written, data);
    const auto got = gradients_at(network, objective.graph, objective.gradients, data);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        EXPECT_NEAR(got[i], wanted[i], 1e-13);
    }
}

TEST_P(Classifier, is_compiled_with_each_pass_checked) {
    EXPECT_NO_THROW(compile_step(Classifier::network(GetParam().loss), {.check_each = true}));
}

std::string name_of_classifier(const testing::TestParamInfo<Written>& info) {
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(StableLosses, Classifier, testing::ValuesIn(classifiers),
                         name_of_classifier);

// levenberg_marquardt reads squares, of whatever.
TEST(StableLoss, of_squares_is_refused_and_taken_as_before) {
    const Dataset data = dataset_of({{1}, {2}}, {{0.1}, {0.2}});
    TrainOptions options{.optimizer = Choice(find_optimizer("levenberg_marquardt")->method),
                         .epochs = 5};
    const TrainResult result =
        train_on(network_of("input x\ntarget y\nweight w = 1\nloss (log(sigmoid(w * x)) + y)^2"),
                 options, data);
    EXPECT_FALSE(result.failure);
    try {
        train_on(network_of("input x\ntarget y\nweight w = 1\n"
                            "loss binary_cross_entropy(sigmoid(w * x), y)"),
                 options, data);
        ADD_FAILURE() << "not refused";
    } catch (const UserError& error) {
        EXPECT_TRUE(error.diagnostics()[0].span) << "the loss is shown";
    }
}

}  // namespace
}  // namespace chainrule
