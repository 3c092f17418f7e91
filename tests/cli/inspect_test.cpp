// `chainrule inspect` from outside: what it prints and that its lines begin a network that trains.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule {
namespace {

using Outcome = tests::ProgramRun;

class CliInspect : public testing::Test {
protected:
    Outcome run(const std::string& arguments) { return tests::run_line(arguments, folder_ / ""); }

    // The lines of the output that begin with `input` and `target`.
    static std::string suggestion(const std::string& out) {
        std::string lines;
        std::size_t at = 0;
        while (at < out.size()) {
            const std::size_t end = out.find('\n', at);
            const std::string line = out.substr(at, end - at + 1);
            lines += line.starts_with("input ") || line.starts_with("target ") ? line : "";
            at = end + 1;
        }
        return lines;
    }

    TempFolder folder_;
};

const char* const shapes_csv =
    "colour,size,fixed,kind\nred,1,5,round\nblue,?,5,square\nred,2.5,5,square\n?,3,5,round\n";

TEST_F(CliInspect, shows_columns_types_missing_cells_ranges_and_classes) {
    folder_.write("shapes.csv", shapes_csv);
    const Outcome outcome = run("inspect shapes.csv");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out,
              "shapes.csv: 4 rows, 4 columns, a header, separated by ','\n"
              "\n"
              "column  name    type         missing  values\n"
              "     1  colour  category           1  2: \"red\" (2), \"blue\" (1)\n"
              "     2  size    number             1  1 to 3\n"
              "     3  fixed   constant           0  always 5\n"
              "     4  kind    class label        0  2: \"round\" (2), \"square\" (2)\n"
              "\n"
              "note: 2 missing cells are filled in training with the column's mean (a category's "
              "with the share of each value); --missing error refuses them\n"
              "\n"
              "input x[3]\n"
              "target kind: class(2)\n");
}

TEST_F(CliInspect, prints_one_json_object) {
    folder_.write("shapes.csv", shapes_csv);
    const auto json = nlohmann::json::parse(run("inspect shapes.csv --json").out);
    EXPECT_EQ(json["rows"], 4);
    EXPECT_EQ(json["header"], true);
    EXPECT_EQ(json["delimiter"], ",");
    EXPECT_EQ(json["columns"][0]["type"], "category");
    EXPECT_EQ(json["columns"][0]["values"]["red"], 2);
    EXPECT_EQ(json["columns"][1]["missing"], 1);
    EXPECT_EQ(json["columns"][1]["greatest"], 3.0);
    EXPECT_EQ(json["suggest"]["input"], "input x[3]");
    EXPECT_EQ(json["suggest"]["target"], "target kind: class(2)");
}

TEST_F(CliInspect, names_the_target_as_the_column_as_far_as_the_language_can) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"a,median income\n1,2.5\n2,3.5\n3,7\n", "input x[1]\ntarget median_income\n"},
        {"a,class\n1,p\n2,q\n", "input x[1]\ntarget class: class(2)\n"},
        {"a,x\n1,p\n2,q\n", "input x[1]\ntarget y: class(2)\n"},
        {"a,2020\n1,p\n2,q\n", "input x[1]\ntarget y: class(2)\n"},
        {"a,\xC3\xA9tat\n1,p\n2,q\n", "input x[1]\ntarget __tat: class(2)\n"},
        {"1;0\n2;1\n3;0\n", "input x[1]\ntarget c2: class(2)\n"},
        {"y\n1\n2\n", "target y: class(2)\n"}};
    for (const auto& [text, lines] : cases) {
        folder_.write("d.csv", text);
        const Outcome outcome = run("inspect d.csv");
        EXPECT_EQ(suggestion(outcome.out), lines) << text << outcome.out << outcome.err;
    }
}

TEST_F(CliInspect, tells_labels_from_numbers) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"0 1 2 1", "target y: class(3)"}, {"1 2 3 4", "target y: class(4)"},
        {"2 4 4 2", "target y: class(2)"}, {"-1 1 1 1", "target y: class(2)"},
        {"3 4 5 6", "target y"},           {"0 1 3 5", "target y"},
        {"0.5 1 2 3", "target y"},         {"1e9 2e9 3e9 1", "target y"}};
    for (const auto& [numbers, line] : cases) {
        std::string text = "x,y\n7,";
        for (const char c : numbers) {
            text += c == ' ' ? std::string("\n8,") : std::string(1, c);
        }
        folder_.write("d.csv", text + "\n");
        EXPECT_TRUE(contains(run("inspect d.csv").out, "\n" + line + "\n")) << numbers;
    }
}

