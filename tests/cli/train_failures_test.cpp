// `chainrule train` where it goes wrong: what is not finite, what is skipped, which symptoms it
// tells.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli_train.h"
#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule {
namespace {

constexpr const char* logarithm =
    "input x\ntarget y\nweight w = 1\nh = log(w * x)\nloss (h - y)^2\n";

TEST_F(CliTrain, divergence_is_an_error_that_saves_nothing_unlearnt) {
    folder_.write("old.safetensors", "old");
    const Outcome outcome =
        run_on(logarithm, "1,0\n-1,2\n", "--scale none --out old.safetensors --json");
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_TRUE(contains(outcome.err,
                         "net.nn:4:1: error: training stopped at step 1 (epoch 1, "
                         "batch 1): h is the first value that is not finite"))
        << outcome.err;
    EXPECT_TRUE(nlohmann::json::parse(outcome.out).contains("stopped"));
    EXPECT_EQ(read_bytes(folder_ / "old.safetensors"), "old");
}

TEST_F(CliTrain, what_is_not_finite_is_replayed_by_the_command_that_it_prints) {
    folder_.write("log net.nn",
                  "input x\ntarget y\nfunction g\nweight w = 1\nh = g(w * x)\nloss (h - y)^2\n");
    folder_.write("log.csv", "x,y\n1,0\n\n-1,2\n");
    const Outcome outcome =
        run("'log net.nn' --data log.csv --scale none --define 'g(z) = log(z)'");
    EXPECT_EQ(outcome.exit_code, 1);
    const std::string program = CHAINRULE_PROGRAM;
    EXPECT_EQ(
        outcome.err,
        "log net.nn:5:1: error: training stopped at step 1 (epoch 1, batch 1): h is the first "
        "value that is not finite; try a smaller rate than 0.1, or other initial values; the "
        "weights are kept as they were after initialisation\n"
        "  5 | h = g(w * x)\n"
        "    | ^\n"
        "note: row 4 of log.csv makes it, as the network gets it: x = -1, y = 2\n"
        "note: what goes into h: x = -1, w = 1\n"
        "to replay it:\n  " +
            program +
            " explain 'log net.nn' --define 'g(z) = log(z)' --at x=-1 --at y=2 --at w=1\n");
    const std::string command = outcome.err.substr(outcome.err.find(program) + program.size());
    const Outcome replayed = tests::run_line(command.substr(0, command.find('\n')), folder_ / "");
    EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
    EXPECT_TRUE(contains(replayed.out, "= nan")) << replayed.out;
}

TEST_F(CliTrain, a_network_from_standard_input_is_to_be_saved_for_its_replay) {
    folder_.write("log.csv", "x,y\n1,0\n-1,2\n");
    const auto from_input = [&](std::vector<std::string> more, const std::string& network) {
        more.insert(more.begin(), {"train", "-", "--data", "log.csv", "--scale", "none"});
        return tests::run_program(more, {.folder = folder_ / "", .input = network}).err;
    };
    EXPECT_TRUE(
        contains(from_input({}, logarithm), "to replay it, with the network saved as net.nn:\n  " +
                                                std::string(CHAINRULE_PROGRAM) +
                                                " explain net.nn --at x=-1 --at y=2 --at w=1\n"));
    const std::string wide =
        "input x\ntarget y\nweight w[60] = 1\nh = log(sum(w) * x)\nloss (h - y)^2\n";
    EXPECT_TRUE(contains(from_input({}, wide), "to replay it, with the same standard input:\n  " +
                                                   std::string(CHAINRULE_PROGRAM) +
                                                   " train - --data log.csv"));
}

// More numbers than a command holds: the training itself, from what was saved before.
TEST_F(CliTrain, a_large_network_is_replayed_by_training_on_from_the_last_epoch) {
    folder_.write("wide.nn",
                  "input x\ntarget y\nweight W[60] ~ normal(0, 1)\nweight b = 0\n"
                  "p = sum(W) * x + b\nloss squared_error(p, y)\n");
    const std::string arguments =
        "wide.nn --data line.csv --rate 0.3 --epochs 99 --batch 4 --out m.safetensors";
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 1);
    const std::string start = "to replay it:\n  " + std::string(CHAINRULE_PROGRAM) + " ";
    const std::size_t at = outcome.err.find(start);
    ASSERT_NE(at, std::string::npos) << outcome.err;
    const std::string command = outcome.err.substr(at + start.size());
    EXPECT_EQ(command, "train " + arguments + " --resume m.safetensors\n");
    const Outcome replayed = tests::run_line(command.substr(0, command.find('\n')), folder_ / "");
    EXPECT_EQ(replayed.exit_code, 1);
    const auto message = [](const std::string& err) {
        const std::size_t from = err.find("training stopped");
        return err.substr(from, err.find('\n', from) - from);
    };
    EXPECT_EQ(message(replayed.err), message(outcome.err));
}

