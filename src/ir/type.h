// The type of a value: what its numbers are, their shape for one example, and
// whether each example has a value of its own.
//
// A row is a type of its own, not a [1, n] matrix: `x'` of a vector x[n] is a
// row of n, row @ vector is a scalar, vector @ row the outer product.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace chainrule {

enum class DType : std::uint8_t {
    f32,    // training
    f64,    // explaining and checking
    index,  // whole numbers: class labels, positions; they have no derivative
};

using Shape = std::vector<std::int64_t>;

struct Type {
    DType dtype = DType::f64;
    Shape shape;               // of one example; empty: a scalar
    bool row = false;          // rank 1 only
    bool per_example = false;  // inputs and what depends on them; false: shared by all examples
    std::int64_t classes = 0;  // of an index: its values are below this; 0: not a class label

    std::size_t rank() const { return shape.size(); }
    bool is_scalar() const { return shape.empty(); }
    bool is_index() const { return dtype == DType::index; }
    friend bool operator==(const Type&, const Type&) = default;
};

// Elements of a shape; 1 for a scalar.
std::int64_t element_count(const Shape& shape);

// `[128, 784]`; `[]` for a scalar.
std::string to_string(const Shape& shape);

// As messages and dumps write it: `f64[128, 784]`, `f64 row[3]`, `index
// class(10)`, each followed by ` per example` where it is.
std::string to_string(const Type& type);

// What a person calls it: `scalar`, `[3]`, `row [3]`, `class label`.
std::string describe(const Type& type);

std::size_t hash_of(const Type& type);
std::size_t hash_combine(std::size_t seed, std::size_t value);

}  // namespace chainrule
