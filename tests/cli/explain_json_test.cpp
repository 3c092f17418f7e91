// `explain --format json` is a contract: its keys, its formulas and its numbers, on the worksheet.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule::tests {
namespace {

using OrderedJson = nlohmann::ordered_json;

const char* const w1_gradient = "(a2 - y) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x";
const char* const w2_gradient = "(a2 - y) * a2 * (1 - a2) * a1";

std::vector<std::string> keys(const OrderedJson& object) {
    std::vector<std::string> names;
    for (const auto& [key, value] : object.items()) {
        names.push_back(key);
    }
    return names;
}

// Every promised key is there, in that order; what stands beside them is on the list.
void expect_keys(const OrderedJson& object, const std::vector<std::string>& promised,
                 const std::set<std::string>& beside = {}) {
    std::vector<std::string> found;
    for (const std::string& key : keys(object)) {
        if (!beside.contains(key)) {
            found.push_back(key);
        }
    }
    EXPECT_EQ(found, promised) << object.dump();
}

class CliExplainJson : public testing::Test {
protected:
    OrderedJson explain(const std::vector<std::string>& options = {}) {
        return explain(worksheet, options);
    }

    OrderedJson explain(const std::string& text, const std::vector<std::string>& options = {}) {
        folder_.write("worksheet.nn", text);
        std::vector<std::string> arguments{"explain", "worksheet.nn", "--format", "json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const ProgramRun run = run_program(arguments, {.folder = folder_ / ""});
        EXPECT_EQ(run.exit_code, 0) << run.err;
        EXPECT_EQ(run.err, "");
        return OrderedJson::parse(run.out);
    }

    OrderedJson explain_given(std::vector<std::string> options = {}) {
        std::vector<std::string> all = worksheet_functions();
        all.insert(all.end(), options.begin(), options.end());
        return explain(all);
    }

    OrderedJson explain_at() {
        return explain_given(
            {"--at", "x=0.5", "--at", "y=1", "--at", "w1=0.8", "--at", "w2=-0.4", "--rate", "0.1"});
    }

    TempFolder folder_;
};

// --- keys ----------------------------------------------------------------------------------------

TEST_F(CliExplainJson, has_the_promised_keys_in_their_order) {
    const OrderedJson json = explain_at();
    expect_keys(json, {"network", "forward", "loss", "gradients", "update"});
    EXPECT_EQ(json["network"], "worksheet.nn");
    for (const OrderedJson& line : json["forward"]) {
        expect_keys(line, {"node", "expr", "latex", "value"});
    }
    expect_keys(json["loss"], {"name", "expr", "substituted", "value"});
    for (const OrderedJson& gradient : json["gradients"]) {
        expect_keys(gradient, {"of", "paths", "partials", "expr", "latex", "value", "verified"},
                    {"path_count", "chain"});
        expect_keys(gradient["verified"], {"points", "max_relative_error"});
        for (const OrderedJson& partial : gradient["partials"]) {
            expect_keys(partial, {"d", "by", "local", "expr", "latex", "value"});
        }
    }
    for (const OrderedJson& line : json["update"]) {
        expect_keys(line, {"weight", "expr", "latex", "value"});
    }
}

TEST_F(CliExplainJson, has_no_values_where_a_number_is_missing) {
    const std::string text = explain_given({"--at", "x=0.5"}).dump();
    EXPECT_EQ(text.find("\"value\":"), text.find("\"value\":0.5"))
        << "only dz1/dw1 = x is known: " << text;
    EXPECT_EQ(explain().dump().find("\"value\":"), std::string::npos);
}

TEST_F(CliExplainJson, gives_what_the_given_numbers_suffice_for) {
    const OrderedJson json = explain_given({"--at", "x=0.5", "--at", "w1=0.8"});
    EXPECT_EQ(json["forward"][0]["value"], 0.4);
    EXPECT_TRUE(json["forward"][1].contains("value"));
    EXPECT_FALSE(json["forward"][2].contains("value"));
    EXPECT_FALSE(json["loss"].contains("value"));
    EXPECT_FALSE(json["update"][0].contains("value"));
}

TEST_F(CliExplainJson, gives_every_value_but_the_updates_without_a_rate) {
    const OrderedJson json =
        explain_given({"--at", "x=0.5", "--at", "y=1", "--at", "w1=0.8", "--at", "w2=-0.4"});
    EXPECT_TRUE(json["gradients"][0].contains("value"));
    EXPECT_FALSE(json["update"][0].contains("value"));
}

// --- the worksheet, abstract ---------------------------------------------------------------------

TEST_F(CliExplainJson, of_the_abstract_worksheet_stays_abstract) {
    const OrderedJson json = explain();
    EXPECT_EQ(json["loss"]["name"], "Loss");
    EXPECT_EQ(json["loss"]["expr"], "Loss(a2, y)");
    EXPECT_EQ(json["loss"]["substituted"], "Loss(g2(g1(x * w1) * w2), y)");
    const std::vector<std::vector<std::string>> forward{
        {"z1", "x * w1"}, {"a1", "g1(z1)"}, {"z2", "a1 * w2"}, {"a2", "g2(z2)"}};
    ASSERT_EQ(json["forward"].size(), forward.size());
    for (std::size_t i = 0; i < forward.size(); ++i) {
        EXPECT_EQ(json["forward"][i]["node"], forward[i][0]);
        EXPECT_EQ(json["forward"][i]["expr"], forward[i][1]);
    }
    EXPECT_EQ(json["gradients"][0]["of"], "w1");
    EXPECT_EQ(json["gradients"][0]["expr"], "D(Loss, 1)(a2, y) * g2'(z2) * w2 * g1'(z1) * x");
    EXPECT_EQ(json["gradients"][1]["of"], "w2");
    EXPECT_EQ(json["gradients"][1]["expr"], "D(Loss, 1)(a2, y) * g2'(z2) * a1");
    EXPECT_EQ(json["update"][0]["expr"],
              "w1 - alpha * D(Loss, 1)(a2, y) * g2'(z2) * w2 * g1'(z1) * x");
}

// --- the worksheet, given ------------------------------------------------------------------------

TEST_F(CliExplainJson, walks_the_chain_from_the_loss_down) {
    const OrderedJson json = explain_given();
    const std::vector<std::vector<std::string>> to_w1{
        {"dLoss/da2", "da2/dz2", "dz2/da1", "da1/dz1", "dz1/dw1"}};
    const std::vector<std::vector<std::string>> to_w2{{"dLoss/da2", "da2/dz2", "dz2/dw2"}};
    EXPECT_EQ(json["gradients"][0]["paths"], OrderedJson(to_w1));
    EXPECT_EQ(json["gradients"][1]["paths"], OrderedJson(to_w2));
    EXPECT_EQ(json["loss"]["expr"], "1/2 * (a2 - y)^2");
    EXPECT_EQ(json["loss"]["substituted"], "1/2 * (g2(g1(x * w1) * w2) - y)^2");
}

TEST_F(CliExplainJson, gives_each_partial_by_the_rule_and_in_forward_values) {
    const std::vector<std::vector<std::string>> expected{
        {"Loss", "a2", "a2 - y", "a2 - y"},
        {"a2", "z2", "g2(z2) * (1 - g2(z2))", "a2 * (1 - a2)"},
        {"z2", "a1", "w2", "w2"},
        {"a1", "z1", "g1(z1) * (1 - g1(z1))", "a1 * (1 - a1)"},
        {"z1", "w1", "x", "x"}};
    const OrderedJson partials = explain_given()["gradients"][0]["partials"];
    ASSERT_EQ(partials.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const std::vector<std::string> found{partials[i]["d"], partials[i]["by"],
                                             partials[i]["local"], partials[i]["expr"]};
        EXPECT_EQ(found, expected[i]);
    }
}

TEST_F(CliExplainJson, multiplies_them_to_the_nine_operations_of_a_textbook) {
    const OrderedJson json = explain_given();
    EXPECT_EQ(json["gradients"][0]["expr"], w1_gradient);
    EXPECT_EQ(json["gradients"][1]["expr"], w2_gradient);
    EXPECT_EQ(json["update"][0]["expr"], std::string("w1 - alpha * ") + w1_gradient);
    EXPECT_EQ(json["update"][1]["expr"], std::string("w2 - alpha * ") + w2_gradient);
    const std::string text = w1_gradient;
    EXPECT_EQ(std::ranges::count_if(text, [](char c) { return c == '*' || c == '-'; }), 9);
}

TEST_F(CliExplainJson, verifies_every_gradient_at_twenty_points) {
    for (const OrderedJson& json : {explain(), explain_given()}) {
        for (const OrderedJson& gradient : json["gradients"]) {
            EXPECT_EQ(gradient["verified"]["points"], 20);
            const double error = gradient["verified"]["max_relative_error"];
            EXPECT_LT(error, 1e-7);
            EXPECT_GT(error, 0) << "finite differences are never exact: was anything compared?";
        }
    }
}

// Numbers by a dozen lines of Python: z1 = 0.4, a1 = 1/(1 + exp(-z1)), and so on.
TEST_F(CliExplainJson, has_the_values_that_python_has) {
    const OrderedJson json = explain_at();
    const double forward[] = {0.4, 0.598687660112452, -0.2394750640449808, 0.4404157169991};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_NEAR(json["forward"][i]["value"], forward[i], 1e-15);
    }
    EXPECT_NEAR(json["loss"]["value"], 0.15656728489081567, 1e-15);
    const double partials[] = {-0.5595842830009, 0.24644971321926865, -0.4, 0.24026074574152914,
                               0.5};
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_NEAR(json["gradients"][0]["partials"][i]["value"], partials[i], 1e-15);
    }
    EXPECT_NEAR(json["gradients"][0]["value"], 0.006626842388270735, 1e-16);
    EXPECT_NEAR(json["gradients"][1]["value"], -0.08256464765234538, 1e-16);
    EXPECT_NEAR(json["update"][0]["value"], 0.799337315761173, 1e-15);
    EXPECT_NEAR(json["update"][1]["value"], -0.39174353523476546, 1e-15);
}

