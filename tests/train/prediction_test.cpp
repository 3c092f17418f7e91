#include "train/prediction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "network_text.h"
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
    Predictor predictor(setup, rows());
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

}  // namespace
}  // namespace chainrule
