// Rows S1 to S5 of the list of bad inputs.
#include "data/safetensors.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "safetensors_file.h"

namespace chainrule {
namespace {

std::string header_refusal(std::string_view header, std::size_t data) {
    return tensors_refusal(file_of(header, data));
}

constexpr std::string_view scalar = R"("s":{"dtype":"F32","shape":[],"data_offsets":[0,4]})";

std::string object(std::string_view inside) { return "{" + std::string(inside) + "}"; }

// --- S1: the length -------------------------------------------------------------------------

TEST(Safetensors, refuses_fewer_than_eight_bytes) {
    EXPECT_EQ(tensors_refusal(""), "it has 0 bytes, fewer than the 8 of the header's length");
    EXPECT_EQ(tensors_refusal("1234567"),
              "it has 7 bytes, fewer than the 8 of the header's length");
}

TEST(Safetensors, refuses_a_header_longer_than_the_file) {
    EXPECT_EQ(tensors_refusal(length_of(3) + "{}"), "its header would have 3 bytes, but 2 follow");
    EXPECT_EQ(tensors_refusal(length_of(2)), "its header would have 2 bytes, but 0 follow");
}

TEST(Safetensors, refuses_a_length_above_the_limit_before_allocating) {
    if (!memory_is_measurable) {
        GTEST_SKIP() << "the sanitizer's own memory would be measured";
    }
    EXPECT_EQ(tensors_refusal(length_of(~std::uint64_t{0}) + "{}"),
              "its header would have 18446744073709551615 bytes, above the limit of 100000000");
    EXPECT_EQ(tensors_refusal(length_of(100'000'001) + "{}"),
              "its header would have 100000001 bytes, above the limit of 100000000");
    const std::size_t before = measure_in_child([] { return 0; }).peak_bytes;
    const Measured measured = measure_in_child([] {
        return contains(tensors_refusal(length_of(99'999'999) + "{}"), "but 2 follow") ? 0 : 1;
    });
    EXPECT_EQ(measured.exit_code, 0);
    EXPECT_LT(measured.peak_bytes, before + (std::size_t{8} << 20));
}

// --- S2: the JSON ---------------------------------------------------------------------------

TEST(Safetensors, refuses_a_header_that_is_no_object) {
    EXPECT_EQ(header_refusal("", 0), "its header does not begin with {");
    EXPECT_EQ(header_refusal("[]", 0), "its header does not begin with {");
    EXPECT_EQ(header_refusal(" {}", 0), "its header does not begin with {");
    EXPECT_TRUE(contains(header_refusal("{", 0), "is not as JSON has it"));
    EXPECT_TRUE(contains(header_refusal("{} x", 0), "is not as JSON has it"));
    EXPECT_TRUE(contains(header_refusal("{}{}", 0), "is not as JSON has it"));
}

TEST(Safetensors, refuses_a_deep_header) {
    EXPECT_EQ(header_refusal(R"({"a":)" + std::string(100'000, '['), 0),
              "the entry \"a\" is an array, not an object");
    std::string objects;
    for (int i = 0; i < 100'000; ++i) {
        objects += R"({"shape":)";
    }
    EXPECT_EQ(header_refusal(objects, 0), "the tensor \"shape\" has an object in its \"shape\"");
    EXPECT_EQ(header_refusal(R"({"a":{"shape":[[1]]}})", 0),
              "the tensor \"a\" has an array in its \"shape\"");
}

TEST(Safetensors, refuses_a_duplicate_key) {
    const std::string twice = object(std::string(scalar) + "," + std::string(scalar));
    EXPECT_EQ(header_refusal(twice, 4), "the key \"s\" stands twice in the header");
    EXPECT_EQ(header_refusal(R"({"s":{"dtype":"F32","dtype":"F32"}})", 0),
              "the key \"dtype\" stands twice in the header");
    EXPECT_EQ(header_refusal(R"({"__metadata__":{"a":"1","a":"2"}})", 0),
              "the key \"a\" stands twice in the header");
}

TEST(Safetensors, refuses_bad_utf8) {
    EXPECT_EQ(header_refusal("{\"\xFF\":1}", 0),
              "byte 3 of the header is not as JSON has it, in UTF-8");
}

TEST(Safetensors, refuses_a_hundred_thousand_entries_and_more) {
    std::string metadata = R"({"__metadata__":{"k":"")";
    for (int i = 0; i < 100'001; ++i) {
        metadata += ",\"" + std::to_string(i) + "\":\"\"";
    }
    EXPECT_EQ(header_refusal(metadata + "}}", 0), "the header has more than 100000 entries");
}

TEST(Safetensors, refuses_what_is_no_tensor) {
    EXPECT_EQ(header_refusal(R"({"a":1})", 0), "the entry \"a\" is the number 1, not an object");
    EXPECT_EQ(header_refusal(R"({"a":null})", 0), "the entry \"a\" is a null, not an object");
    EXPECT_EQ(header_refusal(R"({"a":{"dtype":"F32","shape":[]}})", 0),
              "the tensor \"a\" lacks its dtype, shape or data_offsets");
    EXPECT_EQ(header_refusal(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0]}})", 0),
              "the tensor \"a\" has 1 data offsets, not 2");
    EXPECT_EQ(header_refusal(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}})", 8),
              "the tensor \"a\" has the number 8 in its \"data_offsets\"");
    EXPECT_EQ(header_refusal(R"({"a":{"color":1}})", 0),
              "the tensor \"a\" has the key \"color\" in its \"color\"");
    EXPECT_EQ(header_refusal(R"({"a":{"shape":7}})", 0),
              "the tensor \"a\" has the number 7 in its \"shape\"");
    EXPECT_EQ(header_refusal(R"({"a":{"dtype":["F32"]}})", 0),
              "the tensor \"a\" has an array in its \"dtype\"");
}

