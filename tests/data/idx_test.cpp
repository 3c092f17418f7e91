// Rows I1 and I2 of the list of bad inputs; the good ones are MNIST's own files and, for the types
// that MNIST has not, bytes written after the format's description.
#include "data/idx.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "test_files.h"

namespace chainrule {
namespace {

using Shape = std::vector<std::size_t>;

std::string operator""_b(const char* bytes, std::size_t size) { return {bytes, size}; }

NumberArray read(std::string_view bytes) {
    const TempFolder folder;
    DataSource source(folder.write("d.idx", bytes));
    return read_idx(source.stream());
}

// After "d.idx is not a valid IDX file: ".
std::string idx_refusal(std::string_view bytes) {
    const TempFolder folder;
    const std::string path = folder.write("d.idx", bytes);
    const std::string message = without_folder(refusal([&] {
                                                   DataSource source(path);
                                                   read_idx(source.stream());
                                               }),
                                               folder);
    const std::string_view head = "d.idx is not a valid IDX file: ";
    EXPECT_TRUE(message.starts_with(head)) << message;
    return message.substr(std::min(head.size(), message.size()));
}

TEST(Idx, keeps_unsigned_bytes_as_bytes) {
    const NumberArray array = read("\0\0\x08\x02\0\0\0\x02\0\0\0\x03\x00\x01\x7F\x80\xFE\xFF"_b);
    EXPECT_EQ(array.shape, (Shape{2, 3}));
    EXPECT_EQ(array.numbers, Numbers(std::vector<std::uint8_t>{0, 1, 127, 128, 254, 255}));
    EXPECT_EQ(array.rows(), 2U);
    EXPECT_EQ(array.item_size(), 3U);
    EXPECT_EQ(array.item_shape(), "[3]");
}

TEST(Idx, reads_every_type_of_the_format_most_significant_byte_first) {
    EXPECT_EQ(read("\0\0\x09\x01\0\0\0\x02\x80\x7F"_b).numbers,
              Numbers(std::vector<float>{-128, 127}));
    EXPECT_EQ(read("\0\0\x0B\x01\0\0\0\x02\x80\x00\x01\x02"_b).numbers,
              Numbers(std::vector<float>{-32768, 258}));
    EXPECT_EQ(read("\0\0\x0C\x01\0\0\0\x02\xFF\xFF\xFF\xFE\x01\x02\x03\x04"_b).numbers,
              Numbers(std::vector<double>{-2, 16909060}));
    EXPECT_EQ(read("\0\0\x0D\x01\0\0\0\x02\x3F\x80\0\0\xC0\x20\0\0"_b).numbers,
              Numbers(std::vector<float>{1, -2.5}));
    EXPECT_EQ(read("\0\0\x0E\x01\0\0\0\x01\x3F\xB9\x99\x99\x99\x99\x99\x9A"_b).numbers,
              Numbers(std::vector<double>{0.1}));
}

TEST(Idx, is_recognised_by_two_zeros_also_inside_gzip) {
    const TempFolder folder;
    const std::string bytes = "\0\0\x08\x01\0\0\0\x01\x05"_b;
    DataSource plain(folder.write("a", bytes));
    DataSource packed(folder.write("b", gzip_of(bytes)));
    DataSource text(folder.write("c", "1,2\n"));
    EXPECT_TRUE(begins_as_idx(plain));
    EXPECT_TRUE(begins_as_idx(packed));
    EXPECT_FALSE(begins_as_idx(text));
    EXPECT_EQ(read_idx(packed.stream()).numbers[0], 5);
}

TEST(Idx, refuses_a_wrong_beginning) {
    EXPECT_EQ(idx_refusal(""), "it has 0 bytes, fewer than the 4 with which one begins");
    EXPECT_EQ(idx_refusal("\0\0\x08"_b), "it has 3 bytes, fewer than the 4 with which one begins");
    EXPECT_EQ(idx_refusal("\x01\0\x08\x01\0\0\0\x01\x05"_b),
              "it begins with the bytes 0x01 0x00, not with two zeros");
    EXPECT_EQ(
        idx_refusal("\0\0\x07\x01\0\0\0\x01\x05"_b),
        "byte 3, the type of its elements, is 0x07; there are 0x08 unsigned byte, 0x09 signed "
        "byte, 0x0B short, 0x0C int, 0x0D float, 0x0E double");
    EXPECT_EQ(idx_refusal("\0\0\x08\0\x05"_b),
              "byte 4, the number of its dimensions, is 0; from 1 to 32 are read");
    EXPECT_EQ(idx_refusal("\0\0\x08\xFF\0\0\0\x01\x05"_b),
              "byte 4, the number of its dimensions, is 255; from 1 to 32 are read");
}

TEST(Idx, refuses_a_header_that_is_cut_or_holds_a_0) {
    EXPECT_EQ(idx_refusal("\0\0\x08\x03\0\0\0\x01\0\0"_b),
              "its header for 3 dimensions is cut short: 10 of 16 bytes");
    EXPECT_EQ(idx_refusal("\0\0\x08\x02\0\0\0\x01\0\0\0\0"_b),
              "its dimension 2 is 0: it holds nothing");
}

TEST(Idx, refuses_dimensions_that_the_file_cannot_hold_before_allocating) {
    const std::string huge = "\0\0\x08\x02\x80\0\0\0\x80\0\0\0abc"_b;
    EXPECT_EQ(idx_refusal(huge),
              "its header promises 2147483648 x 2147483648 elements of 1 byte, more than the file "
              "can hold");
    EXPECT_TRUE(contains(idx_refusal(gzip_of(huge)), "more than the file can hold"));
    // 2^96 elements, a product that 64 bits do not hold.
    EXPECT_TRUE(
        contains(idx_refusal("\0\0\x0E\x03\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"_b),
                 "more than the file can hold"));
    EXPECT_EQ(idx_refusal("\0\0\x0C\x01\0\0\0\x02\0\0\0\x01\0\0\0"_b),
              "its header promises 2 elements of 4 bytes, more than the file can hold");
}

TEST(Idx, refuses_too_few_and_too_many_elements) {
    // In gzip the size of the data is seen only at its end.
    EXPECT_EQ(idx_refusal(gzip_of("\0\0\x08\x01\0\0\0\x03\x01\x02"_b)),
              "it ends after 2 of its 3 elements");
    EXPECT_EQ(idx_refusal("\0\0\x08\x01\0\0\0\x02\x01\x02\x03"_b),
              "bytes follow the last of its 2 elements");
}

TEST(Idx, takes_no_memory_for_elements_that_do_not_come) {
    if (!memory_is_measurable) {
        GTEST_SKIP() << "the sanitizer's own memory would be measured";
    }
    // A megabyte of gzip could hold the gigabyte that the header promises, and holds 100 MB.
    const TempFolder folder;
    std::string noise(1'000'000, '\0');
    std::uint32_t state = 1;
    for (char& byte : noise) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<char>(state >> 24);
    }
    const std::string path =
        folder.write("d.idx", gzip_of("\0\0\x08\x01\x3B\x9A\xCA\x00"_b + noise));
    const Measured measured = measure_in_child([&] {
        DataSource source(path);
        try {
            read_idx(source.stream());
            return 0;
        } catch (const UserError&) {
            return 1;
        }
    });
    const Measured before = measure_in_child([] { return 0; });
    EXPECT_EQ(measured.exit_code, 1);
    EXPECT_LE(measured.peak_bytes, before.peak_bytes + (std::size_t{8} << 20));
}

TEST(Idx, never_does_anything_but_read_or_refuse_a_file_with_a_wrong_byte) {
    const std::string good = "\0\0\x0B\x02\0\0\0\x02\0\0\0\x02\x00\x01\x7F\x80\xFE\xFF\x00\x00"_b;
    ASSERT_EQ(read(good).shape, (Shape{2, 2}));
    const TempFolder folder;
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string bytes = good;
            bytes[at] = static_cast<char>(byte);
            DataSource source(folder.write("d.idx", bytes));
            try {
                const NumberArray array = read_idx(source.stream());
                EXPECT_EQ(array.rows() * array.item_size(), array.numbers.size());
            } catch (const UserError&) {
            }
        }
    }
}

