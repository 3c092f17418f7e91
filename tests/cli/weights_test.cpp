// Weights of rows and classes, splits by class and cross-validation from outside.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/test_files.h"
#include "support/run_program.h"

namespace chainrule::tests {
namespace {

using nlohmann::json;

class CliWeights : public testing::Test {
protected:
    void SetUp() override {
        folder_.write("net.nn",
                      "input x[2]\ntarget kind: class(2)\nh = dense(x, 4, tanh)\n"
                      "z = dense(h, 2, identity)\noutput z\nloss cross_entropy(z, kind)\n");
        folder_.write("line.nn", "input x\ntarget y\nweight w = 0\no = w * x\nloss (o - y)^2\n");
        folder_.write("line.csv", "1,2\n2,3\n3,5\n4,7\n");
        std::string rows = "a,w,b,kind\n";
        for (int i = 0; i < 120; ++i) {
            const int a = i * 37 % 101;
            rows += std::to_string(a) + "," + std::to_string(i % 5) + "," +
                    std::to_string(i * 53 % 97) + (a > 85 ? ",yes\n" : ",no\n");
        }
        folder_.write("d.csv", rows);
    }

    ProgramRun train(std::vector<std::string> more, const std::string& network = "net.nn",
                     const std::string& data = "d.csv") {
        more.insert(more.begin(), {"train", network, "--data", data});
        if (std::ranges::find(more, "--epochs") == more.end()) {
            more.insert(more.end(), {"--epochs", "5"});
        }
        return run_program(more, {.folder = folder_ / ""});
    }
    ProgramRun run(const std::vector<std::string>& arguments) {
        return run_program(arguments, {.folder = folder_ / ""});
    }

