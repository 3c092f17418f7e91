// An op on given numbers: what value and gradient must come out at the edge.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "ir/op.h"

namespace chainrule::tests {

struct Given {
    Type type;
    Tensor value;
};
Given scalar(double value);
Given vector(std::initializer_list<double> values);
Given label(double value, std::int64_t classes);
// Positions, which are whole numbers but no class labels.
Given positions(std::initializer_list<double> values);

struct EdgeCase {
    std::string name;  // of the test: row_17_sigmoid_of_1000
    const Op* op;
    std::vector<Given> x;
    Tensor value;
    // By operand; none: not asked. The cotangent is 1 everywhere unless `cotangent` is given.
    std::vector<std::optional<Tensor>> gradients;
    Attributes attributes = {};
    std::optional<Tensor> cotangent = {};
    // 0.0 and -0.0 differ where the case asks for -0.0; all else agrees to this relative error.
    double tolerance = 1e-15;
};

// The value and the gradients (those that exist) of an op on given numbers.
struct Outcome {
    Tensor value;
    std::vector<std::optional<Tensor>> gradients;
};
Outcome outcome_of(const EdgeCase& edge);

// What differs, or nothing.
std::optional<std::string> difference(const Tensor& found, const Tensor& expected,
                                      double tolerance);

}  // namespace chainrule::tests
