// The command line's contract: exit codes, streams, where input comes from, what help shows.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule::tests {
namespace {

using Json = nlohmann::json;

class CliCommandLine : public testing::Test {
protected:
    void SetUp() override {
        folder_.write("worksheet.nn", worksheet);
        folder_.write("wrong.nn", "input x\nweight w\nloss x * ww\n");
    }

    ProgramRun run(const std::vector<std::string>& arguments,
                   Surroundings surroundings = {}) const {
        surroundings.folder = folder_ / "";
        return run_program(arguments, surroundings);
    }

    // The worksheet with its functions given.
    ProgramRun run_given(const std::string& command, const std::vector<std::string>& options = {},
                         const Surroundings& surroundings = {}) const {
        std::vector<std::string> arguments{command, "worksheet.nn"};
        const std::vector<std::string> functions = worksheet_functions();
        arguments.insert(arguments.end(), functions.begin(), functions.end());
        arguments.insert(arguments.end(), options.begin(), options.end());
        return run(arguments, surroundings);
    }

    TempFolder folder_;
};

// --- exit codes ----------------------------------------------------------------------------------

TEST_F(CliCommandLine, ends_with_0_and_no_word_on_standard_error_when_all_is_well) {
    const std::vector<std::vector<std::string>> commands{{"explain", "worksheet.nn"},
                                                         {"check", "worksheet.nn"},
                                                         {"draw", "worksheet.nn"},
                                                         {"dump", "worksheet.nn"}};
    for (const auto& command : commands) {
        const ProgramRun all_is_well = run(command);
        EXPECT_EQ(all_is_well.exit_code, 0) << command[0];
        EXPECT_EQ(all_is_well.err, "") << command[0];
        EXPECT_NE(all_is_well.out, "") << command[0];
    }
}

TEST_F(CliCommandLine, ends_with_1_and_no_word_on_standard_output_when_the_input_is_wrong) {
    for (const char* command : {"explain", "check", "draw", "dump", "train"}) {
        for (const char* file : {"wrong.nn", "missing.nn", "."}) {
            std::vector<std::string> arguments{command, file};
            if (std::string(command) == "train") {
                arguments.insert(arguments.end(), {"--data", "none.csv"});
            }
            const ProgramRun refused = run(arguments);
            EXPECT_EQ(refused.exit_code, 1) << command << " " << file << "\n" << refused.err;
            EXPECT_EQ(refused.out, "") << command << " " << file;
            EXPECT_TRUE(contains(refused.err, "error: ")) << refused.err;
        }
    }
}

TEST_F(CliCommandLine, ends_with_2_when_it_is_called_wrongly) {
    const std::vector<std::vector<std::string>> commands{
        {},
        {"explane", "worksheet.nn"},
        {"explain"},
        {"explain", "worksheet.nn", "more.nn"},
        {"explain", "worksheet.nn", "--formt", "json"},
        {"explain", "worksheet.nn", "--format", "pdf"},
        {"explain", "worksheet.nn", "--rate", "fast"},
        {"check", "worksheet.nn", "--answers"},
        {"train", "worksheet.nn", "--scale", "some"}};
    for (const auto& command : commands) {
        const ProgramRun refused = run(command);
        EXPECT_EQ(refused.exit_code, 2) << testing::PrintToString(command) << refused.err;
        EXPECT_EQ(refused.out, "");
        EXPECT_NE(refused.err, "");
    }
}

TEST_F(CliCommandLine, ends_with_4_for_what_it_cannot_do_and_says_so) {
    folder_.write("second.nn",
                  "input x[2]\ntarget y[2]\nweight w[2]\nfunction Loss\na = x * w\n"
                  "loss sum(D(Loss, 1)(a, y))\n");
    const ProgramRun refused = run({"explain", "second.nn"});
    EXPECT_EQ(refused.exit_code, 4);
    EXPECT_TRUE(contains(refused.err, "error: not supported: the second derivative"))
        << refused.err;
    EXPECT_EQ(refused.out, "");
}

TEST_F(CliCommandLine, ends_with_1_when_an_answer_is_wrong) {
    folder_.write("answers.txt", "dLoss/dw2 = (a2 - y) * a2 * (1 + a2) * a1\n");
    const ProgramRun wrong = run_given("check", {"--answers", "answers.txt"});
    EXPECT_EQ(wrong.exit_code, 1);
    EXPECT_TRUE(contains(wrong.out, "1: wrong")) << wrong.out;
    EXPECT_EQ(wrong.err, "") << "marking is a result";
}

TEST_F(CliCommandLine, ends_with_1_when_its_output_has_no_room) {
    folder_.write("answers.txt", "z1 = x * w1\n");
    folder_.write("line.csv", "x,y\n1,2\n2,4\n");
    folder_.write("line.nn", "input x\ntarget y\nweight w = 1\nloss (w * x - y)^2\n");
    ASSERT_EQ(run({"train", "line.nn", "--data", "line.csv", "-o", "m"}).exit_code, 0);
    const std::vector<std::vector<std::string>> commands{
        {"--help"},
        {"--help-all"},
        {"--version"},
        {"help"},
        {"help", "train"},
        {"train", "--help"},
        {"ops"},
        {"inspect", "line.csv"},
        {"evaluate", "m", "--data", "line.csv"},
        {"predict", "m", "--data", "line.csv"},
        {"explain", "worksheet.nn"},
        {"explain", "worksheet.nn", "--format", "json"},
        {"explain", "worksheet.nn", "--format", "html"},
        {"check", "worksheet.nn"},
        {"check", "worksheet.nn", "--json"},
        {"check", "worksheet.nn", "--answers", "answers.txt"},
        {"draw", "worksheet.nn"},
        {"dump", "worksheet.nn"}};
    for (const auto& command : commands) {
        const ProgramRun refused = run(command, {.out_path = "/dev/full"});
        EXPECT_EQ(refused.exit_code, 1) << testing::PrintToString(command);
        EXPECT_EQ(
            refused.err,
            "error: cannot write to standard output: is the disk full, or who reads it gone?\n")
            << testing::PrintToString(command);
    }
    const ProgramRun trained =
        run({"train", "line.nn", "--data", "line.csv"}, {.out_path = "/dev/full"});
    EXPECT_EQ(trained.exit_code, 1);
    EXPECT_TRUE(contains(trained.err, "error: cannot write to standard output")) << trained.err;
}

TEST_F(CliCommandLine, takes_either_name_of_the_file_to_write) {
    folder_.write("line.csv", "x,y\n1,2\n2,4\n");
    folder_.write("line.nn", "input x\ntarget y\nweight w = 1\nloss (w * x - y)^2\n");
    const std::vector<std::vector<std::string>> commands{{"train", "line.nn", "--data", "line.csv"},
                                                         {"predict", "m", "--data", "line.csv"},
                                                         {"explain", "line.nn"},
                                                         {"draw", "line.nn"}};
    ASSERT_EQ(run({"train", "line.nn", "--data", "line.csv", "-o", "m"}).exit_code, 0);
    for (const std::vector<std::string>& command : commands) {
        std::vector<std::string> written;
        for (const char* name : {"-o", "--out", "--output"}) {
            std::vector<std::string> arguments = command;
            arguments.insert(arguments.end(), {name, "written.dot"});
            const ProgramRun outcome = run(arguments);
            EXPECT_EQ(outcome.exit_code, 0) << testing::PrintToString(arguments) << outcome.err;
            written.push_back(read_bytes(folder_ / "written.dot"));
            std::filesystem::remove(folder_ / "written.dot");
            arguments.back() = "";
            const ProgramRun refused = run(arguments);
            EXPECT_EQ(refused.exit_code, 2) << testing::PrintToString(arguments);
            EXPECT_TRUE(contains(refused.err, "it is empty: give the path of a file"))
                << refused.err;
        }
        EXPECT_FALSE(written[0].empty());
        EXPECT_EQ(written, std::vector<std::string>(3, written[0])) << command[0];
    }
}

// --- warnings ------------------------------------------------------------------------------------

TEST_F(CliCommandLine, warns_of_an_unreached_weight_and_goes_on) {
    folder_.write("unreached.nn", "input x\nweight w, u\nloss x * w\n");
    for (const char* command : {"explain", "check"}) {
        const ProgramRun warned = run({command, "unreached.nn"});
        EXPECT_EQ(warned.exit_code, 0);
        EXPECT_EQ(warned.err,
                  "unreached.nn:2:11: warning: the loss does not depend on u, so that its gradient "
                  "is 0\n"
                  "  2 | weight w, u\n"
                  "    |           ^\n");
    }
    const Json json = Json::parse(run({"explain", "unreached.nn", "--format", "json"}).out);
    EXPECT_EQ(json["gradients"][1]["expr"], "0");
    EXPECT_EQ(json["update"][1]["expr"], "u");
}

// --- input ---------------------------------------------------------------------------------------

TEST_F(CliCommandLine, reads_the_network_from_standard_input) {
    const ProgramRun from_file = run({"explain", "worksheet.nn", "--format", "json"});
    const ProgramRun from_input = run({"explain", "-", "--format", "json"}, {.input = worksheet});
    EXPECT_EQ(from_input.exit_code, 0) << from_input.err;
    Json expected = Json::parse(from_file.out);
    Json found = Json::parse(from_input.out);
    EXPECT_EQ(found["gradients"], expected["gradients"]);
    EXPECT_EQ(found["forward"], expected["forward"]);
}

TEST_F(CliCommandLine, reads_answers_from_standard_input) {
    const ProgramRun marked = run_given("check", {"--answers", "-"}, {.input = "z1 = x * w1\n"});
    EXPECT_EQ(marked.exit_code, 0) << marked.err;
    EXPECT_EQ(marked.out, "1: right  z1 = x * w1\n1 of 1 lines right\n");
}

TEST_F(CliCommandLine, takes_values_from_a_file_and_from_options_alike) {
    folder_.write("at.json", R"({"x": 0.5, "y": 1, "w1": 0.8, "w2": -0.4})");
    const ProgramRun from_file = run_given("explain", {"--format", "json", "--at-file", "at.json"});
    const ProgramRun from_options = run_given(
        "explain",
        {"--format", "json", "--at", "x=0.5", "--at", "y=1", "--at", "w1=0.8", "--at", "w2=-0.4"});
    EXPECT_EQ(from_file.exit_code, 0) << from_file.err;
    EXPECT_EQ(from_file.out, from_options.out);
    EXPECT_TRUE(contains(from_file.out, "\"value\":0.15656728489081567"));
}

TEST_F(CliCommandLine, refuses_values_that_do_not_fit) {
    folder_.write("at.json", R"({"x": 0.5, )");
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
        {{"--at", "x"}, "error: --at x: expected NAME=VALUE, like x=0.5\n"},
        {{"--at", "q=1"}, "error: --at q: the network has no such name\n"},
        {{"--at", "x=[1,2]"}, "error: --at x: the value has shape [2], and x is declared []\n"},
        {{"--at-file", "none.json"}, "error: --at-file none.json: cannot be read\n"},
        {{"--at-file", "at.json"}, "error: --at-file at.json: not JSON"},
        {{"--wrt", "w3"}, "error: --wrt w3: the network has no such name"}};
    for (const auto& [options, message] : cases) {
        const ProgramRun refused = run_given("explain", options);
        EXPECT_EQ(refused.exit_code, 1) << message;
        EXPECT_EQ(refused.err.substr(0, message.size()), message);
        EXPECT_EQ(refused.out, "");
    }
}

