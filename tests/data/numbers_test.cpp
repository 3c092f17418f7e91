#include "data/numbers.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "data/preprocessing.h"

namespace chainrule {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Floats = std::vector<float>;

TEST(Numbers, keep_the_format_that_they_came_in) {
    const Numbers bytes(Bytes{0, 128, 255});
    const Numbers floats(Floats{0.1F, -2});
    const Numbers doubles{0.1, 1e300};
    EXPECT_EQ(bytes.format(), NumberFormat::u8);
    EXPECT_EQ(floats.format(), NumberFormat::f32);
    EXPECT_EQ(doubles.format(), NumberFormat::f64);
    EXPECT_EQ(bytes.bytes().size(), 3U);
    EXPECT_EQ(floats.bytes().size(), 8U);
    EXPECT_EQ(doubles.bytes_per_number(), 8U);
    EXPECT_EQ(bytes[2], 255.0);
    EXPECT_EQ(floats[0], static_cast<double>(0.1F));
    EXPECT_EQ(doubles[1], 1e300);
    EXPECT_EQ(bytes.as<std::uint8_t>()[1], 128);
    EXPECT_EQ(Numbers().size(), 0U);
}

TEST(Numbers, of_another_format_are_not_equal) {
    EXPECT_EQ(Numbers(Bytes{1, 2}), Numbers(Bytes{1, 2}));
    EXPECT_NE(Numbers(Bytes{1, 2}), Numbers(Bytes{1, 3}));
    EXPECT_FALSE(Numbers(Bytes{1, 2}) == Numbers(Floats{1, 2}));
}

TEST(Numbers, are_copied_out_as_doubles_from_any_place) {
    const Numbers bytes(Bytes{1, 2, 3, 4});
    std::array<double, 2> out{};
    bytes.copy_to(out, 1);
    EXPECT_EQ(out, (std::array<double, 2>{2, 3}));
}

TEST(Numbers, select_and_keep_rows_in_their_format) {
    Numbers bytes(Bytes{1, 2, 3, 4, 5, 6, 7, 8});
    EXPECT_EQ(bytes.rows(std::vector<std::size_t>{3, 0}, 2), Numbers(Bytes{7, 8, 1, 2}));
    const auto* const block = bytes.bytes().data();
    bytes.keep_rows(std::vector<std::size_t>{0, 2, 3}, 2);
    EXPECT_EQ(bytes, Numbers(Bytes{1, 2, 5, 6, 7, 8}));
    EXPECT_EQ(bytes.bytes().data(), block) << "no second block";
}

TEST(Numbers, of_images_are_never_scaled_and_stay_bytes) {
    Dataset images;
    images.rows = 2;
    images.inputs = {Numbers(Bytes{0, 255, 255, 255})};
    images.input_sizes = {2};
    const Preprocessing how = learn_preprocessing(images, Scale::standard);
    EXPECT_EQ(how.scale, Scale::none);
    EXPECT_TRUE(how.means.empty());
    EXPECT_TRUE(how.diagnostics.empty());
    preprocess(images, how);
    EXPECT_EQ(images.inputs[0], Numbers(Bytes{0, 255, 255, 255}));
}

TEST(Numbers, of_a_dataset_keep_step_with_its_targets) {
    Dataset data;
    data.rows = 3;
    data.inputs = {Numbers(Bytes{1, 2, 3, 4, 5, 6})};
    data.input_sizes = {2};
    data.targets = {10, 20, 30};
    data.target_size = 1;
    const Dataset held_out = select_rows(data, std::vector<std::size_t>{1});
    EXPECT_EQ(held_out.inputs[0], Numbers(Bytes{3, 4}));
    keep_rows(data, std::vector<std::size_t>{0, 2});
    EXPECT_EQ(data.rows, 2U);
    EXPECT_EQ(data.inputs[0], Numbers(Bytes{1, 2, 5, 6}));
    EXPECT_EQ(data.targets, (std::vector<double>{10, 30}));
}

}  // namespace
}  // namespace chainrule
