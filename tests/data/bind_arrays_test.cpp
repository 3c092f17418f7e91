// Rows C6 and I2 of the list of bad inputs, where arrays meet a network.
#include "data/bind_arrays.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "test_files.h"

namespace chainrule {
namespace {

using Bytes = std::vector<std::uint8_t>;

ArrayFile file_of(const std::string& source, std::vector<std::size_t> shape, Numbers numbers,
                  const std::string& name = "") {
    return {source, {{name, {source, std::move(shape), std::move(numbers)}}}};
}

ArrayFile images() {
    return file_of("images", {3, 2, 2}, Bytes{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255});
}
ArrayFile labels(Bytes numbers) {
    const std::size_t rows = numbers.size();
    return file_of("labels", {rows}, std::move(numbers));
}

BindRequest pixels(std::vector<std::int64_t> shape, std::int64_t classes = 3) {
    return {.inputs = {{"x", std::move(shape)}}, .target = TargetRequest{"y", {}, classes}};
}

TEST(BindArrays, feeds_images_whose_shape_or_number_of_elements_agrees_without_touching_them) {
    for (const std::vector<std::int64_t>& shape :
         {std::vector<std::int64_t>{2, 2}, {4}, {1, 2, 2}, {4, 1}}) {
        const Dataset data = bind_arrays(images(), labels({0, 1, 2}), pixels(shape));
        EXPECT_EQ(data.rows, 3U);
        EXPECT_EQ(data.inputs[0], images().arrays[0].array.numbers);
        EXPECT_EQ(data.input_sizes, (std::vector<std::size_t>{4}));
        EXPECT_EQ(data.targets, (std::vector<double>{0, 1, 2}));
        EXPECT_EQ(data.target_size, 1U);
        EXPECT_TRUE(data.columns.empty());
        EXPECT_TRUE(data.diagnostics.empty());
    }
}

TEST(BindArrays, refuses_another_number_of_elements_naming_both) {
    EXPECT_EQ(
        refusal([] { bind_arrays(images(), labels({0, 1, 2}), pixels({5})); }),
        "images holds examples [2, 2] of 4 numbers, but the input x[5] takes 5: declare `input "
        "x[2,2]`");
    EXPECT_EQ(
        refusal([] { bind_arrays(file_of("d", {2}, {1, 2}), labels({0, 1}), pixels({2}, 2)); }),
        "d holds examples [] of 1 number, but the input x[2] takes 2: declare `input x`");
}

TEST(BindArrays, refuses_images_and_labels_of_different_number_naming_both) {
    EXPECT_EQ(refusal([] { bind_arrays(images(), labels({0, 1}), pixels({4})); }),
              "images holds 3 examples, but labels holds 2 labels: give the files of one data set");
}

TEST(BindArrays, refuses_a_label_that_is_no_class_naming_its_row) {
    EXPECT_EQ(refusal([] { bind_arrays(images(), labels({0, 1, 3}), pixels({4})); }),
              "labels: row 3: 3 is not a class label: class(3) takes the integers 0 to 2");
    EXPECT_EQ(
        refusal([] { bind_arrays(images(), file_of("labels", {3}, {0, 2.5, 1}), pixels({4})); }),
        "labels: row 2: 2.5 is not a class label: class(3) takes the integers 0 to 2");
}

TEST(BindArrays, maps_labels_that_do_not_count_from_0) {
    const Dataset data = bind_arrays(images(), labels({3, 1, 2}), pixels({4}));
    EXPECT_EQ(data.targets, (std::vector<double>{2, 0, 1}));
    EXPECT_EQ(data.labels, (std::vector<std::string>{"1", "2", "3"}));
    EXPECT_EQ(
        data.diagnostics.at(0).message,
        "the labels of the target y do not count from 0 and are read as \"1\" = 0, \"2\" = 1, "
        "\"3\" = 2");
}

TEST(BindArrays, takes_numbers_of_any_shape_for_a_target_that_is_no_class) {
    const BindRequest request = {.inputs = {{"x", {4}}}, .target = TargetRequest{"y", {2}, 0}};
    const Dataset data =
        bind_arrays(images(), file_of("labels", {3, 2}, {1, 2, 3, 4, 5, 6.5}), request);
    EXPECT_EQ(data.targets, (std::vector<double>{1, 2, 3, 4, 5, 6.5}));
    EXPECT_EQ(data.target_size, 2U);
}

TEST(BindArrays, tells_one_hot_labels_from_classes) {
    EXPECT_EQ(refusal([] {
                  bind_arrays(images(), file_of("labels", {3, 2}, {1, 0, 1, 0, 0, 1}), pixels({4}));
              }),
              "labels holds labels [2] of 2 numbers, but the target y is a class, one number: give "
              "the number of the class, or declare `target y[2]`");
}

TEST(BindArrays, refuses_data_without_labels) {
    EXPECT_EQ(refusal([] { bind_arrays(images(), std::nullopt, pixels({4})); }),
              "images holds no labels for the target y: give their file with --labels");
}

TEST(BindArrays, refuses_numbers_that_are_not_finite_naming_the_row) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(refusal([&] {
                  bind_arrays(file_of("d", {2, 2}, {1, 2, 3, nan}), labels({0, 1}), pixels({2}, 2));
              }),
              "d: row 2: element 2 is nan, not a finite number: fill it in or remove the row");
}

TEST(BindArrays, binds_the_arrays_of_one_file_by_name_else_in_order) {
    const auto arrays = [](const std::string& first, const std::string& second) {
        ArrayFile file = file_of("d", {2, 1}, {5, 6}, first);
        file.arrays.push_back({second, {"d", {2}, {0, 1}}});
        return file;
    };
    for (const auto& file : {arrays("x", "y"), arrays("arr_0", "arr_1")}) {
        const Dataset data = bind_arrays(file, std::nullopt, pixels({1}, 2));
        EXPECT_EQ(data.inputs[0], (Numbers{5, 6}));
        EXPECT_EQ(data.targets, (std::vector<double>{0, 1}));
    }
    BindRequest request = {.inputs = {{"x", {}}}, .target = TargetRequest{"y", {}, 0}};
    EXPECT_EQ(bind_arrays(arrays("y", "x"), std::nullopt, request).targets,
              (std::vector<double>{5, 6}));
    request.target_column = "b";
    EXPECT_EQ(bind_arrays(arrays("b", "a"), std::nullopt, request).targets,
              (std::vector<double>{5, 6}));
    request.target_column = "c";
    EXPECT_EQ(refusal([&] { bind_arrays(arrays("b", "a"), std::nullopt, request); }),
              "d has no array called c: --target selects a column of a table or an array by its "
              "name");
}

TEST(BindArrays, refuses_too_many_arrays_or_too_few) {
    const BindRequest two = {.inputs = {{"a", {}}, {"b", {}}}, .target = std::nullopt};
    EXPECT_EQ(refusal([&] { bind_arrays(file_of("d", {2}, {1, 2}), std::nullopt, two); }),
              "d holds 1 array for the inputs, of which the network has 2: put one array for each, "
              "of its name, into an .npz file");
}

}  // namespace
}  // namespace chainrule
