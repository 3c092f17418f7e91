// Arrays streamed through a buffer teach what the same arrays in memory teach.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <numeric>

#include "data/npy.h"
#include "data/test_files.h"
#include "data/words.h"
#include "streamed_run.h"
#include "train/streamed_source.h"

namespace chainrule {
namespace {

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

}  // namespace
}  // namespace chainrule
