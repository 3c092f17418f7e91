// `chainrule evaluate` and `chainrule predict` from outside, on what `chainrule train` saved.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule {
namespace {

using tests::ProgramRun;
using tests::run_program;

// Rows of two numbers and a category; some cells are missing.
std::string table_of(unsigned first, std::size_t rows) {
    const std::vector<std::string> colours{"red", "green", "blue"};
    std::string text = "a,colour,b,kind\n";
    unsigned state = first;
    const auto next = [&](unsigned below) {
        state = state * 1664525U + 1013904223U;
        return (state >> 16) % below;
    };
    for (std::size_t i = 0; i < rows; ++i) {
        const unsigned a = next(100);
        const unsigned b = next(1000);
        const std::string colour = colours[next(3)];
        const bool yes = a + (colour == "red" ? 20 : 0) + b / 20 > 80;
        text += std::to_string(a) + "," + colour + "," + (next(20) == 0 ? "" : std::to_string(b)) +
                (yes ? ",yes\n" : ",no\n");
    }
    return text;
}

class ModelCommands : public testing::Test {
protected:
    void SetUp() override {
        folder_.write("net.nn",
                      "input x[5]\ntarget y: class(2)\nh = dense(x, 8, tanh)\n"
                      "z = dense(h, 2, identity)\noutput z\nloss cross_entropy(z, y)\n");
        folder_.write("train.csv", table_of(1, 200));
        folder_.write("test.csv", table_of(2, 80));
        trained_ = run({"train", "net.nn", "--data", "train.csv", "--test", "test.csv", "--epochs",
                        "5", "--out", "m.safetensors", "--json"});
        ASSERT_EQ(trained_.exit_code, 0) << trained_.err;
    }

    ProgramRun run(const std::vector<std::string>& arguments, const std::string& input = "",
                   const std::string& out_path = "") {
        return run_program(arguments,
                           {.folder = folder_ / "", .input = input, .out_path = out_path});
    }

    ProgramRun predict(const std::string& data, std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"predict", "m.safetensors", "--data", "-"});
        return run(more, data);
    }

    // A network and rows of the test's own, to own.safetensors.
    void train_on(const std::string& network, const std::string& rows) {
        folder_.write("own.nn", network);
        folder_.write("own.csv", rows);
        const ProgramRun trained =
            run({"train", "own.nn", "--data", "own.csv", "--out", "own.safetensors"});
        ASSERT_EQ(trained.exit_code, 0) << trained.err;
    }

    // Exit code 1 and these words, and nothing on standard output.
    void expect_refusal(const ProgramRun& outcome, const std::string& words) {
        EXPECT_EQ(outcome.exit_code, 1);
        EXPECT_EQ(outcome.out, "");
        EXPECT_NE(outcome.err.find(words), std::string::npos) << outcome.err;
    }

    TempFolder folder_;
    ProgramRun trained_;
};