TEST_F(CliCommandLine, derives_by_what_wrt_names_and_in_its_order) {
    for (const auto& wrt : {std::vector<std::string>{"--wrt", "w2,z1,x"},
                            std::vector<std::string>{"--wrt", "w2", "--wrt", "z1", "--wrt", "x"}}) {
        std::vector<std::string> options = wrt;
        options.insert(options.end(), {"--format", "json"});
        const Json json = Json::parse(run_given("explain", options).out);
        ASSERT_EQ(json["gradients"].size(), 3U);
        EXPECT_EQ(json["gradients"][0]["of"], "w2");
        EXPECT_EQ(json["gradients"][1]["of"], "z1");
        EXPECT_EQ(json["gradients"][1]["expr"], "(a2 - y) * a2 * (1 - a2) * w2 * a1 * (1 - a1)");
        EXPECT_EQ(json["gradients"][2]["expr"],
                  "(a2 - y) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * w1");
        ASSERT_EQ(json["update"].size(), 1U) << "only weights are updated";
        EXPECT_EQ(json["update"][0]["weight"], "w2");
    }
}

TEST_F(CliCommandLine, writes_to_a_file_what_it_would_print) {
    const ProgramRun printed = run({"explain", "worksheet.nn"});
    const ProgramRun written = run({"explain", "worksheet.nn", "-o", "out.txt"});
    EXPECT_EQ(written.exit_code, 0);
    EXPECT_EQ(written.out, "");
    EXPECT_EQ(read_bytes(folder_ / "out.txt"), printed.out);
}

