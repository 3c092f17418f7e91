// Named tensors in a file, in the safetensors format (https://github.com/huggingface/safetensors).
//
// Eight bytes of little-endian length N, N bytes of JSON header, then the numbers of the tensors,
// row by row, little-endian, without gaps. The header maps each name to {"dtype", "shape",
// "data_offsets"} and `__metadata__` to strings. Written here: the widest dtype first and the
// header padded with spaces to eight bytes, so that all data is aligned. Read here: F32 and F64.
//
// A file is checked whole before memory for its tensors is taken. Refused, as UserError naming the
// file and what is wrong: a length beyond the file or above 100 MB; a header that is no JSON object
// of this form, names a tensor twice or holds more than 100,000 entries; a shape whose size is not
// that of its data; data that overlaps, leaves gaps, is not aligned or passes the end; numbers or
// metadata that are not those of its checksums (data/tensor_checksums.h); and a file in chainrule's
// own format without checksums, which every file written here carries.
//
//     write_safetensors("model.safetensors", {.tensors = {{"W", {2, 3}, TensorDtype::f32, values}},
//                                             .metadata = {{"network", text}}});
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace chainrule {

enum class TensorDtype : std::uint8_t { f32, f64 };

constexpr std::size_t bytes_of(TensorDtype dtype) { return dtype == TensorDtype::f32 ? 4 : 8; }

struct NamedTensor {
    std::string name;
    std::vector<std::int64_t> shape;  // empty: a scalar; a dimension may be 0
    TensorDtype dtype = TensorDtype::f32;
    std::vector<double> data;  // row by row; of an f32, rounded when written
};

struct TensorFile {
    std::vector<NamedTensor> tensors = {};  // as read: in the order of their data
    std::map<std::string, std::string> metadata = {};
};

// The entry of the metadata that tells chainrule's models from other programs' tensors.
inline const std::pair<const std::string, std::string> own_format{"format", "chainrule"};
bool has_own_format(const TensorFile& file);

// Atomically (data/atomic_file.h). InternalError where a tensor's data does not fill its shape or a
// name is used twice; UserError for a finite number too large for its dtype.
void write_safetensors(const std::string& path, const TensorFile& file);

TensorFile read_safetensors(const std::string& path);

}  // namespace chainrule