TEST_F(ModelCommands, evaluate_says_what_training_said_of_the_test_part) {
    const ProgramRun outcome = run({"evaluate", "m.safetensors", "--data", "test.csv", "--json"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    auto found = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(found["rows"], 80);
    EXPECT_EQ(found["classes"], nlohmann::json::parse(R"(["no","yes"])"));
    found.erase("rows");
    found.erase("classes");
    EXPECT_EQ(found, nlohmann::json::parse(trained_.out)["final"]["test"]);
    EXPECT_TRUE(found.contains("confusion"));
}

TEST_F(ModelCommands, evaluate_says_the_same_on_one_thread_and_for_people) {
    const ProgramRun one =
        run({"evaluate", "m.safetensors", "--data", "test.csv", "--threads", "1"});
    const ProgramRun two =
        run({"evaluate", "m.safetensors", "--data", "test.csv", "--threads", "2"});
    EXPECT_EQ(one.out, two.out);
    for (const std::string words : {"accuracy", "precision", "recall", "F1", "ROC AUC", "log loss",
                                    "the positive class is yes", "confusion matrix"}) {
        EXPECT_NE(one.out.find(words), std::string::npos) << one.out;
    }
}

TEST_F(ModelCommands, predict_answers_as_often_right_as_evaluate_counts) {
    const std::string table = table_of(2, 80);
    const ProgramRun outcome = predict(table, {"--columns", "class"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    std::istringstream answers(outcome.out);
    std::istringstream truths(table);
    std::string answer;
    std::string truth;
    int right = -1;  // the headers
    int rows = -1;
    std::getline(answers, answer);
    EXPECT_EQ(answer, "class");
    std::getline(truths, truth);
    for (rows = 0, right = 0; std::getline(answers, answer) && std::getline(truths, truth);
         ++rows) {
        right += truth.ends_with("," + answer) ? 1 : 0;
    }
    EXPECT_EQ(rows, 80);
    const auto test = nlohmann::json::parse(trained_.out)["final"]["test"];
    EXPECT_DOUBLE_EQ(right / 80.0, test["accuracy"].get<double>());
}

TEST_F(ModelCommands, predict_finds_columns_by_name_and_needs_no_target) {
    const std::string expected = predict("a,colour,b,kind\n10,red,500,no\n90,blue,20,yes\n").out;
    EXPECT_TRUE(expected.starts_with("p_no,p_yes,class\n")) << expected;
    EXPECT_EQ(predict("a,colour,b\n10,red,500\n90,blue,20\n").out, expected);
    EXPECT_EQ(predict("b,id,colour,a\n500,x,red,10\n20,y,blue,90\n").out, expected);
    EXPECT_EQ(predict("10,red,500\n90,blue,20\n").out, expected) << "by place, without a header";
    EXPECT_EQ(predict("10,red,500,no\n90,blue,20,yes\n").out, expected);
}

// More rows than one part has, of a pipe and of a file, packed or not.
TEST_F(ModelCommands, columns_of_one_name_are_taken_in_the_order_of_training_alone) {
    train_on(
        "input x[2]\ntarget y\nweight w[2] = 1\no = w @ x\noutput o\n"
        "loss squared_error(o, y)\n",
        "a,a,y\n1,2,0\n3,4,1\n2,2,1\n");
    const auto predict = [&](const std::string& table) {
        return run({"predict", "own.safetensors", "--data", "-"}, table);
    };
    const ProgramRun in_order = predict("a,a\n1,2\n");
    EXPECT_EQ(in_order.exit_code, 0) << in_order.err;
    EXPECT_EQ(predict("a,a,y\n1,2,0\n").out, in_order.out);
    EXPECT_EQ(predict("1,2\n").out, in_order.out);
    for (const char* const other : {"y,a,a\n0,1,2\n", "b,a\n1,2\n"}) {
        const ProgramRun refused = predict(other);
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_TRUE(refused.err.find("where training had a; the columns of training are found by "
                                     "their places") != std::string::npos)
            << refused.err;
    }
}

TEST_F(ModelCommands, predict_and_evaluate_say_the_same_of_a_pipe_a_file_and_a_packed_one) {
    const std::string table = table_of(3, 30'000);
    folder_.write("large.csv", table);
    folder_.write("large.csv.gz", gzip_of(table));
    const std::string piped = predict(table).out;
    EXPECT_EQ(std::ranges::count(piped, '\n'), 30'001);
    for (const char* const file : {"large.csv", "large.csv.gz"}) {
        EXPECT_EQ(run({"predict", "m.safetensors", "--data", file}).out, piped) << file;
    }
    EXPECT_EQ(run({"evaluate", "m.safetensors", "--data", "-"}, table).out,
              run({"evaluate", "m.safetensors", "--data", "large.csv"}).out);
    ASSERT_EQ(predict(table, {"-o", "piped.npy"}).exit_code, 0);
    ASSERT_EQ(run({"predict", "m.safetensors", "--data", "large.csv", "-o", "file.npy"}).exit_code,
              0);
    EXPECT_EQ(read_bytes(folder_ / "piped.npy"), read_bytes(folder_ / "file.npy"))
        << "the number of rows stands in front, though it shows at the end";
}

TEST_F(ModelCommands, predict_of_a_pipe_leaves_no_file_where_a_late_cell_does_not_fit) {
    const std::string table = table_of(3, 30'000) + "x,red,2,no\n";
    const ProgramRun outcome = predict(table, {"-o", "late.csv"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_NE(outcome.err.find("row 30002, column 1 (a): \"x\" is not a number"), std::string::npos)
        << outcome.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "late.csv"));
    folder_.write("late_input.csv", table);
    expect_refusal(run({"predict", "m.safetensors", "--data", "late_input.csv"}),
                   "row 30002, column 1 (a)");
}

// The rule: what is wrong in the first 4,096 rows is refused before the first answer; later, all
// rows before it are answered.
TEST_F(ModelCommands, predict_of_a_pipe_answers_all_rows_before_the_one_that_it_refuses) {
    const std::string before = table_of(3, 20'001);
    const std::string answers = predict(before).out;
    const ProgramRun late = predict(before + "x,red,2,no\n" + "1,red,2,no\n");
    EXPECT_EQ(late.exit_code, 1);
    EXPECT_EQ(late.out, answers);
    EXPECT_NE(late.err.find("row 20003, column 1 (a): \"x\" is not a number"), std::string::npos)
        << late.err;
    expect_refusal(predict(table_of(3, 4'000) + "x,red,2,no\n"), "row 4002, column 1 (a)");
    expect_refusal(run({"evaluate", "m.safetensors", "--data", "-"}, before + "x,red,2,no\n"),
                   "row 20003, column 1 (a)");
}

// Each row is written when the one before it is answered.
TEST_F(ModelCommands, predict_of_a_pipe_answers_who_waits) {
    ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    const ProgramRun outcome = tests::run_line(
        "predict m.safetensors --data - < pipe > answers & exec 3> pipe\n"
        "ask() {\n"
        "    printf \"$1\" >&3\n"
        "    for i in $(seq 1000); do [ $(wc -l < answers) = $2 ] && return; sleep 0.01; done\n"
        "    echo row $2 waits in vain\n"
        "}\n"
        "ask 'a,colour,b\\n10,red,500\\n9' 2; ask '0,\"blue\",20\\n' 3; ask '5,red,7\\n' 4\n"
        "exec 3>&-; wait",
        folder_ / "");
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(read_bytes(folder_ / "answers"),
              predict("a,colour,b\n10,red,500\n90,blue,20\n5,red,7\n").out);
}

TEST_F(ModelCommands, predict_answers_one_row_as_it_does_among_others) {
    const std::string two = predict("a,colour,b\n10,red,500\n90,blue,20\n").out;
    const std::string one = predict("a,colour,b\n10,red,500\n").out;
    EXPECT_EQ(two.substr(0, one.size()), one);
}

TEST_F(ModelCommands, predict_writes_npy_by_the_name_of_the_file) {
    const ProgramRun outcome =
        predict("a,colour,b\n10,red,500\n90,blue,20\n", {"-o", "p.npy", "--columns", "p_yes"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    const std::string bytes = read_bytes(folder_ / "p.npy");
    EXPECT_EQ(bytes.size(), 128U + 2 * 4);
    EXPECT_NE(bytes.find("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"),
              std::string::npos);
}

TEST_F(ModelCommands, predict_writes_the_columns_of_a_label_with_a_comma_and_quotes) {
    folder_.write("odd.csv", "x,kind\n1,\"a, b\"\n2,\"5\"\" pipe\"\n");
    folder_.write("odd.nn",
                  "input x\ntarget y: class(2)\nweight W[2] = 0\nz = W * x\noutput z\n"
                  "loss cross_entropy(z, y)\n");
    const ProgramRun fit =
        run({"train", "odd.nn", "--data", "odd.csv", "--epochs", "1", "--out", "odd.safetensors"});
    ASSERT_EQ(fit.exit_code, 0) << fit.err;
    const auto with = [&](const std::string& columns) {
        return run({"predict", "odd.safetensors", "--data", "-", "--columns", columns}, "x\n1\n");
    };
    const std::string names = R"("p_5"" pipe",class,"p_a, b")";
    EXPECT_TRUE(with(names).out.starts_with(names + "\n")) << with(names).err;
    expect_refusal(with("p_a, b"),
                   R"(no column p_a to write: there are "p_5"" pipe","p_a, b",class)");
    expect_refusal(with("\"p_a"), "is no line of CSV");
    EXPECT_EQ(with("").exit_code, 2);
    EXPECT_NE(with("").err.find("--columns: it is empty: name the columns to write, such as class"),
              std::string::npos)
        << with("").err;
    const std::string help = run({"predict", "--help"}).out;
    EXPECT_NE(help.find("--columns NAMES "), std::string::npos);
    EXPECT_EQ(help.find("NAMES ..."), std::string::npos);
}

TEST_F(ModelCommands, predict_warns_of_a_category_that_training_has_not_seen) {
    const ProgramRun outcome = predict("a,colour,b\n1,red,2\n3,mauve,4\n");
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_NE(outcome.err.find("in no training row and is read as no category, the first, "
                               "\"mauve\", in row 3"),
              std::string::npos)
        << outcome.err;
}

TEST_F(ModelCommands, refuse_data_that_does_not_fit) {
    expect_refusal(predict("a,b\n1,2\n"), "lacks a column that the model was trained with: colour");
    expect_refusal(predict("b\n2\n"), "lacks 2 columns that the model was trained with: a, colour");
    expect_refusal(predict("1,red\n2,blue\n"), "has 2 columns, but the model was trained on 3");
    expect_refusal(predict(""), "empty");
    expect_refusal(predict("a,colour,b\n"), "only a header");
    expect_refusal(predict("a,colour,b\nx,red,2\ny,red,3\n"),
                   "in the training data the column holds numbers");
    expect_refusal(run({"evaluate", "m.safetensors", "--data", "-"}, "a,colour,b\n1,red,2\n"),
                   "lacks a column that the model was trained with: kind");
    expect_refusal(
        run({"evaluate", "m.safetensors", "--data", "-"}, "a,colour,b,kind\n1,red,2,maybe\n"),
        "\"maybe\" is none of the labels of the training data");
}

TEST_F(ModelCommands, refuse_what_is_no_model) {
    const std::vector<std::string> data{"--data", "test.csv"};
    const auto predict_with = [&](const std::string& model) {
        return run({"predict", model, "--data", "test.csv"});
    };
    expect_refusal(predict_with("none.safetensors"), "cannot read none.safetensors");
    expect_refusal(predict_with("net.nn"), "is a network, not a trained model");
    expect_refusal(predict_with("train.csv"), "not a valid safetensors file");
    const std::string whole = read_bytes(folder_ / "m.safetensors");
    folder_.write("cut.safetensors", whole.substr(0, whole.size() - 1));
    expect_refusal(predict_with("cut.safetensors"), "not a valid safetensors file");
    EXPECT_EQ(run({"predict", "m.safetensors"}).exit_code, 2) << "usage";
}

TEST_F(ModelCommands, predict_leaves_no_half_file) {
    folder_.write("old.csv", "as it was");
    expect_refusal(predict("a,b\n1,2\n", {"-o", "old.csv"}), "lacks a column");
    EXPECT_EQ(read_bytes(folder_ / "old.csv"), "as it was");
    expect_refusal(predict("a,colour,b\n1,red,2\n", {"-o", "/dev/full"}), "No space left");
    expect_refusal(run({"predict", "m.safetensors", "--data", "test.csv", "-o", "test.csv"}),
                   "it is read here");
    const ProgramRun full =
        run({"predict", "m.safetensors", "--data", "test.csv"}, "", "/dev/full");
    EXPECT_EQ(full.exit_code, 1);
    EXPECT_NE(full.err.find("cannot write to standard output"), std::string::npos) << full.err;
}

TEST_F(ModelCommands, evaluate_refuses_numbers_where_the_model_tells_classes) {
    train_on(
        "input x\ntarget y\nweight w = 0\np = sigmoid(w * x)\noutput p\n"
        "loss binary_cross_entropy(p, y)\n",
        "x,y\n1,0\n2,1\n");
    expect_refusal(run({"evaluate", "own.safetensors", "--data", "-"}, "x,y\n1,0.5\n2,1\n"),
                   "the target holds other numbers than the classes");
}

TEST_F(ModelCommands, take_constants_that_the_command_line_gave) {
    folder_.write("scaled.nn",
                  "input x\ntarget y\nconstant c\nweight w = 1\np = c * w * x\nloss "
                  "squared_error(p, y)\n");
    folder_.write("line.csv", "x,y\n1,6\n2,12\n");
    const ProgramRun trained =
        run({"train", "scaled.nn", "--data", "line.csv", "--at", "c=3", "--scale", "none",
             "--epochs", "200", "--rate", "0.01", "--dtype", "f64", "--out", "s.safetensors"});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    const ProgramRun outcome = run({"predict", "s.safetensors", "--data", "-"}, "x\n10\n");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_NEAR(std::stod(outcome.out.substr(outcome.out.find('\n'))), 60, 1e-6) << outcome.out;
}

TEST_F(ModelCommands, rows_without_an_answer_are_told) {
    folder_.write("log.nn",
                  "input x\ntarget y\nweight w = 1\np = w * log(x)\noutput p\n"
                  "loss squared_error(p, y)\n");
    folder_.write("good.csv", "x,y\n1,0\n2,0.5\n3,1\n");
    folder_.write("bad.csv", "x,y\n1,0\n-2,1\n-3,1\n");
    ASSERT_EQ(run({"train", "log.nn", "--data", "good.csv", "--scale", "none", "--epochs", "1",
                   "--out", "log.safetensors"})
                  .exit_code,
              0);
    const std::string warning =
        "warning: 2 of the rows of bad.csv have no answer: the network makes nan of them\n";
    const ProgramRun predicted = run({"predict", "log.safetensors", "--data", "bad.csv"});
    EXPECT_EQ(predicted.out, "y\n0\nnan\nnan\n");
    EXPECT_EQ(predicted.err, warning);
    const ProgramRun evaluated =
        run({"evaluate", "log.safetensors", "--data", "bad.csv", "--json"});
    EXPECT_EQ(nlohmann::json::parse(evaluated.out)["r2"], "nan");
    EXPECT_EQ(evaluated.err, warning);
}

TEST_F(ModelCommands, predict_leaves_nothing_behind_where_it_is_interrupted) {
    folder_.write("big.csv", table_of(3, 100'000));
    const std::size_t before = folder_.entries();
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        std::filesystem::current_path(folder_ / "");
        execl(CHAINRULE_PROGRAM, "chainrule", "predict", "m.safetensors", "--data", "big.csv", "-o",
              "answers.csv", "--backend", "reference", nullptr);
        _exit(127);
    }
    // Until the file is begun, under another name.
    while (folder_.entries() == before && ::waitpid(child, nullptr, WNOHANG) == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ::kill(child, SIGINT);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 130) << status;
    EXPECT_EQ(folder_.entries(), before);
}

}  // namespace
}  // namespace chainrule
