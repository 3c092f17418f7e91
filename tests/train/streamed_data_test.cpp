// Examples streamed through a buffer teach what the same examples in memory teach.
#include "train/streamed_data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <numeric>

#include "data/npy.h"
#include "data/test_files.h"
#include "data/words.h"
#include "network_text.h"
#include "train/streamed_source.h"

namespace chainrule {
namespace {

const std::string four_inputs = R"(
    input x[4]
    target y: class(2)
    weight W[2, 4] ~ normal(0, 0.1)
    o = W @ x
    loss cross_entropy(o, y)
)";

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

struct Run {
    TrainResult result;
    LearntData learnt;
    std::vector<std::string> said;
};

std::vector<std::string> messages(const Diagnostics& diagnostics) {
    std::vector<std::string> all;
    for (const Diagnostic& diagnostic : diagnostics.items()) {
        all.push_back(diagnostic.message);
    }
    return all;
}

Run in_memory(const DataRequest& request, const TrainOptions& options,
              const std::string& text = four_inputs) {
    const Network network = network_of(text);
    Diagnostics diagnostics;
    const PreparedData data = prepare_data(network, request, options, diagnostics);
    return {train(network, options, data.parts, diagnostics), data.learnt, messages(diagnostics)};
}

Run streamed(const DataRequest& request, const TrainOptions& options, std::size_t buffer,
             const std::string& text = four_inputs) {
    const Network network = network_of(text);
    Diagnostics diagnostics;
    const StreamedData data = prepare_stream(network, request, options, buffer, diagnostics);
    return {train(network, options, data.sources, diagnostics), data.learnt, messages(diagnostics)};
}

TrainOptions options_with(double split) {
    TrainOptions options{.epochs = 2, .batch = 8, .seed = 5, .threads = 1};
    options.split = split;
    return options;
}

void expect_same(const Run& one, const Run& other) {
    ASSERT_EQ(one.result.weights.size(), other.result.weights.size());
    EXPECT_EQ(one.result.weights[0].data, other.result.weights[0].data);
    EXPECT_EQ(one.result.train.loss, other.result.train.loss);
    EXPECT_EQ(one.result.train.roc_auc, other.result.train.roc_auc);
    EXPECT_EQ(one.learnt.preprocessing.means, other.learnt.preprocessing.means);
    EXPECT_EQ(one.learnt.preprocessing.deviations, other.learnt.preprocessing.deviations);
    EXPECT_EQ(one.learnt.preprocessing.fills, other.learnt.preprocessing.fills);
    EXPECT_EQ(one.learnt.columns, other.learnt.columns);
    EXPECT_EQ(one.learnt.labels, other.learnt.labels);
    EXPECT_EQ(one.said, other.said);
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

// --- arrays ---------------------------------------------------------------------------------

const std::string images_network = R"(
    input x[6]
    target y: class(3)
    weight W[3, 6] ~ normal(0, 0.1)
    u = x / 255
    o = W @ u
    loss cross_entropy(o, y)
)";

std::string idx_of(unsigned char type, std::initializer_list<std::uint32_t> dimensions,
                   std::string_view elements) {
    std::string bytes{'\0', '\0', static_cast<char>(type), static_cast<char>(dimensions.size())};
    for (const std::uint32_t dimension : dimensions) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes += static_cast<char>(dimension >> static_cast<unsigned>(shift));
        }
    }
    return bytes + std::string(elements);
}

constexpr std::uint32_t image_count = 40'000;  // more than one part of labels, and of learnt blocks