TEST_F(CliExplainJson, prints_numbers_that_read_back_to_the_same_double) {
    const OrderedJson json = explain("weight w\nloss w\n", {"--at", "w=0.1"});
    EXPECT_EQ(json["loss"]["value"].get<double>(), 0.1);
    const OrderedJson third = explain("weight w\nloss w / 3\n", {"--at", "w=1"});
    EXPECT_EQ(third["loss"]["value"].get<double>(), 1.0 / 3.0);
}

// --- cross-entropy -------------------------------------------------------------------------------

TEST_F(CliExplainJson, of_cross_entropy_begins_with_a_minus_y_however_it_is_written) {
    for (const char* loss :
         {"Loss(a, t) = binary_cross_entropy(a, t)", "Loss = binary_cross_entropy",
          "Loss(a, t) = -(t * log(a) + (1 - t) * log(1 - a))",
          "Loss(a, t) = -t * log(a) - (1 - t) * log(1 - a)"}) {
        const OrderedJson json = explain(worksheet_functions(loss));
        EXPECT_EQ(json["gradients"][0]["expr"], "(a2 - y) * w2 * a1 * (1 - a1) * x") << loss;
        EXPECT_EQ(json["gradients"][1]["expr"], "(a2 - y) * a1") << loss;
    }
}