// --- what it looks like --------------------------------------------------------------------------

TEST_F(CliCommandLine, uses_no_colour_where_there_is_no_terminal) {
    for (const char* command : {"explain", "check", "dump"}) {
        EXPECT_FALSE(contains(run({command, "worksheet.nn"}).out, "\x1b")) << command;
    }
    EXPECT_FALSE(contains(run({"explain", "wrong.nn"}).err, "\x1b"));
}

// script(1) of util-linux gives a command a terminal.
TEST_F(CliCommandLine, uses_colour_on_a_terminal_unless_told_not_to) {
    const std::string command = std::string(CHAINRULE_PROGRAM) + " explain worksheet.nn";
    const auto on_a_terminal = [&](const std::string& no_colour) {
        return run_any(
            {"script", "-qec", command, "/dev/null"},
            {.folder = folder_ / "", .environment = {{"TERM", "xterm"}, {"NO_COLOR", no_colour}}});
    };
    const ProgramRun coloured = on_a_terminal("");
    if (coloured.exit_code != 0) {
        GTEST_SKIP() << "no script(1) here";
    }
    EXPECT_TRUE(contains(coloured.out, "\x1b["));
    EXPECT_FALSE(contains(on_a_terminal("1").out, "\x1b"));
}

TEST_F(CliCommandLine, shows_an_example_in_the_help_of_each_command) {
    for (const char* command :
         {"explain", "check", "draw", "train", "evaluate", "predict", "inspect", "dump", "ops"}) {
        const ProgramRun help = run({command, "--help"});
        EXPECT_EQ(run({"help", command}).out, help.out);
        EXPECT_EQ(help.exit_code, 0);
        EXPECT_EQ(help.err, "");
        EXPECT_TRUE(contains(help.out, std::string("Example:\n  chainrule ") + command + " "))
            << help.out;
    }
    const ProgramRun help = run({"--help"});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_TRUE(contains(help.out, "Example:\n  chainrule explain "));
    EXPECT_EQ(run({"help"}).out, help.out);
    EXPECT_EQ(run({"help", "nothing"}).exit_code, 2);
}

