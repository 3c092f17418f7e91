// Examples streamed through a buffer teach what the same examples in memory teach.
#include "train/streamed_data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "data/test_files.h"
#include "streamed_run.h"
#include "train/streamed_source.h"

namespace chainrule {
namespace {

// Numbers, some missing, and a category of which `rare` stands in one row only.
std::string rows(std::size_t count, std::string_view quoted = "") {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string number = i % 7 == 3 ? "?" : std::to_string(i * 37 % 101) + ".25";
        const std::string kind = i == count / 2 ? "rare" : i % 3 == 0 ? "red" : "blue";
        text += number + "," + (quoted.empty() ? kind : '"' + kind + std::string(quoted) + '"') +
                (i % 2 == 0 ? ",no\n" : ",yes.\n");
    }
    return text;
}

TEST(StreamedData, a_buffer_as_large_as_the_file_gives_the_bits_of_training_in_memory) {
    const TempFolder folder;
    const std::string test = folder.write("test.csv", rows(40));
    for (const char* const quoted : {"", "\n"}) {  // a line end in quotes is no plain text
        const std::string path = folder.write("train.csv", rows(301, quoted));
        for (const double split : {0.0, 0.25}) {
            const DataRequest request{.data = path, .test = *quoted == '\0' ? test : ""};
            expect_same(streamed(request, options_with(split), 301),
                        in_memory(request, options_with(split)));
        }
    }
}

TEST(StreamedData, rows_of_several_blocks_and_parts_teach_the_same_scales) {
    const TempFolder folder;
    const std::string path = folder.write("train.csv", rows(20'000));
    TrainOptions options = options_with(0.1);
    options.epochs = 1;
    expect_same(streamed({.data = path}, options, 20'000), in_memory({.data = path}, options));
}

TEST(StreamedData, number_labels_that_do_not_count_from_0_are_mapped_or_refused_with_their_row) {
    const TempFolder folder;
    const auto with_labels = [&](std::string_view last) {
        return folder.write("d.csv", "1,2,3,4,1\n5,6,7,9,2\n2,2,2,1," + std::string(last) + "\n");
    };
    const std::string good = with_labels("2");
    expect_same(streamed({.data = good}, options_with(0), 3),
                in_memory({.data = good}, options_with(0)));
    const std::string bad = with_labels("2.5");
    EXPECT_EQ(refusal([&] { streamed({.data = bad}, options_with(0), 3); }),
              refusal([&] { in_memory({.data = bad}, options_with(0)); }));
}

TEST(StreamedData, weights_of_rows_and_classes_give_the_bits_of_training_in_memory) {
    const TempFolder folder;
    std::string text;
    for (std::size_t i = 0; i < 300; ++i) {
        text += std::to_string(i % 4) + "," + std::to_string(i * 37 % 101) + ",0.5," +
                std::to_string(i % 13) + "," + std::to_string(i % 5) +
                (i % 10 == 0  ? ",7\n"
                 : i % 3 == 0 ? ",7\n"
                              : ",3\n");
    }
    DataRequest request{.data = folder.write("d.csv", text), .weights = "1"};
    request.test = folder.write("t.csv", text.substr(0, text.find('\n', 500) + 1));
    for (const bool stratify : {true, false}) {
        for (const double split : {0.0, 0.25}) {
            TrainOptions options = options_with(split);
            options.stratify = stratify;
            for (const ClassWeights& weights :
                 {ClassWeights{.balanced = true}, ClassWeights{.by_label = {{"7", 2.5}}}}) {
                options.class_weights = weights;
                const auto stream = streamed(request, options, 300);
                expect_same(stream, in_memory(request, options));
                EXPECT_EQ(stream.learnt.weight_column, "c1");
            }
            options.class_weights.reset();
            expect_same(streamed(request, options, 300), in_memory(request, options));
        }
    }
    request.weights = "2";  // of which some are 0
    expect_same(streamed(request, options_with(0.25), 300), in_memory(request, options_with(0.25)));
}

TEST(StreamedData, refuses_weights_as_in_memory) {
    const TempFolder folder;
    const auto refusals = [&](const std::string& text) {
        const DataRequest request{.data = folder.write("d.csv", text), .weights = "1"};
        const std::string said = refusal([&] { streamed(request, options_with(0), 9); });
        EXPECT_EQ(said, refusal([&] { in_memory(request, options_with(0)); }));
        return said;
    };
    EXPECT_TRUE(
        contains(refusals("1,1,2,3,4,no\n-1,1,2,3,5,yes\n"), "row 2, column 1: the weight is -1"));
    EXPECT_TRUE(contains(refusals("0,1,2,3,4,no\n0,1,2,3,5,yes\n"), "the weights of all rows"));
}

TEST(StreamedData, counts_all_missing_cells_and_names_the_row_of_a_nan_as_in_memory) {
    const TempFolder folder;
    TrainOptions options = options_with(0);
    options.missing = MissingCells::refuse;
    const DataRequest missing{.data = folder.write("d.csv", rows(60'000, "\n"))};
    const std::string said = refusal([&] { streamed(missing, options, 100); });
    EXPECT_TRUE(contains(said, "the cell is missing (8571 missing cells in all)")) << said;
    EXPECT_EQ(said, refusal([&] { in_memory(missing, options); }));

    std::string text = "x,y\n";
    for (std::size_t i = 0; i < 400; ++i) {
        text += i == 250 ? "\n-1,2\n" : "1,0\n";
    }
    const std::string logarithm =
        "input x\ntarget y\nweight w = 1\nh = log(w * x)\nloss squared_error(h, y)\n";
    const DataRequest request{.data = folder.write("log.csv", text)};
    options.scale = Scale::none;
    for (const std::size_t buffer : {std::size_t{30}, std::size_t{400}}) {
        const auto run = streamed(request, options, buffer, logarithm);
        ASSERT_TRUE(run.result.failure);
        EXPECT_EQ(
            run.result.failure->notes.at(0).message,
            "row 253 of " + request.data + " makes it, as the network gets it: x = -1, y = 2");
    }
}

TEST(StreamedData, a_class_of_one_row_stays_in_the_training_part_with_a_note) {
    const TempFolder folder;
    std::string text;
    for (int i = 0; i < 50; ++i) {
        text += "1,2," + std::to_string(i) + ",5," + (i == 20 ? "1\n" : "0\n");
    }
    const DataRequest request{.data = folder.write("d.csv", text)};
    const auto memory = in_memory(request, options_with(0.5));
    expect_same(streamed(request, options_with(0.5), 50), memory);
    EXPECT_EQ(std::count(memory.said.begin(), memory.said.end(),
                         "class 1 has one row only, which stays in the training part"),
              1);
    EXPECT_EQ(memory.result.train.confusion[1][0] + memory.result.train.confusion[1][1], 1U);
}

TEST(StreamedData, refuses_an_optimiser_that_needs_all_rows_at_once) {
    TrainOptions options = options_with(0);
    options.optimizer = merge_options({}, {.optimizer = "lbfgs"}).optimizer;
    EXPECT_EQ(refusal([&] { streamed({.data = "d.csv"}, options, 3); }),
              "lbfgs takes every step on all rows, of which --stream holds a part: leave out "
              "--stream, or choose sgd or adam");
}

TEST(StreamedData, refuses_what_cannot_be_read_again) {
    EXPECT_TRUE(contains(refusal([] { streamed({.data = "-"}, options_with(0), 3); }),
                         "standard input cannot be streamed"));
}

std::shared_ptr<const StreamedExamples> numbered(const std::string& path) {
    auto table = std::make_shared<StreamedExamples>();
    table->file = survey_table(path, {}, {.stretch_bytes = 64, .stretches = 2});
    table->bind.inputs = {{"x", {}}};
    return table;
}

std::vector<double> epoch_of(ExampleSource& source, std::uint64_t seed, std::uint64_t epoch) {
    source.start_epoch(seed, epoch);
    std::vector<double> values;
    for (auto rows = source.take(3, 4); !rows.empty(); rows = source.take(3, 4)) {
        for (const std::size_t row : rows) {
            values.push_back(source.window().inputs[0][row]);
        }
    }
    return values;
}

TEST(StreamedSource, takes_every_row_once_and_none_before_it_can_be_in_the_buffer) {
    const TempFolder folder;
    std::string text;
    for (int i = 0; i < 500; ++i) {
        text += std::to_string(i) + "\n";
    }
    const std::string path = folder.write("d.csv", text);
    const auto source = streamed_source(numbered(path), Side::all, BufferSize{20, 4});
    std::vector<double> values = epoch_of(*source, 1, 1);
    EXPECT_EQ(values, epoch_of(*source, 1, 1)) << "a function of seed and epoch";
    EXPECT_NE(values, epoch_of(*source, 1, 2));
    EXPECT_NE(values, epoch_of(*source, 2, 1));
    for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_LT(values[i], static_cast<double>(i + 20));
    }
    std::ranges::sort(values);
    std::vector<double> all(500);
    std::iota(all.begin(), all.end(), 0.0);
    EXPECT_EQ(values, all);
}

TEST(StreamedSource, refuses_a_file_that_changes_between_readings) {
    const TempFolder folder;
    const std::string path = folder.write("d.csv", "1\n2\n3\n");
    const auto source = streamed_source(numbered(path), Side::all, BufferSize{2, 1});
    for (const char* const other : {"1\n2\n", "1\n2\n3\n4\n", "1\n2\n300\n", "1\n2\nx\n"}) {
        folder.write("d.csv", other);
        EXPECT_TRUE(
            contains(refusal([&] { epoch_of(*source, 0, 1); }), "was changed while it was read"))
            << other;
    }
}

}  // namespace
}  // namespace chainrule
