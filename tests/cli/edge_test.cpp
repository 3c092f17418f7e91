// Networks at the edge of the language, through the program: it explains them and checks them.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule {
namespace {

using Outcome = tests::ProgramRun;

class CliEdge : public testing::Test {
protected:
    Outcome run(const std::string& network, const std::string& arguments) {
        folder_.write("net.nn", network);
        return tests::run_line(arguments, folder_ / "");
    }

    nlohmann::json explain(const std::string& network) {
        const Outcome outcome = run(network, "explain net.nn --format json");
        EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
        return outcome.exit_code == 0 ? nlohmann::json::parse(outcome.out) : nlohmann::json();
    }

    TempFolder folder_;
};

TEST_F(CliEdge, checks_a_weight_that_the_loss_does_not_reach) {
    const Outcome outcome = run("weight w, v\nloss w^2\n", "check net.nn");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_NE(outcome.err.find("the loss does not depend on v"), std::string::npos);
}

TEST_F(CliEdge, shows_an_update_that_changes_nothing_in_every_format) {
    for (const std::string format : {"text", "latex", "markdown", "html", "json"}) {
        const Outcome outcome = run("weight w, v\nloss w\n", "explain net.nn --format " + format);
        EXPECT_EQ(outcome.exit_code, 0) << format << ": " << outcome.err;
    }
    EXPECT_NE(run("weight w, v\nloss w\n", "explain net.nn").out.find("v <- v"), std::string::npos);
}

TEST_F(CliEdge, explains_a_network_whose_names_make_a_quotient_that_reads_as_a_derivative) {
    const auto gradients =
        explain("weight w, dz, dw\nz = w^3\ns = dz / dw\nloss s^2 * z\n")["gradients"];
    ASSERT_EQ(gradients.size(), 3U);
    EXPECT_EQ(gradients[0]["chain"], "dLoss/dz * dz/dw");
    EXPECT_EQ(gradients[0]["expr"], "3 * s^2 * w^2");
}

TEST_F(CliEdge, keeps_the_mask_of_a_where_over_a_pole) {
    EXPECT_EQ(explain("weight w\nloss where(w > 0, log(w), 0)\n")["gradients"][0]["expr"],
              "where(w > 0, 1 / w, 0)");
}

TEST_F(CliEdge, takes_an_op_without_operands) {
    EXPECT_EQ(explain("weight w[2]\nloss sum(eye(2) @ w)\n")["loss"]["expr"], "sum(eye(2) @ w)");
}

TEST_F(CliEdge, holds_what_is_stopped_while_it_takes_differences) {
    const std::string network = "weight w\nz = w^2\nloss z * stop_gradient(z)\n";
    const auto gradient = explain(network)["gradients"][0];
    EXPECT_EQ(gradient["expr"], "2 * stop_gradient(z) * w");
    EXPECT_GT(gradient["verified"]["points"], 0);
    EXPECT_EQ(run(network, "check net.nn").exit_code, 0);
}

TEST_F(CliEdge, writes_powers_of_ten_in_latex) {
    const auto json = explain("weight w\nloss sqrt(w^2 + 1e-5)\n");
    EXPECT_EQ(json["loss"]["expr"], "sqrt(w^2 + 1e-05)");
    EXPECT_EQ(json["gradients"][0]["partials"][0]["latex"].get<std::string>().find("1e-05"),
              std::string::npos);
    const Outcome latex = run("weight w\nloss sqrt(w^2 + 1e-5)\n", "explain net.nn --format latex");
    EXPECT_NE(latex.out.find("1 \\cdot 10^{-5}"), std::string::npos);
    EXPECT_EQ(latex.out.find("1e-05"), std::string::npos);
}

TEST_F(CliEdge, substitutes_only_as_far_as_can_be_read) {
    std::string network = "input x\nweight w\nh0 = x * w\n";
    for (int i = 1; i <= 30; ++i) {
        const std::string before = "h" + std::to_string(i - 1);
        network += "h" + std::to_string(i) + " = " + before + " * " + before + "\n";
    }
    const auto json = explain(network + "loss h30\n");
    EXPECT_LT(json["loss"]["substituted"].get<std::string>().size(), 20'000U);
    EXPECT_GT(json["gradients"][0]["verified"]["points"], 0);
}

TEST_F(CliEdge, says_when_a_network_is_too_large_to_be_tried_out) {
    const std::string inverse = "weight A[2000, 2000]\nloss logdet(A)\n";
    const Outcome explained = run(inverse, "explain net.nn");
    EXPECT_EQ(explained.exit_code, 0) << explained.err;
    EXPECT_NE(explained.out.find("not verified: a tensor is too large"), std::string::npos);
    const std::string product = "input x[9999]\nweight W[9999, 9999]\nloss sum((W @ x)^2)\n";
    EXPECT_EQ(run(product, "check net.nn").exit_code, 4);
}

TEST_F(CliEdge, refuses_value_files_that_overflow_or_nest_without_end) {
    const std::string network = "input x\nweight w\nloss (x * w)^2\n";
    folder_.write("at.json", R"({"x": 1e999})");
    const Outcome large = run(network, "explain net.nn --at-file at.json");
    EXPECT_EQ(large.exit_code, 1);
    EXPECT_NE(large.err.find("a number overflows a double"), std::string::npos) << large.err;
    folder_.write("at.json",
                  "{\"x\": " + std::string(200'000, '[') + std::string(200'000, ']') + "}");
    const Outcome deep = run(network, "explain net.nn --at-file at.json");
    EXPECT_EQ(deep.exit_code, 1);
    EXPECT_NE(deep.err.find("nest more than 64 deep"), std::string::npos) << deep.err;
}

TEST_F(CliEdge, writes_over_nothing_that_it_reads) {
    const std::string network = "input x\ntarget y\nweight w = 0\np = w*x\nloss (p - y)^2\n";
    folder_.write("d.csv", "x,y\n1,2\n2,4\n");
    for (const std::string command :
         {"train net.nn --data d.csv --out ./net.nn", "train net.nn --data d.csv --out d.csv",
          "explain net.nn --output net.nn"}) {
        const Outcome outcome = run(network, command);
        EXPECT_EQ(outcome.exit_code, 1) << command;
        EXPECT_NE(outcome.err.find("it is read here"), std::string::npos) << outcome.err;
    }
    EXPECT_EQ(read_bytes(folder_ / "net.nn"), network);
}

// --- marking -------------------------------------------------------------------------------------

class CliMarking : public CliEdge {
protected:
    // The one line of `answer`, marked: its mark and reason.
    nlohmann::json mark(const std::string& network, const std::string& answer) {
        folder_.write("answers.txt", answer + "\n");
        const Outcome outcome = run(network, "check net.nn --answers answers.txt --json");
        EXPECT_LT(outcome.exit_code, 2) << outcome.err;
        return nlohmann::json::parse(outcome.out)["lines"].at(0);
    }

    const std::string paths_ =
        "input x\ntarget y\nweight w\nh = w*x\na = sin(h)\nb = exp(h)\ns = a*b + h\n"
        "loss (s - y)^2\n";
};

TEST_F(CliMarking, takes_an_update_that_is_written_as_an_equation) {
    const std::string network = "input x\nweight w\nz = w * x\nloss z^2\n";
    EXPECT_EQ(mark(network, "w = w - alpha * 2 * z * x")["mark"], "right");
    const auto wrong = mark(network, "w = w + alpha * 2 * z * x");
    EXPECT_EQ(wrong["mark"], "wrong");
    EXPECT_EQ(wrong["reason"], "the sign of the term 2 * alpha * z * x is wrong");
}

TEST_F(CliMarking, refuses_to_mark_a_value_of_an_input) {
    folder_.write("answers.txt", "x = 3\nz = w * x\n");
    const Outcome outcome =
        run("input x\nweight w\nz = w * x\nloss z^2\n", "check net.nn --answers answers.txt");
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(outcome.err.find("answers.txt:1:1: error: x has no equation to be marked"),
              std::string::npos)
        << outcome.err;
    EXPECT_NE(outcome.out.find("2: right  z = w * x"), std::string::npos) << outcome.out;
}

TEST_F(CliMarking, blames_the_path_that_a_product_with_a_sum_leaves_out) {
    EXPECT_EQ(mark(paths_, "dLoss/dh = 2*(s - y)*(b*cos(h) + 1)")["reason"],
              "the path dLoss/ds * ds/db * db/dh is missing");
    EXPECT_EQ(mark(paths_, "dLoss/dh = 2*(s - y)*(b*cos(h) - a*exp(h) + 1)")["reason"],
              "the sign of the path dLoss/ds * ds/db * db/dh is wrong");
}

TEST_F(CliMarking, names_the_one_factor_that_differs_however_the_others_are_written) {
    const std::string network =
        "input x\ntarget y\nweight w\nz = w * x\na = sigmoid(z)\nloss (a - y)^2\n";
    EXPECT_EQ(mark(network, "dLoss/dw = 2*(a - y)*(a - a^2)")["reason"],
              "the factor x (of dz/dw = x) is missing");
    EXPECT_EQ(mark(network, "dLoss/dw = 2*(a - y)*(a - a^2)*w")["reason"],
              "where x (of dz/dw = x) should stand, there is w");
    EXPECT_EQ(mark(network, "z = w + x")["reason"], "where w * x should stand, there is w + x");
}

}  // namespace
}  // namespace chainrule