TEST_F(CliCommandLine, checks_in_json_as_one_object) {
    const Json checked = Json::parse(run_given("check", {"--json"}).out);
    EXPECT_EQ(checked["ok"], true);
    ASSERT_EQ(checked["weights"].size(), 2U);
    EXPECT_EQ(checked["weights"][0]["of"], "w1");
    EXPECT_LT(checked["weights"][0]["max_relative_error"], 1e-6);
    EXPECT_GT(checked["weights"][0]["elements"], 0);
}

TEST_F(CliCommandLine, prints_every_format) {
    const std::vector<std::pair<std::string, std::string>> formats{
        {"text", "dLoss/dw2 = dLoss/da2 * da2/dz2 * dz2/dw2"},
        {"latex", "\\documentclass"},
        {"markdown", "# worksheet.nn"},
        {"html", "<!DOCTYPE html>"},
        {"json", "{\"network\":\"worksheet.nn\""}};
    for (const auto& [format, part] : formats) {
        const ProgramRun printed = run({"explain", "worksheet.nn", "--format", format});
        EXPECT_EQ(printed.exit_code, 0);
        EXPECT_TRUE(contains(printed.out, part)) << format << "\n" << printed.out.substr(0, 400);
        EXPECT_TRUE(printed.out.ends_with('\n')) << format;
    }
}

