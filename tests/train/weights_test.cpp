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
#include "train/class_weights.h"
#include "train/descent.h"
#include "train/gradient_sample.h"

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
        return hidden_text + "target y: class(3)\nweight V[3, 4] = 0\noutput V @ h\n" +
               "loss cross_entropy(V @ h, y)\n";
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
    Prepared made(text_for(one["target"]), {.optimizer = optimizer, .dtype = "f64"},
                  weighted_examples(one));
    made.options.backend = backend;
    const std::size_t batch = weighted()["batch"].get<std::size_t>() * times;
    made.options.batch = static_cast<std::int64_t>(std::min(batch, made.data.rows));
    made.options.rate = optimizer == "sgd" ? 0.1 : 0.01;
    const auto order = repeated_batches(made.data.rows, weighted()["batch"], times);
    const auto descent = make_descent(made.setup(), made.data);
    descent->set_weights(start_of(made.network));
    for (int epoch = 0; epoch < weighted()["epochs"]; ++epoch) {
        descent->run(order, batch);
    }
    const std::vector<Tensor> weights = descent->weights();
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const std::string& name = made.network.graph.name(made.network.weights[i].node);
        const std::vector<double> wanted = one["weights"][name];
        for (std::size_t k = 0; k < wanted.size(); ++k) {
            EXPECT_NEAR(weights[i].data[k], wanted[k], 1e-12) << name << " " << k << " " << optimizer;
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
        Prepared made(hidden_text + "target y\nweight v[4] = 0\nloss (v @ h - y)^2\n"
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
    "output v @ tanh(W @ x)\nloss (v @ tanh(W @ x) - y)^2\npenalty 0.01 * sum(v^2)\n";

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
    const auto logged = GradientSample(made.setup(), made.data).at(weights);
    std::vector<std::size_t> all(twin.data.rows);
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto forward = make_forward(twin.setup(), twin.objective.gradients, twin.data, all.size());
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

// --- class weights --------------------------------------------------------------------------

const std::string labelled_text = R"(
    input x
    target kind: class(2)
    weight W[2] = 0
    output W * x
    loss cross_entropy(W * x, kind)
)";

std::vector<double> found_weights(const ClassWeights& said, const std::vector<std::size_t>& rows,
                                  const std::vector<std::string>& labels = {}) {
    TrainOptions options;
    options.class_weights = said;
    const TargetClasses classes{rows.size(), [](auto y) { return std::size_t(y[0]); }};
    ClassTally tally(classes);
    tally.rows = rows;
    return class_weights(options, network_of(labelled_text), {classes, tally, labels});
}

TEST(ClassWeights, balanced_ones_are_those_of_scikit_learn) {
    for (const json& one : weighted()["classes"]) {
        const std::vector<double> wanted = one["balanced"];
        const std::vector<double> found = found_weights({.balanced = true}, one["rows"]);
        ASSERT_EQ(found.size(), wanted.size());
        for (std::size_t k = 0; k < found.size(); ++k) {
            EXPECT_NEAR(found[k], wanted[k], 1e-15 * wanted[k]);
        }
    }
    EXPECT_EQ(found_weights({.balanced = true}, {2, 0, 2}), (std::vector<double>{1, 1, 1}))
        << "a class without rows is none";
}

TEST(ClassWeights, are_given_by_number_or_by_label_and_1_where_none_is_given) {
    EXPECT_EQ(found_weights({.by_number = {1, 3}}, {5, 5}), (std::vector<double>{1, 3}));
    EXPECT_EQ(found_weights({.by_label = {{"yes", 3}}}, {5, 5}, {"no", "yes"}),
              (std::vector<double>{1, 3}));
    EXPECT_EQ(found_weights({.by_label = {{">50K.", 3}}}, {5, 5}, {"<=50K", ">50K"}),
              (std::vector<double>{1, 3}))
        << "a full stop is no part of a label";
    EXPECT_EQ(found_weights({.by_label = {{"1", 3}}}, {5, 5}), (std::vector<double>{1, 3}));
}

TEST(ClassWeights, of_other_classes_than_there_are_are_refused) {
    EXPECT_EQ(refusal([] { found_weights({.by_number = {1, 3, 2}}, {5, 5}); }),
              "class_weights gives 3 weights, and kind has 2 classes: give one weight for each");
    EXPECT_EQ(refusal([] { found_weights({.by_label = {{"yess", 3}}}, {5, 5}, {"no", "yes"}); }),
              "class_weights names yess, which is no class of kind; did you mean yes?");
    EXPECT_EQ(refusal([] { found_weights({.by_label = {{"2", 3}}}, {5, 5}); }),
              "class_weights names 2, which is no class of kind; did you mean 0?");
}

PreparedData prepare_text(const std::string& network, const std::string& rows,
                          const DataRequest& more, const TrainOptions& options) {
    const TempFolder folder;
    DataRequest request = more;
    request.data = folder.write("d.csv", rows);
    Diagnostics diagnostics;
    return prepare_data(network_of(network), request, options, diagnostics);
}

TEST(ClassWeights, multiply_the_weights_of_the_rows_of_both_parts_and_are_learnt_of_the_training_part) {
    std::string rows = "x,w,kind\n";
    for (int i = 0; i < 40; ++i) {
        rows += std::to_string(i) + "," + std::to_string(1 + i % 3) + (i % 4 == 0 ? ",b\n" : ",a\n");
    }
    TrainOptions options{.split = 0.25};
    options.class_weights = ClassWeights{.balanced = true};
    const PreparedData data = prepare_text(labelled_text, rows, {.weights = "w"}, options);
    const double of_a = 30.0 / (2 * 23);  // 8 of 30 and 2 of 10 are held out
    const double of_b = 30.0 / (2 * 7);
    for (const Dataset* part : {&data.parts.training, &*data.parts.validation}) {
        const double n_b = std::accumulate(part->targets.begin(), part->targets.end(), 0.0);
        EXPECT_EQ(n_b, part == &data.parts.training ? 7 : 3);
        for (std::size_t row = 0; row < part->rows; ++row) {
            const double by_row = part->weights[row] / (part->targets[row] == 1 ? of_b : of_a);
            EXPECT_NEAR(by_row, std::round(by_row), 1e-12);
            EXPECT_TRUE(by_row > 0.5 && by_row < 3.5);
        }
    }
}

TEST(ClassWeights, weigh_a_number_that_is_0_or_1_too) {
    TrainOptions options;
    options.class_weights = ClassWeights{.balanced = true};
    const std::string text =
        "input x\ntarget y\nweight w = 0\np = sigmoid(w * x)\nloss binary_cross_entropy(p, y)\n";
    const PreparedData data = prepare_text(text, "1,0\n2,0\n3,0\n4,1\n", {}, options);
    EXPECT_EQ(data.parts.training.weights, (std::vector<double>{2 / 3.0, 2 / 3.0, 2 / 3.0, 2}));
}

TEST(ClassWeights, of_a_target_that_tells_no_class_are_refused) {
    TrainOptions options;
    options.class_weights = ClassWeights{.balanced = true};
    EXPECT_EQ(refusal([&] {
                  prepare_text("input x\ntarget y\nweight w = 0\nloss (w * x - y)^2\n",
                               "1,0.5\n2,7\n", {}, options);
              }),
              "class_weights weighs classes, and the target y holds numbers: leave it out, or "
              "declare `target y: class(n)` if they are labels");
    EXPECT_EQ(refusal([&] {
                  prepare_text("input x\nweight w = 0\nloss (w * x)^2\n", "1\n2\n", {}, options);
              }),
              "class_weights weighs classes, and net.nn has no target that tells any: leave it out");
    EXPECT_EQ(refusal([&] { prepare_text("weight w = 0\nloss w^2\n", "1\n", {}, options); }),
              "class_weights weighs classes, and net.nn has no target that tells any: leave it out");
}

// --- the column of weights ------------------------------------------------------------------

const std::string line_of_two =
    "input x[2]\ntarget y\nweight w[2] = 0\noutput w @ x\nloss (w @ x - y)^2\n";

std::string weights_refusal(const std::string& rows, const DataRequest& request = {.weights = "w"},
                            const TrainOptions& options = {}) {
    const TempFolder folder;
    const std::string path = folder.write("d.csv", rows);
    std::string said = refusal([&] {
        DataRequest all = request;
        all.data = path;
        Diagnostics diagnostics;
        prepare_data(network_of(line_of_two), all, options, diagnostics);
    });
    for (auto at = said.find(path); at != said.npos; at = said.find(path)) {
        said.replace(at, path.size(), "d.csv");
    }
    return said;
}

TEST(WeightColumn, feeds_no_input_and_is_not_the_last_column) {
    for (const std::string weights : {"w", "4"}) {
        const PreparedData data = prepare_text(line_of_two, "a,b,y,w\n1,2,3,4\n2,5,7,0\n",
                                               {.weights = weights}, {.scale = Scale::none});
        EXPECT_EQ(data.parts.training.inputs[0], (Numbers{1, 2, 2, 5}));
        EXPECT_EQ(data.parts.training.targets, (std::vector<double>{3, 7}));
        EXPECT_EQ(data.parts.training.weights, (std::vector<double>{4, 0}));
        EXPECT_EQ(data.learnt.weight_column, "w");
        EXPECT_EQ(data.learnt.weight_place, 3U);
    }
}

TEST(WeightColumn, refuses_what_is_no_weight_naming_row_and_column) {
    EXPECT_EQ(weights_refusal("a,b,w,y\n1,2,3,4\n1,2,-1,4\n"),
              "d.csv: row 3, column 3 (w): the weight is -1: it is a finite number, at least 0");
    EXPECT_EQ(weights_refusal("a,b,w,y\n1,2,3,4\n1,2,,4\n"),
              "d.csv: row 3, column 3 (w): the weight is missing: remove the row or give it a weight");
    EXPECT_EQ(weights_refusal("a,b,w,y\n1,2,x,4\n1,2,y,4\n"),
              "d.csv: column 3 (w) holds text (\"x\"), but a weight is a number: select another "
              "column with --weights");
    EXPECT_EQ(weights_refusal("a,b,w,y\n1,2,0,4\n1,2,0,4\n"),
              "the weights of all rows of the training part are 0, so that none counts: give some "
              "of them a weight above 0");
    EXPECT_EQ(weights_refusal("a,b,w,y\n1,2,3,4\n", {.weights = "v"}),
              "d.csv has no column called v: its columns are a, b, w, y");
    EXPECT_EQ(weights_refusal("a,b,w,y\n1,2,3,4\n", {.weights = "y"}),
              "d.csv: column 4 (y) holds the weights and cannot be the target y too: select another "
              "column with --weights or --target");
    EXPECT_TRUE(contains(weights_refusal("a,w,y\n1,3,4\n"),
                         "d.csv has 1 column besides the target and the weights, but"));
}

TEST(WeightColumn, of_a_test_file_plays_no_role_and_may_be_missing) {
    const TempFolder folder;
    struct Case {
        std::string training, test;
    };
    for (const auto& [training, test] :
         {Case{"w,a,b,y\n1,2,3,4\n2,5,6,7\n", "w,a,b,y\n0,2,3,4\n"},
          Case{"w,a,b,y\n1,2,3,4\n2,5,6,7\n", "a,b,y\n2,3,4\n"},
          Case{"1,2,3,4\n2,5,6,7\n", "-9,2,3,4\n"}, Case{"1,2,3,4\n2,5,6,7\n", "2,3,4\n"}}) {
        for (const std::string target : {"", "4"}) {
            DataRequest request{.data = folder.write("d.csv", training),
                                .test = folder.write("t.csv", test),
                                .target = target,
                                .weights = "1"};
            Diagnostics diagnostics;
            const PreparedData data = prepare_data(network_of(line_of_two), request,
                                                   {.scale = Scale::none}, diagnostics);
            EXPECT_EQ(data.parts.test->inputs[0], (Numbers{2, 3})) << test;
            EXPECT_EQ(data.parts.test->targets, (std::vector<double>{4})) << test;
            EXPECT_TRUE(data.parts.test->weights.empty());
        }
    }
}

TEST(WeightColumn, changes_the_loss_and_no_other_metric) {
    Dataset data = noisy_rows(20, [](double a, double b) { return a + b; });
    data.weights.assign(20, 1);
    data.weights[3] = 50;
    Prepared made(line_of_two, {.dtype = "f64"}, data);
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