std::string image_bytes() {
    std::string pixels;
    for (std::uint32_t i = 0; i < 6 * image_count; ++i) {
        pixels += static_cast<char>(i * 2'654'435'761U >> 24U);
    }
    return pixels;
}

std::string label_bytes(unsigned from) {
    std::string labels;
    for (std::uint32_t i = 0; i < image_count; ++i) {
        labels += static_cast<char>(from + (i * 40'503U >> 7U) % 3);
    }
    return labels;
}

std::string npy_of_floats(const std::vector<std::size_t>& shape, bool column_major = false) {
    std::size_t count = 1;
    for (const std::size_t size : shape) {
        count *= size;
    }
    std::string bytes = npy_head(shape, sizeof(float));
    if (column_major) {
        bytes.replace(bytes.find("False"), 5, "True ");
    }
    for (std::size_t i = 0; i < count; ++i) {
        append_word(bytes, std::bit_cast<std::uint32_t>(static_cast<float>(i % 97) / 97));
    }
    return bytes;
}

TrainOptions few_steps(double split) {
    TrainOptions options = options_with(split);
    options.batch = 1000;
    return options;
}

void expect_streamed_as_in_memory(const DataRequest& request, const TrainOptions& options,
                                  const std::string& network) {
    expect_same(streamed(request, options, image_count, network),
                in_memory(request, options, network));
}

TEST(StreamedArrays, a_buffer_as_large_as_the_files_gives_the_bits_of_training_in_memory) {
    const TempFolder folder;
    const std::string images = idx_of(8, {image_count, 2, 3}, image_bytes());
    DataRequest request{.data = folder.write("images", images),
                        .labels = folder.write("labels", idx_of(8, {image_count}, label_bytes(1))),
                        .test = folder.write("images.gz", gzip_of(images)),
                        .test_labels = folder.write(
                            "labels.gz", gzip_of(idx_of(8, {image_count}, label_bytes(1))))};
    for (const double split : {0.0, 0.25}) {
        expect_streamed_as_in_memory(request, few_steps(split), images_network);
    }
    std::swap(request.data, request.test);
    std::swap(request.labels, request.test_labels);
    request.test.clear();
    request.test_labels.clear();
    expect_streamed_as_in_memory(request, few_steps(0), images_network);
}

TEST(StreamedArrays, of_floats_train_a_network_without_labels) {
    const TempFolder folder;
    const DataRequest request{.data = folder.write("x.npy", npy_of_floats({2000, 6}))};
    expect_streamed_as_in_memory(request, few_steps(0.5), R"(
        input x[6]
        weight m[6]
        loss mean_squared_error(m, x)
    )");
}

TEST(StreamedArrays, warn_of_pixels_that_are_not_scaled_as_training_in_memory_does) {
    const TempFolder folder;
    const DataRequest request{
        .data = folder.write("images", idx_of(8, {image_count, 6}, image_bytes())),
        .labels = folder.write("labels", idx_of(8, {image_count}, label_bytes(0)))};
    std::string unscaled = images_network;
    unscaled.replace(unscaled.find("x / 255"), 7, "x + 0*x");
    unscaled.replace(unscaled.find("W @ u"), 5, "W @ x");
    const auto run = streamed(request, few_steps(0), image_count / 5, unscaled);
    const std::vector<Symptom>& told = run.result.symptoms.told;
    const auto memory = in_memory(request, few_steps(0), unscaled);
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told[0].name, "unscaled_inputs");
    ASSERT_FALSE(memory.result.symptoms.told.empty());
    EXPECT_EQ(told[0].message, memory.result.symptoms.told[0].message);
}

TEST(StreamedArrays, keep_the_format_of_the_file_in_the_buffer) {
    const TempFolder folder;
    const DataRequest request{
        .data = folder.write("images", idx_of(8, {image_count, 6}, image_bytes())),
        .labels = folder.write("labels", idx_of(8, {image_count}, label_bytes(0)))};
    Diagnostics diagnostics;
    const Network network = network_of(images_network);
    const StreamedData data = prepare_stream(network, request, few_steps(0), 100, diagnostics);
    const Dataset& window = data.sources.training->window();
    EXPECT_EQ(window.inputs[0].format(), NumberFormat::u8);
    EXPECT_LT(window.rows, image_count / 4);
}

TEST(StreamedArrays, refuse_bad_labels_and_numbers_with_their_row_in_the_file) {
    const TempFolder folder;
    std::string labels = label_bytes(0);
    labels[30'000] = 7;
    const std::string images = idx_of(8, {image_count, 6}, image_bytes());
    const DataRequest bad_label{.data = folder.write("images", images),
                                .labels = folder.write("labels", idx_of(8, {image_count}, labels))};
    const std::string said =
        refusal([&] { streamed(bad_label, few_steps(0), 100, images_network); });
    EXPECT_TRUE(contains(said, "row 30001: 7 is not a class label")) << said;
    EXPECT_EQ(said, refusal([&] { in_memory(bad_label, few_steps(0), images_network); }));

    std::string floats = npy_of_floats({200'000, 6});
    floats.replace(floats.size() - 4, 4, std::string("\0\0\x80\x7F", 4));  // infinity
    const DataRequest bad_number{.data = folder.write("x.npy", floats)};
    const std::string mean = "input x[6]\nweight m[6]\nloss mean_squared_error(m, x)\n";
    const std::string infinite = refusal([&] { streamed(bad_number, few_steps(0), 100, mean); });
    EXPECT_TRUE(contains(infinite, "row 200000: element 6 is inf")) << infinite;
    EXPECT_EQ(infinite, refusal([&] { in_memory(bad_number, few_steps(0), mean); }));
}

TEST(StreamedArrays, refuse_what_cannot_be_read_in_parts_with_the_reason) {
    const TempFolder folder;
    const auto said = [&](const DataRequest& request) {
        return without_folder(
            refusal([&] { streamed(request, few_steps(0), 100, images_network); }), folder);
    };
    const std::string images = folder.write("i", idx_of(8, {2, 6}, "abcdefABCDEF"));
    const std::string labels = folder.write("l", idx_of(8, {3}, std::string(3, '\1')));
    EXPECT_EQ(said({.data = images, .labels = labels}),
              "i holds 2 examples, but l holds 3 labels: give the files of one data set");
    EXPECT_EQ(said({.data = folder.write("f.npy", npy_of_floats({3, 6}, true)), .labels = labels}),
              "f.npy is in Fortran's order, in which no example is whole before the end of the "
              "file: save it in C's order (numpy.ascontiguousarray), or leave out --stream");
    EXPECT_EQ(said({.data = folder.write("a.npz", "PK\3\4"), .labels = labels}),
              "a.npz is an archive of arrays, of which the last may be needed first: save each as "
              "a file of its own (numpy.save), or leave out --stream");
    EXPECT_TRUE(
        contains(said({.data = images, .labels = "-"}), "standard input cannot be streamed"));
    const std::string table = folder.write("t.csv", "1,2,3,4,5,6,0\n");
    const std::string two = folder.write("two", idx_of(8, {2}, std::string(2, '\1')));
    EXPECT_EQ(said({.data = images, .labels = two, .test = table}),
              "t.csv holds a table and i arrays: give both data sets in one kind of file");
}

TEST(StreamedArrays, refuse_a_file_that_changes_between_readings) {
    const TempFolder folder;
    const std::string path = folder.write("x", idx_of(8, {3}, "abc"));
    auto examples = std::make_shared<StreamedExamples>();
    examples->file = survey_examples(path, "", {});
    examples->bind.inputs = {{"x", {}}};
    const auto source = streamed_source(examples, Side::all, BufferSize{2, 1});
    folder.write("x", idx_of(8, {2}, "ab"));
    EXPECT_TRUE(
        contains(refusal([&] { source->start_epoch(0, 1); }), "was changed while it was read"));
}

// --------------------------------------------------------------------------------------------

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
