// The header of an NPY file, read without trust: a Python dictionary as text, of which only what
// NumPy writes is understood and nothing evaluated. See data/npy.h.
//
//     parse_npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }\n", ...)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/byte_stream.h"
#include "data/number_array.h"

namespace chainrule {

struct NpyHeader {
    ElementType element;
    bool column_major = false;  // NumPy's fortran_order
    std::vector<std::uint64_t> shape;
};

// `first_byte` is the place of the text in the file, from 1, for messages.
NpyHeader parse_npy_header(std::string_view text, std::size_t first_byte, const ByteStream& stream);

}  // namespace chainrule
