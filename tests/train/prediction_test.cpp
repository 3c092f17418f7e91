#include "train/prediction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/test_files.h"
#include "network_text.h"
#include "train/model_rows.h"
#include "train/prediction_text.h"

namespace chainrule {
namespace {

// x[2] through the weights [[1, 2], [3, 4]] and then these lines.
Model model_of(const std::string& lines, AnswerKind answer, LearntData learnt = {}) {
    Network network =
        network_of("input x[2]\nweight W[2, 2] = [[1, 2], [3, 4]]\nz = W @ x\n" + lines);
    return {
        std::move(network), {Tensor({2, 2}, {1, 2, 3, 4})}, std::move(learnt), answer, DType::f64};
}

const Dataset& rows() {
    static const Dataset data = dataset_of({{0, 0}, {1, 0}, {-1, 1}}, {{0}, {0}, {0}});
    return data;
}

struct Predicted {
    std::vector<std::string> columns;
    std::vector<std::string> classes;
    std::vector<double> numbers;
    std::string csv;
};

Predicted predict(const Model& model, Backend backend = Backend::native,
                  const std::vector<std::string>& chosen = {}) {
    ModelSetup setup(model, 1, backend);
    Predictor predictor(setup, rows(), rows().rows);
    const auto numbers = predictor.run(rows(), 0, rows().rows);
    PredictionText text(predictor, chosen, PredictionText::Format::csv, model.dtype);
    return {predictor.columns(),
            predictor.classes(),
            {numbers.begin(), numbers.end()},
            text.head(3) + text.rows(numbers)};
}

TEST(Prediction, of_logits_is_the_probability_of_each_class_and_the_class) {
    const std::string lines = "target y: class(2)\noutput z\nloss cross_entropy(z, y)";
    for (const Backend backend : {Backend::native, Backend::reference}) {
        LearntData learnt;
        learnt.labels = {"no", "yes, \"really\""};
        const Predicted found =
            predict(model_of(lines, AnswerKind::label_of_vector, learnt), backend);
        EXPECT_EQ(found.columns, (std::vector<std::string>{"p_no", "p_yes, \"really\"", "class"}));
        const double p = 1 / (1 + std::exp(2.0));  // z = [1, 3]
        const double q = 1 / (1 + std::exp(0.0));  // z = [1, 1]: of equals the first
        const std::vector<double> expected{0.5, 0.5, 0, p, 1 - p, 1, q, q, 0};
        ASSERT_EQ(found.numbers.size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            EXPECT_NEAR(found.numbers[i], expected[i], 1e-15) << i;
        }
        EXPECT_TRUE(found.csv.starts_with("p_no,\"p_yes, \"\"really\"\"\",class\n0.5,0.5,no\n"))
            << found.csv;
        EXPECT_NE(found.csv.find(",\"yes, \"\"really\"\"\"\n"), std::string::npos) << found.csv;
    }
}

TEST(Prediction, of_one_probability_is_that_of_both_classes) {
    const Predicted found =
        predict(model_of("target y\np = sigmoid(z[0])\noutput p\nloss binary_cross_entropy(p, y)",
                         AnswerKind::threshold));
    EXPECT_EQ(found.columns, (std::vector<std::string>{"p_0", "p_1", "class"}));
    EXPECT_EQ(found.csv.substr(0, 24), "p_0,p_1,class\n0.5,0.5,0\n");
}

TEST(Prediction, of_a_margin_is_a_score) {
    const Predicted found =
        predict(model_of("target y\ns = z[0]\noutput s\nloss hinge(s, y)", AnswerKind::signs));
    EXPECT_EQ(found.csv, "score,class\n0,-1\n1,1\n1,1\n");
}

TEST(Prediction, of_numbers_has_the_columns_of_the_target) {
    LearntData learnt;
    learnt.has_header = true;
    learnt.target_columns = {"height", "weight"};
    const std::string lines = "target y[2]\noutput z\nloss squared_error(z, y)";
    EXPECT_EQ(predict(model_of(lines, AnswerKind::numbers, learnt)).csv,
              "height,weight\n0,0\n1,3\n1,1\n");
    EXPECT_EQ(predict(model_of(lines, AnswerKind::numbers)).csv, "y[0],y[1]\n0,0\n1,3\n1,1\n");
}

TEST(Prediction, without_a_target_is_the_outputs) {
    const Predicted found =
        predict(model_of("a = z[0]\noutput z, a\nloss squared_error(z, x)", AnswerKind::none));
    EXPECT_EQ(found.csv, "z[0],z[1],a\n0,0,0\n1,3,1\n1,1,1\n");
}

TEST(Prediction, writes_the_chosen_columns_in_their_order) {
    const Model model =
        model_of("target y[2]\noutput z\nloss squared_error(z, y)", AnswerKind::numbers);
    EXPECT_EQ(predict(model, Backend::native, {"y[1]", "y[0]"}).csv, "y[1],y[0]\n0,0\n3,1\n1,1\n");
    EXPECT_THROW(predict(model, Backend::native, {"y"}), UserError);
}

// What a saved model says of the file that it was trained on is what its network says in the
// program that trained it, bit by bit.
TEST(Prediction, of_the_training_file_is_the_forward_pass_of_training) {
    const TempFolder folder;
    const std::string csv = folder.write(
        "t.csv", "a,colour,b,y\n1,red,5,2.5\n2,blue,,3.5\n3,red,9,1\n4,green,2,0\n5,blue,1,7\n");
    const std::string text =
        "input x[5]\ntarget y\nweight w[5] = 0.1\nweight b = 0\np = dot(w, x) + b\noutput p\n"
        "loss squared_error(p, y)\n";
    SourceMap sources;
    Diagnostics diagnostics;
    const Network network = network_of(text);
    const TrainOptions options{.epochs = 3, .batch = 2};
    const PreparedData data = prepare_data(network, {.data = csv}, options, diagnostics);
    const TrainResult result = train(network, options, data.parts, diagnostics);

    const Objective objective = make_objective(network);
    ThreadPool pool(1);
    const auto forward =
        make_forward({network, objective, options, pool}, network.outputs, data.parts.training);
    forward->set_weights(result.weights);
    const std::vector<std::size_t> rows{0, 1, 2, 3, 4};
    forward->run(data.parts.training, rows);

    const std::string path = folder / "m.safetensors";
    save_model(path, {network,
                      {.file = "net.nn", .text = text, .imports = {}, .defines = {}},
                      result.weights,
                      data.learnt,
                      answer_kind(network, data.parts.training.targets),
                      options.dtype});
    const Model model = load_model(path, sources);
    Dataset again;
    ASSERT_TRUE(ModelRows(model.network, model.learnt, {.data = csv}, Target::unused).next(again));
    ModelSetup setup(model, 2, Backend::native);
    EXPECT_EQ(Predictor(setup, again, std::nullopt).most_rows(), 4096U) << "more may come";
    Predictor predictor(setup, again, again.rows);
    EXPECT_EQ(predictor.most_rows(), again.rows);
    EXPECT_EQ(predictor.columns(), (std::vector<std::string>{"y"}));
    const auto found = predictor.run(again, 0, 5);
    for (const std::size_t row : rows) {
        EXPECT_EQ(found[row], forward->value(0, row)[0]) << row;
    }
}

}  // namespace
}  // namespace chainrule
