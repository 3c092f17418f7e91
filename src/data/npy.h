// NPY files, NumPy's own format: six bytes of magic, a version, the length of a header, the header
// (a Python dictionary as text), then the elements. Source: NumPy's documentation of
// numpy.lib.format.
//
// Read are the versions 1.0, 2.0 and 3.0; bools, integers of 1 to 8 bytes, float32 and float64 in
// either byte order; arrays in Fortran's order are transposed. The header is parsed, never
// evaluated.
//
// Errors: UserError naming the file and the place for a header that NumPy would not write, for
// other types of elements, by their names, for a single number, and all that read_array refuses.
//
//     NumberArray array = read_npy(source.stream());
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "data/byte_stream.h"
#include "data/number_array.h"

namespace chainrule {

constexpr std::string_view npy_magic = "\x93NUMPY";

// All that stands before the elements.
ArrayHeader read_npy_header(const ByteStream& stream);
NumberArray read_npy(const ByteStream& stream);

// What stands before the elements, row by row, little-endian, of a file of floats of 4 or 8 bytes.
// The version is 1.0 and its length a multiple of 64.
std::string npy_head(const std::vector<std::size_t>& shape, std::size_t bytes_per_number);

}  // namespace chainrule
