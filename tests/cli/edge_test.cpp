// Networks at the edge of the language, through the program: it explains them and checks them.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>

#include "data/test_files.h"

namespace chainrule {
namespace {

struct Outcome {
    int exit_code = -1;
    std::string out;
    std::string err;
};

class CliEdge : public testing::Test {
protected:
    Outcome run(const std::string& network, const std::string& arguments) {
        folder_.write("net.nn", network);
        const std::string command = "cd " + (folder_ / "") + " && " CHAINRULE_PROGRAM " " +
                                    arguments + " > out.txt 2> err.txt";
        const int status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_bytes(folder_ / "out.txt"),
                read_bytes(folder_ / "err.txt")};
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

}  // namespace
}  // namespace chainrule