TEST_F(CliTrain, skips_steps_where_asked_and_says_how_many) {
    const std::string rows = "1,0\n2,1\n-1,2\n3,1\n";
    const std::string skipping = "--scale none --batch 1 --rate 0.01 --on-nan skip --epochs 2";
    const Outcome text = run_on(logarithm, rows, skipping);
    EXPECT_EQ(text.exit_code, 0) << text.err;
    EXPECT_TRUE(contains(text.out,
                         "skipped 2 steps that would have made a NaN or an infinity, the first at "
                         "step 1 (epoch 1, batch 1): h is the first value that is not finite\n"))
        << text.out;
    const Outcome outcome = run_on(logarithm, rows, skipping + " --json");
    EXPECT_EQ(
        nlohmann::json::parse(outcome.out)["skipped"],
        nlohmann::json::parse(R"({"steps":2,"first":{"step":1,"message":"at step 1 (epoch 1, )"
                              R"(batch 1): h is the first value that is not finite"}})"));
    EXPECT_EQ(run_on(logarithm, rows, "--on-nan pass").exit_code, 2);
    EXPECT_TRUE(contains(run_on(logarithm, rows, "--on-nan skip --optimizer lbfgs").err,
                         "--on-nan is skip: lbfgs works on the whole data in every step"));
}

TEST_F(CliTrain, a_fold_that_fails_is_replayed_by_the_command_that_it_prints) {
    const std::string program = CHAINRULE_PROGRAM;
    const Outcome outcome =
        run_on(logarithm, "x,y\n1,0\n-1,2\n3,1\n2,1\n", "--scale none --folds 2");
    EXPECT_EQ(outcome.exit_code, 1);
    const std::size_t at = outcome.err.find("to replay it:\n  " + program);
    ASSERT_NE(at, std::string::npos) << outcome.err;
    const std::string command = outcome.err.substr(outcome.err.find(program, at) + program.size());
    EXPECT_TRUE(command.starts_with(" explain net.nn --at x=-1 --at y=2 --at w=")) << command;
    const Outcome replayed = tests::run_line(command.substr(0, command.find('\n')), folder_ / "");
    EXPECT_TRUE(contains(replayed.out, "= nan")) << replayed.out << replayed.err;
    // More numbers than a command holds: the same cross-validation.
    folder_.write("wide.nn",
                  "input x\ntarget y\nweight W[60] ~ normal\np = sum(W) * x\n"
                  "loss squared_error(p, y)\n");
    const std::string arguments = "wide.nn --data line.csv --rate 1e20 --epochs 9 --folds 2";
    EXPECT_TRUE(
        contains(run(arguments).err, "to replay it:\n  " + program + " train " + arguments + "\n"));
}

TEST_F(CliTrain, tells_why_the_loss_of_the_test_file_is_not_finite) {
    folder_.write("test.csv", "x,y\n1,0\n-1,2\n");
    const Outcome outcome =
        run_on("input x\ntarget y\nweight w = 1\nh = log(x)\nloss (w * h - y)^2\n",
               "x,y\n1,0\n2,1\n", "--test test.csv --scale none");
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_TRUE(
        contains(outcome.err,
                 "net.nn:4:1: warning: the loss of the test part is nan: h is the first value "
                 "that is not finite, and the data alone makes it so\n"))
        << outcome.err;
    EXPECT_TRUE(contains(outcome.err, "note: row 3 of test.csv makes it by its column x, as"))
        << outcome.err;
    EXPECT_TRUE(contains(outcome.err, " explain net.nn --at x=-1 --at y=2 --at w=")) << outcome.err;
}