TEST_F(CliExplainJson, of_cross_entropy_of_a_logit_is_its_sigmoid_minus_y) {
    const OrderedJson json = explain(
        "input x\ntarget y\nweight w\nz = w * x\nloss binary_cross_entropy_with_logits(z, y)\n");
    EXPECT_EQ(json["gradients"][0]["expr"], "(sigmoid(z) - y) * x");
}

TEST_F(CliExplainJson, of_softmax_and_cross_entropy_is_softmax_minus_one_hot) {
    const OrderedJson json = explain(
        "input x[3]\ntarget y: class(4)\nweight W[4,3], b[4]\nz = W @ x + b\noutput z\n"
        "loss cross_entropy(z, y)\n");
    EXPECT_EQ(json["cotangents"][0]["of"], "z");
    EXPECT_EQ(json["cotangents"][0]["expr"], "softmax(z) - one_hot(y)");
    EXPECT_EQ(json["gradients"][0]["expr"], "delta_z @ x'");
    EXPECT_EQ(json["gradients"][1]["expr"], "delta_z");
}

TEST_F(CliExplainJson, of_cross_entropy_cancels_where_nothing_before_the_sigmoid_has_a_name) {
    const OrderedJson regression = explain(
        "input x[3]\ntarget y\nweight w[3], b\np = sigmoid(w @ x + b)\noutput p\n"
        "loss binary_cross_entropy(p, y)\n");
    EXPECT_EQ(regression["gradients"][0]["expr"], "(p - y) * x");
    EXPECT_EQ(regression["gradients"][1]["expr"], "p - y");
    const OrderedJson layer = explain(
        "input x[3]\ntarget y[2]\nweight W[2,3], b[2]\np = sigmoid(W @ x + b)\noutput p\n"
        "loss binary_cross_entropy(p, y)\n");
    EXPECT_EQ(layer["gradients"][0]["expr"], "(p - y) @ x'");
    EXPECT_EQ(layer["gradients"][1]["expr"], "p - y");
}

