// Weighted examples and classes against PyTorch and scikit-learn: tests/data/weights/make.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "backend/thread_pool.h"
#include "data/test_files.h"
#include "network_text.h"
#include "train/assessor.h"
#include "train/descent.h"
#include "train/gradient_sample.h"
#include "train/initialise.h"

namespace chainrule {
namespace {

using nlohmann::json;

const json& weighted() {
    static const json read =
        json::parse(std::ifstream(CHAINRULE_SOURCE_DIR "/tests/data/weights/weights.json"));
    return read;
}

const std::string hidden_text = R"(
    input x[2]
    weight W[4, 2] = 0
    weight b[4] = 0
    h = tanh(W @ x + b)
)";

std::string text_for(const std::string& target) {
    if (target == "classes") {
        return hidden_text + "target y: class(3)\nweight V[3, 4] = 0\no = V @ h\n" +
               "loss cross_entropy(o, y)\n";
    }
    const std::string one = hidden_text + "target y\nweight v[4] = 0\no = v @ h\n";
    return one + (target == "binary" ? "loss binary_cross_entropy_with_logits(o, y)\n"
                                     : "loss (o - y)^2\npenalty 0.01 * sum(W^2)\n");
}

// PyTorch's examples, with its weights.
Dataset weighted_examples(const json& one) {
    const std::string target = one["target"];
    const json& y = weighted()[target == "classes" ? "labels" : target];
    std::vector<std::vector<double>> inputs;
    std::vector<std::vector<double>> targets;
    for (std::size_t i = 0; i < y.size(); ++i) {
        inputs.push_back(weighted()["x"][i]);
        targets.push_back({y[i]});
    }
    Dataset data = dataset_of(inputs, targets);
    for (std::size_t i = 0; i < data.rows; ++i) {
        data.weights.push_back(one["sample"].is_null() ? 1.0 : one["sample"][i].get<double>());
    }
    if (!one["classes"].is_null()) {
        const std::vector<double> of_classes = one["classes"];
        const TargetClasses classes{of_classes.size(), [](auto y) { return std::size_t(y[0]); }};
        weigh_by_class(data, classes, of_classes);
    }
    return data;
}

std::vector<Tensor> start_of(const Network& network) {
    std::vector<Tensor> weights;
    for (const Weight& weight : network.weights) {
        weights.emplace_back(network.graph.type(weight.node).shape,
                             weighted()["start"][network.graph.name(weight.node)]);
    }
    return weights;
}

// Every batch has its rows so many times over, which changes no average.
std::vector<std::size_t> repeated_batches(std::size_t rows, std::size_t batch, std::size_t times) {
    std::vector<std::size_t> order;
    for (std::size_t first = 0; first < rows; first += batch) {
        for (std::size_t i = 0; i < times * std::min(batch, rows - first); ++i) {
            order.push_back(first + i / times);
        }
    }
    return order;
}

struct Prepared {
    Network network;
    Objective objective;
    TrainOptions options;
    ThreadPool pool{2};
    Dataset data;

    Prepared(const std::string& text, const TrainOverrides& overrides, Dataset examples)
        : network(network_of(text)),
          objective(make_objective(network, averaging_over(examples))),
          options(merge_options(network, overrides)),
          data(std::move(examples)) {}
    TrainSetup setup() { return {network, objective, options, pool}; }
};

void expect_pytorch(const json& one, Backend backend, std::size_t times) {
    const std::string optimizer = one["optimizer"];
    const Dataset examples = weighted_examples(one);
    Prepared made(
        text_for(one["target"]), {.optimizer = optimizer, .dtype = "f64"},
        select_rows(examples, repeated_batches(examples.rows, weighted()["batch"], times)));
    made.options.backend = backend;
    const std::size_t batch = weighted()["batch"].get<std::size_t>() * times;
    made.options.batch = static_cast<std::int64_t>(std::min(batch, made.data.rows));
    made.options.rate = optimizer == "sgd" ? 0.1 : 0.01;
    std::vector<std::size_t> order(made.data.rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto descent = make_descent(made.setup(), made.data);
    descent->set_weights(start_of(made.network));
    for (int epoch = 0; epoch < weighted()["epochs"].get<int>(); ++epoch) {
        descent->run(order, batch);
    }
    const std::vector<Tensor> weights = descent->weights();
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const std::string& name = made.network.graph.name(made.network.weights[i].node);
        const std::vector<double> wanted = one["weights"][name];
        for (std::size_t k = 0; k < wanted.size(); ++k) {
            EXPECT_NEAR(weights[i].data[k], wanted[k], 1e-12)
                << name << " " << k << " " << optimizer;
        }
    }
    Assessor assessor(made.setup(), std::nullopt);
    assessor.set_weights(weights);
    EXPECT_NEAR(assessor.assess(made.data).loss, one["loss"].get<double>(), 1e-12);
}

TEST(Weights, take_the_steps_of_pytorch_by_reference) {
    for (const json& one : weighted()["training"]) {
        expect_pytorch(one, Backend::reference, 1);
    }
}

TEST(Weights, take_the_steps_of_pytorch_compiled_as_a_loop_and_as_phases) {
    for (const json& one : weighted()["training"]) {
        expect_pytorch(one, Backend::native, 1);
        expect_pytorch(one, Backend::native, 200);
    }
}

TEST(Weights, a_batch_of_weights_0_moves_nothing_but_by_the_penalty) {
    Dataset data = weighted_examples(weighted()["training"][5]);
    data.weights.assign(data.rows, 0);
    for (const Backend backend : {Backend::reference, Backend::native}) {
        Prepared made(hidden_text +
                          "target y\nweight v[4] = 0\nloss (v @ h - y)^2\n"
                          "penalty 1/2 * sum(v^2)\n",
                      {.rate = 0.5, .dtype = "f64"}, data);
        made.options.backend = backend;
        const auto descent = make_descent(made.setup(), made.data);
        descent->set_weights(start_of(made.network));
        const std::vector<std::size_t> rows{0, 1, 2};
        descent->run(rows, 3);
        const std::vector<Tensor> start = start_of(made.network);
        EXPECT_EQ(descent->weights()[0].data, start[0].data);
        EXPECT_EQ(descent->weights()[2].data[0], start[2].data[0] / 2);
    }
}

// Rows that stand there as often as their weights say.
Dataset repeated(const Dataset& data) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < data.rows; ++row) {
        rows.insert(rows.end(), static_cast<std::size_t>(data.weights[row]), row);
    }
    Dataset result = select_rows(data, rows);
    result.weights.clear();
    return result;
}