    TempFolder folder_;
};

// What `inspect` suggests is what `train` takes: rows of weight 0 show neither a category nor a
// class.
TEST_F(CliWeights, rows_of_weight_0_are_not_inspected) {
    folder_.write("zero.csv",
                  "colour,w,kind\nred,1,a\nblue,2,b\nred,1,b\ngreen,0,a\nblue,0,c\nblue,0,\n");
    const ProgramRun looked = run({"inspect", "zero.csv", "--weights", "w"});
    EXPECT_NE(looked.out.find("zero.csv: 3 rows"), std::string::npos) << looked.out;
    EXPECT_NE(looked.out.find("input x[2]\ntarget kind: class(2)\n"), std::string::npos)
        << looked.out;
    EXPECT_NE(looked.out.find("3 rows of weight 0"), std::string::npos) << looked.out;
}

TEST_F(CliWeights, the_file_with_its_weights_is_inspected_evaluated_and_predicted) {
    const ProgramRun looked = run({"inspect", "d.csv", "--weights", "w"});
    EXPECT_NE(looked.out.find("input x[2]\ntarget kind: class(2)\n"), std::string::npos)
        << looked.out;
    EXPECT_NE(looked.out.find("weights"), std::string::npos);
    const ProgramRun trained = train({"--weights", "w", "--class-weights", "balanced", "--test",
                                      "d.csv", "--out", "m.safetensors", "--json"});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    const json test = json::parse(trained.out)["final"]["test"];
    const json loss = json::parse(trained.out)["final"]["train"]["loss"];
    EXPECT_NE(test["loss"], loss) << "the loss of training is weighted, that of a test is not";
    const ProgramRun evaluated = run({"evaluate", "m.safetensors", "--data", "d.csv", "--json"});
    ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
    EXPECT_EQ(json::parse(evaluated.out)["loss"], test["loss"]);
    EXPECT_EQ(json::parse(evaluated.out)["confusion"], test["confusion"]);
    EXPECT_EQ(run({"predict", "m.safetensors", "--data", "d.csv"}).exit_code, 0);
}

TEST_F(CliWeights, a_file_without_header_may_lack_weights_and_target_as_far_as_it_can_be_told) {
    folder_.write("h.csv", "1,5,2,0\n3,1,4,1\n5,2,6,0\n7,3,8,1\n");
    ASSERT_EQ(train({"--weights", "2", "--out", "m.safetensors"}, "net.nn", "h.csv").exit_code, 0);
    const auto answer = [&](const std::string& row) {
        folder_.write("x.csv", row + "\n");
        return run({"predict", "m.safetensors", "--data", "x.csv"});
    };
    const std::string whole = answer("1,5,2,0").out;
    EXPECT_EQ(answer("1,2").out, whole);
    EXPECT_EQ(answer("1,2,0").exit_code, 1);
    EXPECT_EQ(answer("1,2,0").err,
              "error: x.csv has 3 columns, one more than the model's inputs, which may be the "
              "target or the weights: give both or none, or a header that names the columns\n");
    folder_.write("t.csv", "1,2,0\n3,4,1\n");
    const ProgramRun without = run({"evaluate", "m.safetensors", "--data", "t.csv"});
    folder_.write("t.csv", "1,9,2,0\n3,9,4,1\n");
    EXPECT_EQ(without.exit_code, 0) << without.err;
    EXPECT_EQ(without.out, run({"evaluate", "m.safetensors", "--data", "t.csv"}).out);
}

TEST_F(CliWeights, going_on_gives_the_same_bits_and_refuses_other_weights) {
    const std::vector<std::string> with{"--weights", "w",   "--class-weights", "yes=3",
                                        "--split",   "0.2", "--json"};
    const auto command = [&](std::vector<std::string> more) {
        more.insert(more.begin(), with.begin(), with.end());
        return train(more);
    };
    const json whole = json::parse(command({"--epochs", "8"}).out);
    ASSERT_EQ(command({"--epochs", "3", "--out", "m.safetensors"}).exit_code, 0);
    const ProgramRun resumed = command({"--epochs", "8", "--resume", "m.safetensors"});
    ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_EQ(json::parse(resumed.out)["weights"], whole["weights"]);
    EXPECT_EQ(json::parse(resumed.out)["final"], whole["final"]);

    const auto refused = [&](const std::vector<std::string>& other) {
        std::vector<std::string> more{"--resume", "m.safetensors", "--epochs", "8"};
        more.insert(more.end(), other.begin(), other.end());
        const ProgramRun outcome = train(more);
        EXPECT_EQ(outcome.exit_code, 1);
        return outcome.err;
    };
    EXPECT_NE(refused({"--weights", "w", "--class-weights", "yes=4"})
                  .find("--class-weights is yes=4, but m.safetensors was begun with yes=3"),
              std::string::npos);
    EXPECT_NE(refused({"--weights", "w", "--stratify", "none"})
                  .find("--stratify is none, but m.safetensors was begun with"),
              std::string::npos);
    EXPECT_NE(refused({"--weights", "a", "--target", "kind"}).find("the data are not those"),
              std::string::npos);
}

// The weight of the row is no value of the network, whose values do not depend on it.
TEST_F(CliWeights, what_is_not_finite_is_replayed_without_the_weight_of_the_row) {
    folder_.write("log.nn", "input x\ntarget y\nweight w = 1\nh = log(w * x)\nloss (h - y)^2\n");
    folder_.write("log.csv", "x,v,y\n1,2,0\n-1,3,2\n");
    const ProgramRun failed = train({"--weights", "v", "--scale", "none"}, "log.nn", "log.csv");
    EXPECT_EQ(failed.exit_code, 1);
    EXPECT_NE(failed.err.find(" explain log.nn --at x=-1 --at y=2 --at w=1\n"), std::string::npos)
        << failed.err;
    const ProgramRun replayed =
        run({"explain", "log.nn", "--at", "x=-1", "--at", "y=2", "--at", "w=1"});
    EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
    EXPECT_NE(replayed.out.find("= nan"), std::string::npos) << replayed.out;
}

TEST_F(CliWeights, that_do_not_fit_the_format_are_refused_by_column_and_row) {
    const auto refused = [&](const std::string& weight, const std::string& dtype) {
        folder_.write("fit.csv", "x,v,y\n1,1,0\n2," + weight + ",1\n3,1,1\n");
        return train({"--weights", "v", "--dtype", dtype}, "line.nn", "fit.csv");
    };
    const std::string how =
        ", beyond f32: multiply all weights by a number that brings them nearer to 1, or train "
        "with --dtype f64\n";
    EXPECT_EQ(refused("1e39", "f32").err,
              "error: fit.csv: row 3, column 2 (v): the weight is 1e+39" + how);
    EXPECT_EQ(refused("1e-39", "f32").err,
              "error: fit.csv: row 3, column 2 (v): the weight is 1e-39" + how);
    EXPECT_EQ(refused("1e39", "f64").exit_code, 0);
    EXPECT_EQ(refused("1e-39", "f64").exit_code, 0);
    EXPECT_EQ(refused("0", "f32").exit_code, 0);
}

TEST_F(CliWeights, are_set_by_the_network_too) {
    folder_.write("net2.nn",
                  "input x[3]\ntarget kind: class(2)\nz = dense(x, 2, identity)\noutput z\n"
                  "loss cross_entropy(z, kind)\ntrain class_weights = [1, 3], stratify = none\n");
    folder_.write("net3.nn",
                  "input x[3]\ntarget kind: class(2)\nz = dense(x, 2, identity)\noutput z\n"
                  "loss cross_entropy(z, kind)\n");
    const ProgramRun said = train({"--split", "0.3", "--json"}, "net2.nn");
    const ProgramRun same =
        train({"--split", "0.3", "--json", "--class-weights", "no=1,yes=3", "--stratify", "none"},
              "net3.nn");
    ASSERT_EQ(said.exit_code, 0) << said.err;
    EXPECT_EQ(said.out, same.out);
    folder_.write("net4.nn",
                  "input x[3]\ntarget kind: class(2)\nz = dense(x, 2, identity)\n"
                  "loss cross_entropy(z, kind)\ntrain class_weights = [1, -3]\n");
    EXPECT_EQ(train({}, "net4.nn").err,
              "net4.nn:5:23: error: class_weights is balanced, or a list of the weight of each "
              "class such as [1, 3], and this is [1, -3]\n  5 | train class_weights = [1, -3]\n"
              "    |                       ^~~~~~~\n");
}

TEST_F(CliWeights, mistakes_are_named) {
    const auto error = [&](const std::vector<std::string>& more) {
        const ProgramRun outcome = train(more);
        EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
        return outcome.err;
    };
    EXPECT_EQ(error({"--class-weights", "heavy"}),
              "error: --class-weights is heavy: it is balanced, the weight of each class such as "
              "1,3, or of classes by their labels such as no=1,yes=3\n");
    EXPECT_EQ(error({"--class-weights", "1,x"}),
              "error: --class-weights is 1,x: after x no number is found; write the weight of each "
              "class, such as 1,3, or of classes by their labels, such as no=1,yes=3\n");
    EXPECT_EQ(error({"--class-weights", "no=-1"}),
              "error: --class-weights is no=-1: the weight of a class is a finite number, at least "
              "0\n");
    EXPECT_EQ(
        error({"--weights", "w", "--class-weights", "0,0"}),
        "error: the weights of all rows of the training part are 0, so that none counts: give "
        "some of them a weight above 0\n");
    EXPECT_EQ(error({"--weights", "w", "--class-weights", "1,2,3"}),
              "error: class_weights gives 3 weights, and kind has 2 classes: give one weight for "
              "each\n");
}

TEST_F(CliWeights, folds_are_printed_as_a_table_or_as_one_object) {
    const ProgramRun table = train({"--weights", "w", "--folds", "3"});
    ASSERT_EQ(table.exit_code, 0) << table.err;
    EXPECT_TRUE(table.out.starts_with("fold     rows       loss accuracy")) << table.out;
    EXPECT_EQ(std::count(table.out.begin(), table.out.end(), '\n'), 6);
    const ProgramRun object = train({"--weights", "w", "--folds", "3", "--json"});
    const json folds = json::parse(object.out);
    EXPECT_EQ(folds["folds"].size(), 3U);
    EXPECT_EQ(folds["folds"][0]["rows"], 32) << "of the 96 that have a weight above 0";
    EXPECT_TRUE(folds["mean"].contains("accuracy") && folds["std"].contains("accuracy"));
    const ProgramRun numbers = train({"--folds", "2", "--json"}, "line.nn", "line.csv");
    EXPECT_TRUE(json::parse(numbers.out)["mean"].contains("rmse"));
}

TEST_F(CliWeights, folds_refuse_what_does_not_go_with_them) {
    const auto error = [&](std::vector<std::string> more) {
        more.insert(more.end(), {"--folds", "3"});
        const ProgramRun outcome = train(more);
        EXPECT_EQ(outcome.exit_code, 1) << outcome.out;
        return outcome.err;
    };
    EXPECT_EQ(error({"--out", "m.safetensors"}),
              "error: --folds does not go with --out: cross-validation tells how good models would "
              "be and keeps none; leave out --folds to train one on all rows, or --out\n");
    EXPECT_EQ(error({"--test", "d.csv"}),
              "error: --folds does not go with --test: each fold is the test part of the others; "
              "leave one of them out\n");
    EXPECT_EQ(
        error({"--split", "0.2"}),
        "error: --folds does not go with --split: each fold is held out from the others; leave "
        "one of them out\n");
    for (const std::string option : {"--resume", "--log", "--report"}) {
        EXPECT_TRUE(error({option, "m"}).starts_with("error: --folds does not go with " + option));
    }
    EXPECT_TRUE(error({"--stream"}).starts_with("error: --folds does not go with --stream"));
    const ProgramRun one = train({"--folds", "1"});
    EXPECT_EQ(one.err, "error: --folds is 1: there are at least 2\n");
    const ProgramRun many = train({"--weights", "w", "--folds", "121"});
    EXPECT_EQ(many.err,
              "error: 96 rows cannot be dealt out to 121 folds: --folds is at least 2 and at most "
              "the number of rows\n");
}

}  // namespace
}  // namespace chainrule::tests