// At some of the points that these names draw, p is 1 but for the last bits, and differences of its
// cross-entropy are rounding. That is no bug, and must not be called one.
TEST_F(CliExplainJson, is_not_alarmed_by_a_probability_that_has_all_but_rounded_to_1) {
    const OrderedJson gelu = explain(
        "input xe23[1]\ntarget yg20[2]\nweight Wb17[4,1], bh16[4], Vc0[2,4], ca26[2]\n"
        "h = gelu(Wb17 @ xe23 + bh16)\ns = Vc0 @ h + ca26\np = sigmoid(s)\noutput p\n"
        "loss binary_cross_entropy(p, yg20)\n");
    EXPECT_EQ(gelu["gradients"][0]["verified"]["points"], 20);
    const OrderedJson silu = explain(
        "input xa8[1]\ntarget yb37[1]\nweight We36[5,1], bg84[5], Vd4[1,5], cg58[1]\n"
        "h = silu(We36 @ xa8 + bg84)\ns = Vd4 @ h + cg58\np = sigmoid(s)\noutput p\n"
        "loss binary_cross_entropy(p, yb37)\n");
    EXPECT_EQ(silu["gradients"][0]["verified"]["points"], 20);
}

// --- matrices ------------------------------------------------------------------------------------

TEST_F(CliExplainJson, gives_a_tensor_as_nested_arrays_in_the_shape_of_its_variable) {
    const OrderedJson json = explain("input x[2]\nweight W[3,2]\nz = W @ x\nloss sum(z^2)\n",
                                     {"--at", "x=[1,2]", "--at", "W=[[1,0],[0,1],[1,1]]"});
    EXPECT_EQ(json["forward"][0]["value"], OrderedJson({1, 2, 3}));
    EXPECT_EQ(json["gradients"][0]["value"], (OrderedJson{{2, 4}, {4, 8}, {6, 12}}));
}

TEST_F(CliExplainJson, writes_numbers_that_are_not_finite_as_strings) {
    const OrderedJson json =
        explain("weight a, b, c\nu = log(a)\nv = -log(b)\nt = log(c)\nloss u + v + t\n",
                {"--at", "a=0", "--at", "b=0", "--at", "c=-1"});
    EXPECT_EQ(json["forward"][0]["value"], "-inf");
    EXPECT_EQ(json["forward"][1]["value"], "inf");
    EXPECT_EQ(json["forward"][2]["value"], "nan");
}

}  // namespace
}  // namespace chainrule::tests
