// IDX files, the format of MNIST and its kin: two zero bytes, a byte for the type of the elements,
// a byte for the number of dimensions, each dimension in four bytes, then the elements; the first
// byte of each number is the most significant. Source: http://yann.lecun.com/exdb/mnist, "The IDX
// file format".
//
// Errors: UserError naming the file where anything of this is not so, where the header promises
// more than the file can hold (nothing is then allocated), and where elements are missing or bytes
// follow.
//
//     DataSource source("train-images-idx3-ubyte.gz");
//     NumberArray images = read_idx(source.stream());       // shape 60000, 28, 28
#pragma once

#include "data/data_source.h"
#include "data/number_array.h"

namespace chainrule {

// Whether the file begins as IDX files do, and no text.
bool begins_as_idx(DataSource& source);

// All that stands before the elements.
ArrayHeader read_idx_header(const ByteStream& stream);
NumberArray read_idx(const ByteStream& stream);

}  // namespace chainrule