TEST_F(CliTrain, what_is_learnt_is_saved_where_the_table_finds_no_room) {
    const Outcome refused =
        run("line.nn --data line.csv --epochs 100000 --out full.safetensors "
            "--checkpoint-every 1000 > /dev/full");
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_TRUE(contains(refused.err, "saved to full.safetensors\ninterrupted; to go on:\n"))
        << refused.err;
    EXPECT_EQ(tests::run_line("predict full.safetensors --data line.csv", folder_ / "").exit_code,
              0);
}

// Places that are data are checked as they are used, those of a test file when all is learnt.
TEST_F(CliTrain, an_index_of_the_test_file_that_is_no_place_costs_no_weights) {
    folder_.write("table.nn",
                  "input c\ntarget y\nweight E[5] ~ normal(0, 1)\no = gather(E, c)\noutput o\n"
                  "loss squared_error(o, y)\n");
    folder_.write("places.csv", "c,y\n1,2\n0,1\n3,1\n4,2\n");
    folder_.write("stray.csv", "c,y\n1,2\n7,1\n");
    const Outcome stray =
        run("table.nn --data places.csv --test stray.csv --scale none --batch 2 --epochs 3 "
            "--out table.safetensors");
    EXPECT_EQ(stray.exit_code, 1);
    EXPECT_TRUE(contains(stray.err,
                         "gather has no place 7 among 5, which are whole numbers from 0; the "
                         "weights are kept as they were after epoch 3"))
        << stray.err;
    // What draws examples draws places that there are.
    for (const char* const command :
         {"predict table.safetensors --data places.csv", "explain table.nn", "check table.nn",
          "explain table.nn --at c=2", "dump table.nn --check-each-pass"}) {
        const Outcome drawn = tests::run_line(command, folder_ / "");
        EXPECT_EQ(drawn.exit_code, 0) << command << drawn.err;
    }
}

TEST_F(CliTrain, tells_of_symptoms_when_they_are_seen_and_in_json) {
    folder_.write("same.nn",
                  "input x\ntarget y\nweight w[4] = 0.5, v[4] = 0.5\nh = tanh(w * x)\n"
                  "loss squared_error(v @ h, y)\n");
    const std::string told =
        "all 4 units of h are the same and will stay the same, because w begins with equal "
        "numbers: "
        "let it begin with `~ xavier_normal`";
    const Outcome outcome = run("same.nn --data line.csv --rate 0.01 --json");
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.err, "same.nn:3:8: warning: " + told +
                               "\n  3 | weight w[4] = 0.5, v[4] = 0.5\n    |        ^\n");
    EXPECT_EQ(nlohmann::json::parse(outcome.out)["symptoms"],
              nlohmann::json::parse(R"([{"name":"identical_units","epoch":0,"message":")" + told +
                                    "\"}]"));
    const Outcome healthy = run("line.nn --data line.csv --json");
    EXPECT_EQ(healthy.err, "");
    EXPECT_FALSE(nlohmann::json::parse(healthy.out).contains("symptoms"));
}

TEST_F(CliTrain, tells_of_columns_that_scale_none_leaves_far_apart) {
    const std::string line =
        "input x[2]\ntarget y\nweight w[2] = 0\nloss squared_error(w @ x, y)\n";
    const std::string rows = "age,pay,y\n0.4,50000,1\n0.2,20000,2\n0.5,70000,3\n";
    const Outcome outcome = run_on(line, rows, "--scale none --rate 1e-12 --epochs 1 --json");
    EXPECT_TRUE(
        contains(outcome.err,
                 "net.nn:1:7: warning: the input x is not scaled: pay is about 5.1e4 beside "
                 "age of at most 0.5, which makes training slow or unstable; standardise "
                 "its columns (tables are, unless --scale none), or divide in the network"))
        << outcome.err;
    EXPECT_EQ(run_on(line, rows, "--epochs 1 --json").err, "");
}
}  // namespace
}  // namespace chainrule