// --- S3: the offsets ------------------------------------------------------------------------

std::string two_tensors(std::string_view first, std::string_view second) {
    return R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)" + std::string(first) +
           R"(},"b":{"dtype":"F32","shape":[2],"data_offsets":)" + std::string(second) + "}}";
}

TEST(Safetensors, accepts_tensors_in_any_order_of_the_header) {
    EXPECT_EQ(parse_tensors(file_of(two_tensors("[0,8]", "[8,16]"), 16)).tensors[0].name, "a");
    EXPECT_EQ(parse_tensors(file_of(two_tensors("[8,16]", "[0,8]"), 16)).tensors[0].name, "b");
}

TEST(Safetensors, refuses_overlapping_data) {
    EXPECT_EQ(
        header_refusal(two_tensors("[0,8]", "[4,12]"), 12),
        "the tensor \"b\" begins at byte 4, where 8 is expected: data must neither overlap nor "
        "leave gaps");
    EXPECT_TRUE(contains(header_refusal(two_tensors("[0,8]", "[0,8]"), 8), "where 8 is expected"));
}

TEST(Safetensors, refuses_a_hole) {
    EXPECT_TRUE(
        contains(header_refusal(two_tensors("[0,8]", "[12,20]"), 20), "where 8 is expected"));
    EXPECT_TRUE(
        contains(header_refusal(two_tensors("[4,12]", "[12,20]"), 20), "where 0 is expected"));
    EXPECT_EQ(header_refusal(two_tensors("[0,8]", "[8,16]"), 20),
              "its tensors take 16 bytes, but 20 follow the header");
}

TEST(Safetensors, refuses_reversed_offsets_and_data_past_the_end) {
    EXPECT_EQ(header_refusal(two_tensors("[8,0]", "[8,16]"), 16),
              "the tensor \"a\" ends at byte 0, before its begin, 8");
    EXPECT_EQ(header_refusal(two_tensors("[0,8]", "[8,16]"), 12),
              "the tensor \"b\" ends at byte 16 of 12");
    EXPECT_EQ(header_refusal(two_tensors("[0,8]", "[8,18446744073709551615]"), 16),
              "the tensor \"b\" ends at byte 18446744073709551615 of 16");
}

TEST(Safetensors, refuses_unaligned_data) {
    EXPECT_EQ(header_refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                             R"("b":{"dtype":"F64","shape":[1],"data_offsets":[4,12]}})",
                             12),
              "the tensor \"b\" begins at byte 4, which is not aligned to 8 bytes");
}

// --- S4: shapes, dtypes, metadata -----------------------------------------------------------

std::string tensor_of_shape(std::string_view shape) {
    return R"({"a":{"dtype":"F64","shape":)" + std::string(shape) + R"(,"data_offsets":[0,16]}})";
}

TEST(Safetensors, refuses_a_shape_that_is_not_its_datas) {
    EXPECT_EQ(header_refusal(tensor_of_shape("[3]"), 16),
              "the tensor \"a\" has the shape [3], which takes 24 bytes, but 16 bytes of data");
    // 2^31 * 2^30 * 8 = 2^64 would wrap to 0, and with one more dimension to anything.
    EXPECT_EQ(header_refusal(tensor_of_shape("[2147483648, 1073741824]"), 16),
              "the tensor \"a\" has the shape [2147483648, 1073741824], which no memory holds");
    EXPECT_TRUE(contains(header_refusal(tensor_of_shape("[2305843009213693954]"), 16),
                         "which no memory holds"));  // (2^61 + 2) * 8 wraps to 16
}

