// The JSON header of a safetensors file, read without trust: see data/safetensors.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/safetensors.h"

namespace chainrule {

struct TensorEntry {
    std::string name;
    TensorDtype dtype = TensorDtype::f32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0;  // in the bytes after the header
    std::uint64_t end = 0;

    std::size_t elements() const { return (end - begin) / bytes_of(dtype); }
};

struct SafetensorsHeader {
    std::vector<TensorEntry> tensors;  // in the order of their data, which they fill without gaps
    std::map<std::string, std::string> metadata;
};

constexpr std::uint64_t longest_safetensors_header = 100'000'000;

// `data_size` is the number of bytes after the header, `source` the file's name in messages.
SafetensorsHeader parse_safetensors_header(std::string_view json, std::uint64_t data_size,
                                           const std::string& source);

}  // namespace chainrule
