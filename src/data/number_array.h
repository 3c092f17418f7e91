// An array of examples, as IDX and NPY files hold them: the first dimension counts the examples,
// the others are the shape of each. It is read at once or in parts.
//
// Integers of 8 bits without a sign stay bytes; those of at most 16 bits become floats, which hold
// them exactly, and wider ones doubles (beyond 2^53 the nearest); floats and doubles stay.
//
//     NumberArray images = read_idx(source.stream());
//     images.rows() == 60000;  images.item_size() == 784
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/byte_stream.h"
#include "data/numbers.h"
#include "data/words.h"

namespace chainrule {

struct NumberArray {
    std::string source;              // what messages call it
    std::vector<std::size_t> shape;  // at least one dimension, each at least 1
    Numbers numbers;                 // in row-major order
    std::size_t first = 0;           // of a part: how many examples of the file come before it

    std::size_t rows() const { return shape[0]; }
    std::size_t item_size() const { return numbers.size() / shape[0]; }
    // The shape of one example, `[28, 28]`.
    std::string item_shape() const;
};

constexpr std::size_t most_dimensions = 32;

// How one element stands in a file.
struct ElementType {
    enum class Kind : std::uint8_t { unsigned_integer, signed_integer, real };
    Kind kind = Kind::unsigned_integer;
    std::size_t bytes = 1;  // 1, 2, 4 or 8; a real 4 or 8
    ByteOrder order = ByteOrder::little;

    friend bool operator==(const ElementType&, const ElementType&) = default;
};

// What a header says of the elements that follow it.
struct ArrayHeader {
    std::string_view format;  // `IDX`, for messages
    std::size_t bytes = 0;    // of the header itself
    std::vector<std::uint64_t> dimensions;
    ElementType element;
    bool column_major = false;  // Fortran's order, in which no example is whole before the end

    friend bool operator==(const ArrayHeader&, const ArrayHeader&) = default;
};

// The elements after a header, so many examples at a time.
//
// Errors: UserError where the header promises more than can come (nothing is then allocated), where
// elements are missing or bytes follow, and for a dimension of 0. Memory: at most twice what the
// elements take that do come.
class ArrayReader {
public:
    ArrayReader(ByteStream stream, ArrayHeader header);

    const ArrayHeader& header() const { return header_; }
    std::size_t rows() const { return header_.dimensions[0]; }
    std::size_t item_size() const { return count_ / rows(); }

    // The next examples, `rows` or as many as are left, which is at least one. Of an array in
    // Fortran's order all are, and come transposed.
    NumberArray read(std::size_t rows);

private:
    void check_end();

    ByteStream stream_;
    ArrayHeader header_;
    std::size_t count_;      // of elements
    std::size_t first_ = 0;  // example to be read
};

// All of them at once.
NumberArray read_array(const ByteStream& stream, const ArrayHeader& header);

// `d.npy is not a valid NPY file: ...`
[[noreturn]] void fail_array(const ByteStream& stream, std::string_view format,
                             const std::string& what);

}  // namespace chainrule