TEST(Safetensors, refuses_a_negative_or_fractional_or_huge_dimension) {
    EXPECT_EQ(header_refusal(tensor_of_shape("[-1]"), 16),
              "the tensor \"a\" has the number -1 in its \"shape\"");
    EXPECT_EQ(header_refusal(tensor_of_shape("[2.0]"), 16),
              "the tensor \"a\" has a number that is no integer in its \"shape\"");
    EXPECT_EQ(header_refusal(tensor_of_shape("[9223372036854775808]"), 16),
              "the tensor \"a\" has the dimension 9223372036854775808 in its \"shape\"");
    std::string ranks = "[1";
    for (int i = 0; i < 64; ++i) {
        ranks += ",1";
    }
    EXPECT_EQ(header_refusal(tensor_of_shape(ranks + "]"), 16),
              "a shape of more than 64 dimensions");
}

TEST(Safetensors, refuses_a_dtype_it_does_not_read) {
    EXPECT_EQ(header_refusal(R"({"a":{"dtype":"BF16","shape":[],"data_offsets":[0,2]}})", 2),
              "the tensor \"a\" has the dtype \"BF16\": F32 and F64 are read");
    EXPECT_TRUE(contains(header_refusal(R"({"a":{"dtype":"","shape":[],"data_offsets":[0,2]}})", 2),
                         "the dtype \"\""));
}

TEST(Safetensors, refuses_metadata_that_is_no_string) {
    EXPECT_EQ(header_refusal(R"({"__metadata__":{"k":1}})", 0),
              "the metadata \"k\" is the number 1, not a string");
    EXPECT_EQ(header_refusal(R"({"__metadata__":{"k":{"l":"m"}}})", 0),
              "the metadata \"k\" is an object, not a string");
    EXPECT_EQ(header_refusal(R"({"__metadata__":"k"})", 0),
              "the entry \"__metadata__\" is the string \"k\", not an object");
}

// --- S5: what is unusual and right ----------------------------------------------------------

TEST(Safetensors, accepts_an_empty_tensor_a_scalar_and_trailing_spaces) {
    const TensorFile file =
        parse_tensors(file_of(object(std::string(scalar) + R"(,"e":{"dtype":"F64","shape":[0,3],)"
                                                           R"("data_offsets":[0,0]})") +
                                  "     ",
                              4));
    ASSERT_EQ(file.tensors.size(), 2U);
    EXPECT_EQ(file.tensors[0].name, "e");
    EXPECT_EQ(file.tensors[0].shape, (std::vector<std::int64_t>{0, 3}));
    EXPECT_TRUE(file.tensors[0].data.empty());
    EXPECT_TRUE(file.tensors[1].shape.empty());
    EXPECT_EQ(file.tensors[1].data, (std::vector<double>{0}));
    EXPECT_TRUE(parse_tensors(file_of("{}", 0)).tensors.empty());
}

TEST(Safetensors, refuses_a_pipe_and_a_directory) {
    const TempFolder folder;
    EXPECT_TRUE(contains(refusal([&] { read_safetensors(folder / ""); }), "it is a directory"));
    EXPECT_TRUE(contains(refusal([] { read_safetensors("/dev/null"); }), "not a file but a pipe"));
}

// --- checksums ------------------------------------------------------------------------------

std::string with_metadata(std::string_view metadata) {
    return file_of(
        R"({"__metadata__":{)" + std::string(metadata) + "}," + std::string(scalar) + "}", 4);
}

TEST(Safetensors, refuses_its_own_format_without_checksums) {
    const TempFolder folder;
    const std::string path = folder / "m.safetensors";
    write_safetensors(path,
                      {.tensors = {{"s", {}, TensorDtype::f32, {1}}}, .metadata = {own_format}});
    std::string bytes = read_bytes(path);
    bytes[bytes.find("checksums")] = 'k';
    folder.write("m.safetensors", bytes);
    const std::string why =
        " is damaged: its metadata has no checksums, with which every model is saved (a program "
        "that "
        "changes a file on purpose sets \"checksums\" in the metadata to \"none\")";
    EXPECT_EQ(refusal([&] { read_safetensors(path); }), path + why);
}

TEST(Safetensors, takes_files_without_checksums_of_others_and_of_who_changed_one_on_purpose) {
    for (const char* const metadata : {R"("format":"pt")", R"("note":"chainrule")",
                                       R"("format":"chainrule","checksums":"none")"}) {
        EXPECT_EQ(parse_tensors(with_metadata(metadata)).tensors.size(), 1U) << metadata;
    }
    EXPECT_TRUE(
        contains(refusal([] { parse_tensors(with_metadata(R"("format":"pt","checksums":"{}")")); }),
                 "the checksum of the tensor \"s\" is not the one that was saved"));
}

}  // namespace
}  // namespace chainrule
