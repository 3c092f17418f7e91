// Files of tensors as they are written: read back, cut short, with a wrong bit.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "safetensors_file.h"

namespace chainrule {
namespace {

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

}  // namespace
}  // namespace chainrule