TEST_F(CliCommandLine, dumps_a_graph_after_each_of_its_passes) {
    for (const char* pass : {"derive", "drop_unused", "rewrite", "collect_terms", "simplify"}) {
        const ProgramRun dumped = run({"dump", "worksheet.nn", "--after", pass});
        EXPECT_EQ(dumped.exit_code, 0) << pass << dumped.err;
        EXPECT_TRUE(contains(dumped.out, "outputs %")) << pass;
    }
    const ProgramRun refused = run({"dump", "worksheet.nn", "--after", "lunch"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_TRUE(contains(refused.err, "no pass is called 'lunch'; the passes are derive"));
    const ProgramRun of_two_kinds =
        run({"dump", "worksheet_given.nn", "--after", "derive", "--emit", "asm"});
    EXPECT_EQ(of_two_kinds.exit_code, 1);
    EXPECT_TRUE(contains(of_two_kinds.err, "--after derive shows the graph as it is read; --emit"))
        << of_two_kinds.err;
}

TEST_F(CliCommandLine, dumps_the_outputs_of_a_network_without_a_loss) {
    folder_.write("forward.nn",
                  "input x[3]\nweight W[2, 3]\nz = W @ x\np = sigmoid(z)\noutput p\n");
    const std::string forward = run({"dump", "forward.nn"}).out;
    EXPECT_TRUE(contains(forward, "sigmoid")) << forward;
    EXPECT_EQ(run({"dump", "forward.nn", "--after", "derive"}).out, forward)
        << "there is nothing to derive";
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
        {{"--after", "simplify"}, "sigmoid"},
        {{"--after", "step"}, "sigmoid"},
        {{"--after", "fold_constants"}, "outputs %"},
        {{"--after", "fuse"}, "plan for at most 32 examples in f32"},
        {{"--check-each-pass", "--dtype", "f64"}, "plan for at most 32 examples in f64"},
        {{"--emit", "llvm"}, "define "},
        {{"--emit", "asm"}, "ret"},
        {{"--time-passes"}, "plan for"}};
    for (const auto& [options, part] : cases) {
        std::vector<std::string> arguments{"dump", "forward.nn"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const ProgramRun dumped = run(arguments);
        EXPECT_EQ(dumped.exit_code, 0) << testing::PrintToString(options) << dumped.err;
        EXPECT_TRUE(contains(dumped.out, part)) << testing::PrintToString(options) << dumped.out;
    }
    folder_.write("abstract.nn", "input x\nfunction f\np = f(x)\noutput p\n");
    const ProgramRun refused = run({"dump", "abstract.nn", "--emit", "asm"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_TRUE(contains(refused.err, "f is abstract, and numbers are computed here"))
        << refused.err;
}

TEST_F(CliCommandLine, names_the_commands_to_who_gives_none_of_them) {
    const std::string commands =
        "explain, check, draw, train, evaluate, predict, inspect, dump, ops, help\n";
    EXPECT_EQ(run({}).err.find("a command is missing: " + commands), 0U);
    const ProgramRun misspelt = run({"trian", "net.nn"});
    EXPECT_EQ(misspelt.exit_code, 2);
    EXPECT_EQ(misspelt.err.find("trian is none of the commands: " + commands), 0U) << misspelt.err;
    EXPECT_EQ(run({"train"}).err.find("FILE is required"), 0U);
}

}  // namespace
}  // namespace chainrule::tests
