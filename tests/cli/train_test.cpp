// `chainrule train` from outside: what it prints, what it refuses, how it exits.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli_train.h"
#include "data/safetensors.h"
#include "data/test_files.h"
#include "support/run_program.h"
#include "train/model_file.h"

namespace chainrule {
namespace {

TEST_F(CliTrain, prints_one_json_object) {
    const Outcome outcome =
        run("line.nn --data line.csv --scale none --epochs 3 --split 0.25 --test line.csv --json");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "") << "no progress where there is no terminal";
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json["epochs"].size(), 3U);
    EXPECT_EQ(json["epochs"][2]["epoch"], 3);
    EXPECT_TRUE(json["epochs"][0]["validation"].contains("loss"));
    EXPECT_EQ(json["final"]["train"], json["epochs"][2]["train"]);
    EXPECT_TRUE(json["final"]["test"].contains("loss"));
    EXPECT_TRUE(json["weights"]["w"].is_number());
}

TEST_F(CliTrain, finds_the_line) {
    const Outcome outcome =
        run("line.nn --data line.csv --scale none --epochs 3000 --batch 4 --dtype f64 --json");
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_NEAR(json["weights"]["w"], 2, 1e-9);
    EXPECT_NEAR(json["weights"]["b"], 3, 1e-9);
}

TEST_F(CliTrain, prints_a_line_per_epoch_and_the_weights) {
    const Outcome outcome = run("line.nn --data line.csv --scale none --epochs 2 --batch 4");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out,
              "training on 4 rows\n"
              "epoch       loss       RMSE        MAE         R2\n"
              // by hand: the mean of e^2 / 2, e = -1.95, -1.7, -1.45, -1.2; R2 of a spread of 20
              "    1     1.2794        1.6      1.575     0.4883\n"
              "    2    0.36516     0.8546      0.715     0.8539\n"
              "weights\n"
              "  w = 2.6125\n"
              "  b = 0.9575\n");
}

TEST_F(CliTrain, takes_the_optimizer_with_its_numbers_from_file_and_command_line) {
    const std::string rest = " --data line.csv --scale none --epochs 5 --batch 4 --json";
    folder_.write("adam.nn", read_bytes(folder_ / "line.nn") +
                                 "train optimizer = adam(rate = 0.5, beta1 = 0.8), warmup = 2, "
                                 "schedule = cosine(final = 0.01), clip_norm = 1\n");
    const Outcome file = run("adam.nn" + rest);
    const Outcome options =
        run("line.nn --optimizer 'adam(beta1=0.8)' --rate 0.5 --warmup 2 "
            "--schedule 'cosine(final=0.01)' --clip-norm 1" +
            rest);
    EXPECT_EQ(file.exit_code, 0) << file.err;
    EXPECT_EQ(nlohmann::json::parse(file.out)["weights"],
              nlohmann::json::parse(options.out)["weights"]);
    EXPECT_NE(options.out, run("line.nn --optimizer adam --rate 0.5" + rest).out);
    const Outcome slip = run("line.nn --data line.csv --optimizer adm");
    EXPECT_EQ(slip.err, "error: --optimizer is adm; did you mean adam?\n");
}

TEST_F(CliTrain, refuses_a_report_or_log_that_cannot_be_written_before_it_trains) {
    const std::string start = "line.nn --data line.csv --report ";
    for (const std::string& rest :
         {std::string("none/page.html"), std::string("."), std::string("line.csv"),
          std::string("page.html --log line.csv"), std::string("page.html --out page.html")}) {
        const Outcome outcome = run(start + rest);
        EXPECT_EQ(outcome.exit_code, 1) << rest;
        EXPECT_EQ(outcome.out, "") << rest;
        EXPECT_NE(outcome.err, "") << rest;
    }
}

TEST_F(CliTrain, writes_page_and_log_beside_model_and_json) {
    const Outcome outcome =
        run("line.nn --data line.csv --split 0.25 --epochs 3 --report page.html --log runs "
            "--out line.safetensors --json");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(nlohmann::json::parse(outcome.out)["epochs"].size(), 3U);
    const std::string page = read_bytes(folder_ / "page.html");
    for (const char* part : {"<h1>Training line.nn</h1>", "class=\"chart\"", "held out", "Recipe",
                             "Derivation", "squared_error"}) {
        EXPECT_NE(page.find(part), std::string::npos) << part;
    }
    EXPECT_EQ(page.find("http"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "runs/train"));
    EXPECT_TRUE(std::filesystem::exists(folder_ / "runs/validation"));
}

TEST_F(CliTrain, reads_data_from_standard_input) {
    const Outcome outcome = run("line.nn --data - --json < line.csv");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(nlohmann::json::parse(outcome.out)["epochs"].size(), 10U);
}

TEST_F(CliTrain, reads_data_packed_with_gzip_from_standard_input) {
    folder_.write("line.gz", gzip_of(read_bytes(folder_ / "line.csv")));
    const std::string same = run("line.nn --data line.csv --json").out;
    const Outcome outcome = run("line.nn --data - --json < line.gz");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, same);
}