// --- MNIST ----------------------------------------------------------------------------------

std::string mnist(const std::string& name) {
    return std::string(CHAINRULE_SHARED_DATA) + "/mnist/" + name + "-ubyte.gz";
}

TEST(Idx, reads_mnist_as_it_comes) {
    if (!std::filesystem::exists(mnist("train-images-idx3"))) {
        GTEST_SKIP() << "the shared data sets are not here";
    }
    DataSource image_source(mnist("train-images-idx3"));
    const NumberArray images = read_idx(image_source.stream());
    EXPECT_EQ(images.shape, (Shape{60'000, 28, 28}));
    EXPECT_EQ(images.item_shape(), "[28, 28]");
    // The mean pixel is the published 0.1307 of 255 (as torchvision's examples normalise by).
    const auto pixels = images.numbers.as<std::uint8_t>();
    const double sum = std::accumulate(pixels.begin(), pixels.end(), 0.0);
    EXPECT_NEAR(sum / static_cast<double>(pixels.size()) / 255, 0.1307, 5e-5);

    DataSource label_source(mnist("train-labels-idx1"));
    const NumberArray labels = read_idx(label_source.stream());
    EXPECT_EQ(labels.shape, (Shape{60'000}));
    // How often each digit occurs (LeCun's training set).
    std::vector<int> counts(10, 0);
    for (const std::uint8_t label : labels.numbers.as<std::uint8_t>()) {
        ++counts.at(label);
    }
    EXPECT_EQ(counts,
              (std::vector<int>{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}));
}

TEST(Idx, reads_mnist_in_little_more_than_its_own_bytes) {
    if (!memory_is_measurable || !std::filesystem::exists(mnist("train-images-idx3"))) {
        GTEST_SKIP() << "the shared data sets are not here, or memory cannot be measured";
    }
    const Measured measured = measure_in_child([] {
        DataSource source(mnist("train-images-idx3"));
        return read_idx(source.stream()).rows() == 60'000 ? 0 : 1;
    });
    const Measured before = measure_in_child([] { return 0; });
    EXPECT_EQ(measured.exit_code, 0);
    EXPECT_LE(measured.peak_bytes, before.peak_bytes + 47'040'000 + (std::size_t{4} << 20));
}

}  // namespace
}  // namespace chainrule
