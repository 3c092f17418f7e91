// Rows S1 to S5 of the list of bad inputs.
#include "data/safetensors.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "test_files.h"

namespace chainrule {
namespace {

std::string length_of(std::uint64_t length) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) {
        bytes += static_cast<char>(length >> (8 * i) & 0xFF);
    }
    return bytes;
}

// A file with that header and `data` bytes of zeros behind it.
std::string file_of(std::string_view header, std::size_t data) {
    return length_of(header.size()) + std::string(header) + std::string(data, '\0');
}

TensorFile parse_tensors(std::string_view bytes) {
    const TempFolder folder;
    return read_safetensors(folder.write("m.safetensors", bytes));
}

// What is wrong with the file, without the words that each refusal begins with.
std::string tensors_refusal(std::string_view bytes) {
    const TempFolder folder;
    const std::string path = folder.write("m.safetensors", bytes);
    std::string message = refusal([&] { read_safetensors(path); });
    const std::string opening = path + " is not a valid safetensors file: ";
    EXPECT_TRUE(message.starts_with(opening)) << message;
    return message.starts_with(opening) ? message.substr(opening.size()) : message;
}

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

// --- writing --------------------------------------------------------------------------------

const TensorFile sample = {.tensors = {{"b", {}, TensorDtype::f32, {0.5}},
                                       {"W.1", {2, 3}, TensorDtype::f64, {0.1, -2, 3e300, 4, 5, 6}},
                                       {"e", {0}, TensorDtype::f32, {}},
                                       {"\xCE\xB1", {2}, TensorDtype::f32, {1, -1}}},
                           .metadata = {{"network", "input x\n\"quoted\""}}};

TEST(Safetensors, writes_what_the_format_asks_for) {
    const TempFolder folder;
    write_safetensors(folder / "m", sample);
    const std::string bytes = read_bytes(folder / "m");
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    EXPECT_EQ(length % 8, 0U);
    const auto header = nlohmann::json::parse(bytes.substr(8, length));
    EXPECT_EQ(header["__metadata__"]["network"], "input x\n\"quoted\"");
    // The wider dtype first, so that each tensor is aligned to its own.
    EXPECT_EQ(header["W.1"].dump(), R"({"data_offsets":[0,48],"dtype":"F64","shape":[2,3]})");
    EXPECT_EQ(header["b"].dump(), R"({"data_offsets":[48,52],"dtype":"F32","shape":[]})");
    EXPECT_EQ(bytes.size(), 8 + length + 48 + 4 + 8);
    double second = 0;
    std::memcpy(&second, bytes.data() + 8 + length + 8, 8);
    EXPECT_EQ(second, -2);
    float scalar_value = 0;
    std::memcpy(&scalar_value, bytes.data() + 8 + length + 48, 4);
    EXPECT_EQ(scalar_value, 0.5F);
}

TEST(Safetensors, writes_nothing_that_it_would_not_read) {
    const TempFolder folder;
    const std::string path = folder / "m";
    EXPECT_THROW(write_safetensors(path, {.tensors = {{"a", {2}, TensorDtype::f32, {1}}}}),
                 InternalError);
    EXPECT_THROW(write_safetensors(path, {.tensors = {{"a", {}, TensorDtype::f32, {1}},
                                                      {"a", {}, TensorDtype::f64, {1}}}}),
                 InternalError);
    EXPECT_THROW(
        write_safetensors(path, {.tensors = {{"__metadata__", {}, TensorDtype::f32, {1}}}}),
        InternalError);
    EXPECT_EQ(refusal([&] {
                  write_safetensors(path, {.tensors = {{"a", {}, TensorDtype::f32, {1e39}}}});
              }),
              "the tensor a holds 1e+39, which no f32 holds: use --dtype f64");
    EXPECT_EQ(folder.entries(), 0U);
}

TEST(Safetensors, keeps_infinities_and_nan) {
    const TempFolder folder;
    const double infinity = std::numeric_limits<double>::infinity();
    write_safetensors(
        folder / "m",
        {.tensors = {{"a", {3}, TensorDtype::f32, {infinity, -infinity, std::nan("")}}}});
    const TensorFile file = read_safetensors(folder / "m");
    EXPECT_EQ(file.tensors[0].data[0], infinity);
    EXPECT_EQ(file.tensors[0].data[1], -infinity);
    EXPECT_TRUE(std::isnan(file.tensors[0].data[2]));
}

rc::Gen<NamedTensor> any_tensor() {
    return rc::gen::exec([] {
        NamedTensor tensor;
        tensor.name = *rc::gen::string<std::string>();
        tensor.shape = *rc::gen::resize(
            3, rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 4)));
        tensor.dtype = *rc::gen::element(TensorDtype::f32, TensorDtype::f64);
        std::size_t elements = 1;
        for (const std::int64_t dimension : tensor.shape) {
            elements *= static_cast<std::size_t>(dimension);
        }
        const bool is_f32 = tensor.dtype == TensorDtype::f32;
        for (std::size_t i = 0; i < elements; ++i) {
            tensor.data.push_back(is_f32 ? static_cast<double>(*rc::gen::arbitrary<float>())
                                         : *rc::gen::arbitrary<double>());
        }
        return tensor;
    });
}

TEST(Safetensors, reads_back_what_it_writes) {
    rc::check("round trip", [] {
        // Names are ASCII here: RapidCheck's strings are bytes, not UTF-8.
        auto tensors = *rc::gen::uniqueBy<std::vector<NamedTensor>>(
            any_tensor(), [](const NamedTensor& tensor) { return tensor.name; });
        for (NamedTensor& tensor : tensors) {
            for (char& c : tensor.name) {
                c = static_cast<char>(c & 0x7F);
            }
            tensor.name.insert(0, std::to_string(&tensor - tensors.data()) + ":");
        }
        const TempFolder folder;
        write_safetensors(folder / "m", {.tensors = tensors, .metadata = {{"k", "v"}}});
        const TensorFile read = read_safetensors(folder / "m");
        RC_ASSERT(read.tensors.size() == tensors.size());
        RC_ASSERT(read.metadata.at("k") == "v");
        for (const NamedTensor& tensor : tensors) {
            const auto found =
                std::find_if(read.tensors.begin(), read.tensors.end(),
                             [&](const NamedTensor& other) { return other.name == tensor.name; });
            RC_ASSERT(found != read.tensors.end());
            RC_ASSERT(found->shape == tensor.shape);
            RC_ASSERT(found->dtype == tensor.dtype);
            RC_ASSERT(found->data == tensor.data);
        }
    });
}

TEST(Safetensors, refuses_every_truncation) {
    const TempFolder folder;
    write_safetensors(folder / "m", sample);
    const std::string bytes = read_bytes(folder / "m");
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_FALSE(tensors_refusal(bytes.substr(0, length)).empty());
    }
    EXPECT_EQ(parse_tensors(bytes).tensors.size(), 4U);
    EXPECT_FALSE(tensors_refusal(bytes + "x").empty());
}

TEST(Safetensors, reads_or_refuses_every_flipped_bit) {
    const TempFolder folder;
    write_safetensors(folder / "m", sample);
    const std::string bytes = read_bytes(folder / "m");
    std::size_t refused = 0;
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        std::string flipped = bytes;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        try {
            read_safetensors(folder.write("flipped", flipped));
        } catch (const UserError&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 8 * 200U);  // of the header, most
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
