// The public C++ API, as a program outside of chainrule uses it.
#include <chainrule/chainrule.h>
#include <gtest/gtest.h>

namespace {

using chainrule::Error;
using chainrule::Format;
using chainrule::Model;

constexpr const char* line = "input x\ntarget y\nweight w = 0.5\nz = w * x\nloss (z - y)^2\n";

TEST(Api, evaluates_and_derives_a_network_in_a_text) {
    const Model model = Model::from_text(line);
    EXPECT_EQ(model.inputs(), std::vector<std::string>{"x"});
    EXPECT_EQ(model.weights(), std::vector<std::string>{"w"});
    EXPECT_EQ(model.loss({{"x", 2.0}, {"y", 3.0}}), 4.0);
    EXPECT_EQ(model.gradients({{"x", 2.0}, {"y", 3.0}}).at("w").data[0], -8.0);
    EXPECT_EQ(model.gradients({{"x", 2.0}, {"y", 3.0}}, {"x"}).at("x").data[0], -2.0);
    EXPECT_EQ(model.forward({{"x", 2.0}}).at("z").data[0], 1.0);
    EXPECT_EQ(model.forward({{"x", 2.0}}).count("Loss"), 0U) << "its target has no value";
}

TEST(Api, takes_vectors_and_gives_gradients_in_the_shape_of_their_variables) {
    const Model model = Model::from_text(
        "input x[2]\nweight W[3, 2], b[3] = 0\nh = tanh(W @ x + b)\nloss sum(h)\n");
    const auto gradients =
        model.gradients({{"x", {1.0, -1.0}}, {"W", {{3, 2}, {0, 0, 0, 0, 0, 0}}}});
    EXPECT_EQ(gradients.at("W").shape, (std::vector<std::int64_t>{3, 2}));
    EXPECT_EQ(gradients.at("W").data, (std::vector<double>{1, -1, 1, -1, 1, -1}));
    EXPECT_EQ(gradients.at("b").data, (std::vector<double>{1, 1, 1}));
}

TEST(Api, explains_in_every_format) {
    const Model model = Model::from_text(line);
    EXPECT_NE(model.explain().find("dLoss/dw = dLoss/dz * dz/dw"), std::string::npos);
    EXPECT_NE(model.explain({}, Format::json).find("\"verified\""), std::string::npos);
    EXPECT_NE(model.explain({}, Format::latex).find("\\documentclass"), std::string::npos);
    EXPECT_NE(model.explain({}, Format::html).find("<html"), std::string::npos);
    EXPECT_NE(model.explain({}, Format::markdown).find("$"), std::string::npos);
}

TEST(Api, reports_a_mistake_with_place_and_caret) {
    try {
        Model::from_text("weight w\nloss exq(w)\n");
        FAIL() << "an unknown function was accepted";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(),
                     "text:2:6: error: unknown function exq; did you mean exp?\n"
                     "  2 | loss exq(w)\n"
                     "    |      ^~~\n");
    }
}

TEST(Api, refuses_a_missing_value_a_wrong_shape_and_a_missing_loss) {
    const Model model = Model::from_text(line);
    EXPECT_THROW(model.loss({{"x", 2.0}}), Error);
    EXPECT_THROW(model.loss({{"x", {1.0, 2.0}}, {"y", 0.0}}), Error);
    EXPECT_THROW(model.loss({{"x", chainrule::Value({2}, {1.0})}, {"y", 0.0}}), Error);
    EXPECT_THROW(Model::from_text("weight w\nz = w\n").loss({{"w", 1.0}}), Error);
}

}  // namespace