Dataset whole_weights(std::size_t rows) {
    Dataset data = noisy_rows(rows, [](double a, double b) { return a - 0.5 * b + 0.3; });
    for (std::size_t row = 0; row < rows; ++row) {
        data.weights.push_back(static_cast<double>(row * 7 % 4));
    }
    return data;
}

const std::string line_text =
    "input x[2]\ntarget y\nweight W[3, 2] ~ normal\nweight v[3] ~ normal\n"
    "o = v @ tanh(W @ x)\nloss (o - y)^2\npenalty 0.01 * sum(v^2)\n";

TEST(Weights, a_weight_of_2_is_a_row_that_stands_there_twice) {
    const Network network = network_of(line_text);
    // Of more rows than a function of the whole data takes at once.
    const Dataset data = whole_weights(10'000);
    for (const std::string optimizer : {"lbfgs(strong_wolfe = 1)", "levenberg_marquardt"}) {
        const TrainOptions options =
            merge_options(network, {.optimizer = optimizer, .epochs = 5, .dtype = "f64"});
        const TrainResult by_weight = train_on(network, options, data);
        const TrainResult by_row = train_on(network, options, repeated(data));
        EXPECT_NEAR(by_weight.train.loss, by_row.train.loss, 1e-12) << optimizer;
        for (std::size_t i = 0; i < 3; ++i) {
            EXPECT_NEAR(trained(network, by_weight, "v").data[i],
                        trained(network, by_row, "v").data[i], 1e-8)
                << optimizer;
        }
        TrainResult unweighted = [&] {
            Dataset all = data;
            all.weights.clear();
            return train_on(network, options, all);
        }();
        EXPECT_GT(std::abs(unweighted.train.loss - by_weight.train.loss), 1e-6) << "they count";
    }
}

TEST(Weights, gradients_that_are_logged_are_those_of_the_weighted_objective) {
    Dataset data = whole_weights(900);
    Prepared made(line_text, {.dtype = "f64"}, data);
    Prepared twin(line_text, {.dtype = "f64"}, repeated(data));
    Diagnostics diagnostics;
    const std::vector<Tensor> weights = initial_weights(made.network, 0, diagnostics);
    ASSERT_LE(twin.data.rows, GradientSample::most_rows * 2);
    const auto logged = GradientSample(made.setup(), made.data, made.data.rows).at(weights);
    std::vector<std::size_t> all(twin.data.rows);
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto forward =
        make_forward(twin.setup(), twin.objective.gradients, twin.data, all.size());
    forward->set_weights(weights);
    forward->run(twin.data, all);
    for (std::size_t i = 0; i < logged.size(); ++i) {
        for (std::size_t k = 0; k < logged[i].size(); ++k) {
            EXPECT_NEAR(logged[i].data[k], forward->value(i, 0)[k], 1e-12);
        }
    }
}

TEST(Weights, any_number_of_threads_gives_the_same_bits) {
    const Network network = network_of(line_text);
    const Dataset data = whole_weights(1000);
    TrainOptions options = merge_options(network, {.epochs = 2, .batch = 300});
    std::vector<std::vector<double>> found;
    for (const std::size_t threads : {1U, 2U, 3U, 8U}) {
        options.threads = threads;
        found.push_back(trained(network, train_on(network, options, data), "W").data);
        EXPECT_EQ(found.back(), found.front()) << threads;
    }
}

TEST(Weights, change_the_loss_and_no_other_metric) {
    Dataset data = noisy_rows(20, [](double a, double b) { return a + b; });
    data.weights.assign(20, 1);
    data.weights[3] = 50;
    Prepared made("input x[2]\ntarget y\nweight w[2] = 0\no = w @ x\nloss (o - y)^2\n",
                  {.dtype = "f64"}, data);
    Assessor assessor(made.setup(), answer_rule(made.network, AnswerKind::numbers));
    assessor.set_weights(std::vector<Tensor>{Tensor{{2}, {0.3, 0.4}}});
    const Metrics with = assessor.assess(data);
    data.weights.clear();
    const Metrics without = assessor.assess(data);
    EXPECT_NE(with.loss, without.loss);
    EXPECT_EQ(with.rmse, without.rmse);
    EXPECT_NEAR(without.loss, *without.rmse * *without.rmse, 1e-12);
}

}  // namespace
}  // namespace chainrule