TEST_F(CliTrain, streams_packed_files_but_no_standard_input) {
    folder_.write("line.gz", gzip_of(read_bytes(folder_ / "line.csv")));
    const std::string same = run("line.nn --data line.csv --json").out;
    const Outcome outcome = run("line.nn --data line.gz --stream --json");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, same);
    // Though it is a file.
    const Outcome refused = run("line.nn --data - --stream < line.csv");
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_TRUE(contains(refused.err, "standard input cannot be streamed")) << refused.err;
    const Outcome no_buffer = run("line.nn --data line.csv --stream --buffer 0");
    EXPECT_EQ(no_buffer.exit_code, 2);
    EXPECT_TRUE(contains(no_buffer.err, "--buffer: Value 0 not in range 1 to ")) << no_buffer.err;
}

// Two images of 2 x 2 pixels, of the digits 0 and 1.
const std::string idx_images("\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02\0\xFF\0\xFF\xFF\0\xFF\0",
                             24);
const std::string idx_labels("\0\0\x08\x01\0\0\0\x02\0\x01", 10);
const char* const pixels_nn =
    "input x[4]\ntarget y: class(2)\nweight W[2, 4] = 0\nz = W @ (x / 255)\noutput z\n"
    "loss cross_entropy(z, y)\n";

TEST_F(CliTrain, trains_on_idx_files_with_labels_without_scaling_them) {
    folder_.write("pixels.nn", pixels_nn);
    folder_.write("images", gzip_of(idx_images));
    folder_.write("labels", idx_labels);
    const Outcome outcome =
        run("pixels.nn --data images --labels labels --test images --test-labels labels --epochs 1 "
            "--batch 2 --rate 1 --json");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json["final"]["test"]["accuracy"], 1.0);
    // By hand: at 0 both classes have probability 1/2, so the step is half the mean of the pixels,
    // which are 0 and 1, with the sign of the class.
    EXPECT_EQ(json["weights"]["W"], nlohmann::json::parse("[[-0.25,0.25,-0.25,0.25],"
                                                          "[0.25,-0.25,0.25,-0.25]]"));
}

TEST_F(CliTrain, warns_of_images_that_the_network_does_not_scale) {
    std::string unscaled = pixels_nn;
    unscaled.replace(unscaled.find("(x / 255)"), 9, "x");
    folder_.write("pixels.nn", unscaled);
    folder_.write("images", idx_images);
    folder_.write("labels", idx_labels);
    const Outcome outcome = run("pixels.nn --data images --labels labels --epochs 1 --json");
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_TRUE(contains(outcome.err, "the input x holds bytes, whole numbers from 0 to 255"))
        << outcome.err;
    EXPECT_TRUE(contains(outcome.err, "`u = x / 255`")) << outcome.err;
}

TEST_F(CliTrain, trains_on_the_arrays_of_an_npz_file) {
    folder_.write(
        "three.nn",
        "input x[3]\ntarget y: class(2)\nweight W[2, 3] = 0\nloss cross_entropy(W @ x, y)\n");
    const std::string numpy = std::string(CHAINRULE_SOURCE_DIR) + "/tests/data/npy/";
    const Outcome outcome = run("three.nn --data " + numpy + "stored.npz --epochs 1 --test " +
                                numpy + "unnamed.npz --json");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json["final"]["test"]["loss"], json["final"]["train"]["loss"]);
}

TEST_F(CliTrain, refuses_labels_and_data_that_do_not_belong_together) {
    folder_.write("pixels.nn", pixels_nn);
    folder_.write("images", idx_images);
    folder_.write("labels", idx_labels);
    folder_.write("one", std::string("\0\0\x08\x01\0\0\0\x01\0", 9));
    folder_.write("table.csv", "1,2,3,4,0\n5,6,7,8,1\n");
    const std::vector<std::pair<std::string, std::string>> cases{
        {"--data images",
         "error: images holds no labels for the target y: give their file with "
         "--labels\n"},
        {"--data images --labels one",
         "error: images holds 2 examples, but one holds 1 label: give the files of one data "
         "set\n"},
        {"--data table.csv --labels labels",
         "error: table.csv holds no arrays: it begins with the bytes 0x31 0x2C 0x32 0x2C, and IDX "
         "files begin with two zeros, NPY files with \\x93NUMPY, NPZ files with PK; the labels of "
         "a "
         "table are one of its columns, which --target selects\n"},
        {"--data table.csv --test images --test-labels labels",
         "error: table.csv holds a table and images arrays: give both data sets in one kind of "
         "file\n"},
        {"--data images --labels labels --test images",
         "error: images holds no labels for the target y: give their file with "
         "--test-labels\n"},
        {"--data images --labels labels --test images --stream",
         "error: images holds no labels for the target y: give their file with "
         "--test-labels\n"},
    };
    for (const auto& [arguments, message] : cases) {
        const Outcome outcome = run("pixels.nn " + arguments);
        EXPECT_EQ(outcome.exit_code, 1) << arguments;
        EXPECT_EQ(outcome.err, message);
        EXPECT_EQ(outcome.out, "");
    }
    EXPECT_EQ(run("pixels.nn --data images --labels labels --test-labels labels").exit_code, 2);
    ASSERT_EQ(run("pixels.nn --data images --labels labels --out m").exit_code, 0);
    EXPECT_EQ(tests::run_line("evaluate m --data images", folder_ / "").err,
              "error: images holds no labels for the target y: give their file with --labels\n");
}

