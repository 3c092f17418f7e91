// Metrics against scikit-learn, whose numbers metrics/make.py wrote down.
#include "train/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "train/class_scores.h"
#include "train/number_scores.h"

namespace chainrule {
namespace {

using Json = nlohmann::json;

Json cases_of(const std::string& kind) {
    std::ifstream file(CHAINRULE_SOURCE_DIR "/tests/train/metrics/cases.json");
    return Json::parse(file).at(kind);
}

// Every metric that is expected, and no other.
void expect_metrics(const Metrics& found, const Json& expected) {
    for (const MetricField& field : metric_fields()) {
        const auto& value = found.*field.value;
        ASSERT_EQ(value.has_value(), expected.contains(field.key)) << field.key;
        if (!value) {
            continue;
        }
        const Json& wanted = expected.at(std::string(field.key));
        if (wanted == "nan") {
            EXPECT_TRUE(std::isnan(*value)) << field.key;
        } else {
            EXPECT_NEAR(*value, wanted.get<double>(), 1e-12 * (1 + std::abs(*value))) << field.key;
        }
    }
}

TEST(Metrics, of_classes_are_those_of_scikit_learn) {
    for (const Json& each : cases_of("classes")) {
        SCOPED_TRACE(each.at("name").get<std::string>());
        ThreadPool pool(2);
        ClassScores scores(each.at("classes").get<std::size_t>(),
                           each.at("probabilities").get<bool>());
        for (std::size_t i = 0; i < each.at("truth").size(); ++i) {
            scores.add(each["truth"][i].get<std::size_t>(), each["answer"][i].get<std::size_t>(),
                       each["numbers"][i].get<std::vector<double>>());
        }
        Metrics metrics;
        scores.write_to(metrics, pool);
        expect_metrics(metrics, each.at("expected"));
        EXPECT_EQ(Json(metrics.confusion), each.at("expected").at("confusion"));
    }
}

TEST(Metrics, of_numbers_are_those_of_scikit_learn) {
    for (const Json& each : cases_of("numbers")) {
        SCOPED_TRACE(each.at("name").get<std::string>());
        NumberScores scores(each.at("truth")[0].size());
        for (std::size_t i = 0; i < each.at("truth").size(); ++i) {
            scores.add(each["truth"][i].get<std::vector<double>>(),
                       each["answer"][i].get<std::vector<double>>());
        }
        Metrics metrics;
        scores.write_to(metrics);
        expect_metrics(metrics, each.at("expected"));
        EXPECT_TRUE(metrics.confusion.empty());
    }
}

TEST(Metrics, an_answer_that_is_no_number_is_wrong_and_leaves_no_area) {
    ThreadPool pool(2);
    ClassScores scores(2, true);
    scores.add(1, 1, std::vector<double>{0.9});
    scores.add(0, 0, std::vector<double>{0.1});
    scores.add(1, std::nullopt, std::vector<double>{NAN});
    Metrics metrics;
    scores.write_to(metrics, pool);
    EXPECT_DOUBLE_EQ(metrics.accuracy.value(), 2.0 / 3);
    EXPECT_DOUBLE_EQ(metrics.precision.value(), 1);
    EXPECT_DOUBLE_EQ(metrics.recall.value(), 0.5);
    EXPECT_TRUE(std::isnan(metrics.roc_auc.value()));
    EXPECT_EQ(metrics.unanswered, 1U);
}

TEST(Metrics, of_numbers_are_none_where_an_answer_is_none) {
    NumberScores scores(1);
    for (const double answer : std::vector<double>{1, NAN}) {
        scores.add(std::vector<double>{1}, std::vector<double>{answer});
    }
    Metrics metrics;
    scores.write_to(metrics);
    EXPECT_TRUE(std::isnan(metrics.rmse.value()) && std::isnan(metrics.r2.value()));
    EXPECT_EQ(metrics.unanswered, 1U);
}

}  // namespace
}  // namespace chainrule
