#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "render/render.h"
#include "sample_explanations.h"

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys(const Json& json) {
    std::vector<std::string> names;
    for (const auto& item : json.items()) {
        names.push_back(item.key());
    }
    return names;
}

using Keys = std::vector<std::string>;

TEST(RenderJson, has_the_keys_of_the_contract_in_their_order) {
    const Json json = Json::parse(render_json(worksheet_explanation()));
    EXPECT_EQ(keys(json), (Keys{"network", "forward", "loss", "gradients", "update"}));
    EXPECT_EQ(keys(json["forward"][0]), (Keys{"node", "expr", "latex", "value"}));
    EXPECT_EQ(keys(json["loss"]), (Keys{"name", "expr", "substituted", "value"}));
    EXPECT_EQ(keys(json["gradients"][0]["partials"][0]),
              (Keys{"d", "by", "local", "expr", "latex", "value"}));
    EXPECT_EQ(keys(json["update"][0]), (Keys{"weight", "expr", "latex", "value"}));
    EXPECT_EQ(keys(json["gradients"][0]["verified"]), (Keys{"points", "max_relative_error"}));
    for (const char* key : {"of", "paths", "partials", "expr", "latex", "value", "verified"}) {
        EXPECT_TRUE(json["gradients"][0].contains(key)) << key;
    }
}

TEST(RenderJson, holds_what_the_record_says) {
    const Json json = Json::parse(render_json(worksheet_explanation()));
    EXPECT_EQ(json["network"], "worksheet.nn");
    EXPECT_EQ(json["forward"][1]["expr"], "g1(z1)");
    EXPECT_EQ(json["loss"]["expr"], "1/2 * (a2 - y)^2");
    const Json& w1 = json["gradients"][0];
    EXPECT_EQ(w1["of"], "w1");
    EXPECT_EQ(w1["paths"],
              Json::parse(R"([["dLoss/da2","da2/dz2","dz2/da1","da1/dz1","dz1/dw1"]])"));
    EXPECT_EQ(w1["partials"][1]["d"], "a2");
    EXPECT_EQ(w1["partials"][1]["by"], "z2");
    EXPECT_EQ(w1["partials"][1]["local"], "g2(z2) * (1 - g2(z2))");
    EXPECT_EQ(w1["partials"][1]["expr"], "a2 * (1 - a2)");
    EXPECT_EQ(w1["expr"], "(a2 - y) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x");
    EXPECT_EQ(w1["verified"]["points"], 20);
}

TEST(RenderJson, numbers_read_back_to_the_same_double) {
    Explanation explanation = worksheet_explanation();
    for (const double value :
         {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, 12345678901234567.0}) {
        explanation.loss.value = Tensor(value);
        const Json json = Json::parse(render_json(explanation));
        const double read = json["loss"]["value"];
        EXPECT_EQ(read, value);
        EXPECT_EQ(std::signbit(read), std::signbit(value));
    }
}

TEST(RenderJson, has_no_value_where_there_is_none) {
    const Json json = Json::parse(render_json(abstract_explanation()));
    EXPECT_FALSE(json["loss"].contains("value"));
    EXPECT_FALSE(json["forward"][0].contains("value"));
    EXPECT_FALSE(json["gradients"][0].contains("value"));
    EXPECT_FALSE(json["gradients"][0]["partials"][0].contains("value"));
    EXPECT_FALSE(json["update"][0].contains("value"));
}

TEST(RenderJson, tensors_are_nested_arrays_and_what_is_not_finite_is_a_string) {
    const Json json = Json::parse(render_json(tensor_explanation()));
    EXPECT_EQ(json["forward"][2]["value"], Json::parse(R"(["inf", -0.5])"));
    EXPECT_EQ(json["loss"]["value"], "nan");
    ASSERT_EQ(json["gradients"][0]["value"].size(), 2U);
    EXPECT_EQ(json["gradients"][0]["value"][1][2], -0.220199);

    Explanation explanation = tensor_explanation();
    explanation.loss.value = Tensor({2, 0}, {});
    EXPECT_EQ(Json::parse(render_json(explanation))["loss"]["value"], Json::parse("[[], []]"));
    explanation.loss.value = Tensor(-std::numeric_limits<double>::infinity());
    EXPECT_EQ(Json::parse(render_json(explanation))["loss"]["value"], "-inf");
}

TEST(RenderJson, cotangents_are_there_only_when_there_are_any) {
    EXPECT_FALSE(Json::parse(render_json(worksheet_explanation())).contains("cotangents"));
    const Json json = Json::parse(render_json(tensor_explanation()));
    ASSERT_EQ(json["cotangents"].size(), 2U);
    EXPECT_EQ(json["cotangents"][0]["name"], "delta2");
    EXPECT_EQ(json["cotangents"][0]["of"], "z2");
    EXPECT_EQ(json["cotangents"][0]["expr"], "softmax(z2) - one_hot(y)");
}

TEST(RenderJson, a_file_name_that_is_no_text_still_makes_json) {
    Explanation explanation = worksheet_explanation();
    explanation.network = "\xff\"\n.nn";
    EXPECT_TRUE(Json::accept(render_json(explanation)));
}

}  // namespace
}  // namespace chainrule