TEST_F(CliInspect, says_that_labels_do_not_count_from_0_or_differ_by_a_full_stop) {
    folder_.write("d.csv", "x,y\n1,2\n2,4\n");
    EXPECT_TRUE(
        contains(run("inspect d.csv").out,
                 "note: the labels of y do not count from 0 and are read as \"2\" = 0, \"4\" = "
                 "1\n"));
    folder_.write("d.csv", "x,y\n1,yes\n2,no\n3,yes.\n");
    const Outcome outcome = run("inspect d.csv");
    EXPECT_TRUE(contains(outcome.out,
                         "note: labels of y that differ only by a full stop or blanks "
                         "are one class\n"));
    EXPECT_TRUE(contains(outcome.out, "\ntarget y: class(2)\n"));
}

TEST_F(CliInspect, takes_target_delimiter_and_header_as_they_are_given) {
    folder_.write("d.csv", "1|2|3\n4|5|7\n6|5|8\n");
    const Outcome outcome = run("inspect d.csv --target 2 --delimiter '|' --header yes");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_TRUE(contains(outcome.out, "2 rows, 3 columns, a header, separated by '|'"));
    EXPECT_TRUE(
        contains(outcome.out, "note: train with --target 2, which is not the last column\n"));
    EXPECT_EQ(run("inspect d.csv --delimiter 1").exit_code, 1);
    EXPECT_EQ(
        run("inspect d.csv --delimiter ab").err,
        "error: --delimiter is \"ab\": a delimiter is one character, such as , ; or |, or the "
        "word tab\n");
    EXPECT_EQ(run("inspect d.csv --header maybe").exit_code, 2);
    EXPECT_EQ(run("inspect absent.csv").exit_code, 1);
    folder_.write("t.tsv", "1\t2\n3\t4\n");
    EXPECT_TRUE(contains(run("inspect - --delimiter tab < t.tsv").out, "separated by tabs"));
}

TEST_F(CliInspect, shows_no_bytes_that_a_terminal_would_obey) {
    folder_.write("d.csv", "a\x1b[31m,y\n\x1b[2J,1\nok,2\n");
    EXPECT_FALSE(contains(run("inspect d.csv").out, "\x1b"));
}

TEST_F(CliInspect, shows_arrays_by_shape_format_and_range) {
    const std::string numpy = std::string(CHAINRULE_SOURCE_DIR) + "/tests/data/npy/";
    EXPECT_EQ(run("inspect - < " + numpy + "stored.npz").out,
              "standard input (x): 2 examples [3] of f32, -4 to 11\n"
              "standard input (y): 2 examples of bytes, 0 to 1\n"
              "\n"
              "input x[3]\n"
              "target y: class(2)\n");
}

// --- what it suggests, trained ----------------------------------------------------------------

TEST_F(CliInspect, begins_networks_that_train_on_the_public_data_sets) {
    const std::string shared = std::string(CHAINRULE_SHARED_DATA) + "/tabular/";
    if (!std::filesystem::exists(shared + "adult-train.csv")) {
        GTEST_SKIP() << "the shared data sets are not here";
    }
    for (const char* name : {"abalone", "banknote_authentication", "breast-cancer-wisconsin",
                             "housing", "ionosphere", "phoneme", "sonar", "wheat-seeds"}) {
        const std::string data = shared + name + ".csv";
        const std::string lines = suggestion(run("inspect " + data).out);
        folder_.write("d.nn", lines + "weight w = 0\nloss w^2 + 0 * sum(x)\n");
        const Outcome outcome = run("train d.nn --epochs 1 --data " + data);
        EXPECT_EQ(outcome.exit_code, 0) << name << "\n" << lines << outcome.err;
    }
}

TEST_F(CliInspect, begins_a_network_that_trains_on_adult_as_it_comes) {
    const std::string shared = std::string(CHAINRULE_SHARED_DATA) + "/tabular/";
    if (!std::filesystem::exists(shared + "adult-train.csv")) {
        GTEST_SKIP() << "the shared data sets are not here";
    }
    const std::string lines = suggestion(run("inspect " + shared + "adult-train.csv").out);
    EXPECT_EQ(lines, "input x[105]\ntarget c15: class(2)\n");
    folder_.write("adult.nn", lines +
                                  "weight W[2, 105] = 0\nweight b[2] = 0\nz = W @ x + b\noutput z\n"
                                  "loss cross_entropy(z, c15)\n");
    const Outcome outcome = run("train adult.nn --epochs 1 --json --data " + shared +
                                "adult-train.csv --test " + shared + "adult-test.csv");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_GT(nlohmann::json::parse(outcome.out)["final"]["test"]["accuracy"], 0.84);
    EXPECT_TRUE(contains(outcome.err, "\"<=50K.\" as \"<=50K\", \">50K.\" as \">50K\""))
        << outcome.err;
}

}  // namespace
}  // namespace chainrule
