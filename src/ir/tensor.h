// A dense value in double precision, row-major: what the reference evaluator
// computes with.
#pragma once

#include <string>
#include <vector>

#include "ir/type.h"

namespace chainrule {

struct Tensor {
    Shape shape;
    std::vector<double> data;  // element_count(shape) numbers; an index is a whole double

    Tensor() : data(1, 0.0) {}
    Tensor(double value) : data(1, value) {}  // implicit: a number is a scalar tensor
    Tensor(Shape s, std::vector<double> d) : shape(std::move(s)), data(std::move(d)) {}

    static Tensor filled(Shape shape, double value);

    std::size_t size() const { return data.size(); }
    bool is_scalar() const { return shape.empty(); }

    // Bit for bit, but NaN equals NaN and 0 differs from -0: what sharing of
    // equal nodes needs.
    friend bool operator==(const Tensor& a, const Tensor& b);
};

std::size_t hash_of(const Tensor& tensor);

// Whether a double is a whole number, and exactly that one: below 2^53.
bool is_whole(double value);

// The shortest decimal that reads back to the same double: `0.1`, `3`,
// `1e-300`; `inf`, `nan`.
std::string format_number(double value);

// As the language writes it: `0.5`, `[1, 2]`, `[[2, -1], [3, 4]]`.
std::string format_tensor(const Tensor& tensor);

// Strides, in elements, of a row-major shape.
std::vector<std::int64_t> strides_of(const Shape& shape);

}  // namespace chainrule