TEST_F(CliTrain, functions_left_abstract_are_given_by_define) {
    const Outcome abstract = run("worksheet.nn --data line.csv");
    EXPECT_EQ(abstract.exit_code, 1);
    EXPECT_TRUE(contains(abstract.err,
                         "worksheet.nn:6:1: error: g1 is abstract, and numbers are computed "
                         "here: define it in the file or with --define 'g1 = sigmoid'"))
        << abstract.err;
    const Outcome given =
        run("worksheet.nn --data line.csv --define 'g1 = sigmoid' --define 'g2 = sigmoid' "
            "--define 'Loss(a, t) = 1/2*(a - t)^2' --json");
    EXPECT_EQ(given.exit_code, 0) << given.err;
}

TEST_F(CliTrain, starts_from_the_values_given_by_at) {
    const Outcome outcome =
        run("line.nn --data line.csv --scale none --at w=2 --at b=3 --epochs 1 --json");
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json["final"]["train"]["loss"], 0.0);
    EXPECT_EQ(json["weights"]["w"], 2.0);
}

TEST_F(CliTrain, saves_the_weights_that_it_prints) {
    const Outcome outcome = run("line.nn --data line.csv --out line.safetensors --json");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto json = nlohmann::json::parse(outcome.out);
    const TensorFile file = read_safetensors(folder_ / "line.safetensors");
    ASSERT_EQ(file.tensors.size(), 2U);
    for (const NamedTensor& tensor : file.tensors) {
        EXPECT_EQ(json["weights"][tensor.name].get<double>(), tensor.data[0]) << tensor.name;
    }
    EXPECT_EQ(file.metadata.at("network"), read_bytes(folder_ / "line.nn"));
}

TEST_F(CliTrain, same_seed_gives_the_same_bytes) {
    const std::string arguments = "line.nn --data line.csv --batch 1 --split 0.25 --json --seed ";
    EXPECT_EQ(run(arguments + "3").out, run(arguments + "3").out);
    EXPECT_NE(run(arguments + "3").out, run(arguments + "4").out);
}

TEST_F(CliTrain, exit_codes_tell_whose_mistake_it_is) {
    const std::vector<std::pair<std::string, int>> cases{
        {"line.nn", 2},                                   // --data is missing
        {"line.nn --data line.csv --dtype f16", 2},       //
        {"line.nn --data line.csv --epochs many", 2},     //
        {"line.nn --data absent.csv", 1},                 //
        {"absent.nn --data line.csv", 1},                 //
        {"line.nn --data line.csv --epochs 0", 1},        //
        {"line.nn --data line.csv --rate nan", 1},        //
        {"line.nn --data line.csv --rate -1", 1},         //
        {"line.nn --data line.csv --threads 1025", 1},    //
        {"line.nn --data line.csv --batch 5", 1},         //
        {"line.nn --data line.csv --target 7", 1},        //
        {"line.nn --data line.csv --at x=1", 1},          //
        {"line.nn --data line.csv --out absent/m", 1},    //
        {"- --data - < line.csv", 1},                     //
        {"line.nn --data line.csv --optimizer lion", 1},  //
    };
    for (const auto& [arguments, exit_code] : cases) {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.exit_code, exit_code) << arguments << "\n" << outcome.err;
        EXPECT_EQ(outcome.out, "") << arguments;
        EXPECT_NE(outcome.err, "") << arguments;
    }
}

TEST_F(CliTrain, interrupt_keeps_the_weights_so_far) {
    const std::string network = folder_ / "line.nn";
    const std::string data = folder_ / "line.csv";
    const std::string model = folder_ / "m.safetensors";
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        dup2(pipe[1], STDOUT_FILENO);
        execl(CHAINRULE_PROGRAM, "chainrule", "train", network.c_str(), "--data", data.c_str(),
              "--epochs", "1000000000", "--out", model.c_str(), nullptr);
        _exit(127);
    }
    close(pipe[1]);
    // Once a line of the table is there, training is under way.
    std::string text;
    std::array<char, 4096> block{};
    bool asked = false;
    for (ssize_t got = 0; (got = read(pipe[0], block.data(), block.size())) > 0;) {
        text.append(block.data(), static_cast<std::size_t>(got));
        if (!asked && contains(text, "\n    1 ")) {
            asked = true;
            kill(child, SIGINT);
        }
        text = text.size() > 100'000 ? text.substr(text.size() - 1000) : text;
    }
    close(pipe[0]);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 130);
    EXPECT_TRUE(contains(text, "interrupted; loss")) << text;
    SourceMap sources;
    EXPECT_EQ(load_model(model, sources).weights.size(), 2U);
}

}  // namespace
}  // namespace chainrule
