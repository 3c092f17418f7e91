// What the conformance test and its negative control share: an op put to work on drawn numbers, and
// its gradient rule set against five-point central differences.
//
//     f'(x) = (f(x - 2h) - 8 f(x - h) + 8 f(x + h) - f(x + 2h)) / (12 h) + O(h^4)
//
// (Abramowitz and Stegun, 25.3.6), for each output by itself, so that what does not depend on x
// cancels exactly, and in steps h = 2^-4 ... 2^-14, of which those two are believed that agree
// best.
//
// The error of a gradient is its largest deviation over its largest element (at least 1e-3, for
// gradients that vanish). The rule must be right to 1e-9; a second derivative, which differentiates
// the rule's own formula with its roundings, to 1e-8.
#pragma once

#include <optional>
#include <string>

#include "ir/op.h"

namespace chainrule::tests {

inline constexpr double gradient_bound = 1e-9;
inline constexpr double second_gradient_bound = 1e-8;

// A way to spoil a gradient formula. `drop` puts an operand in the place of one of its sums,
// differences, products and quotients: a term or a factor is lost.
struct Mutation {
    enum class Kind : std::uint8_t { none, flip_sign, twice, zero, drop };
    Kind kind = Kind::none;
    std::size_t node = 0;  // drop: which of droppable_nodes
    std::size_t kept = 0;  // drop: the operand that stays
};
std::string in_words(const Mutation& mutation);

// Whether the op can be derived with respect to that operand of the case.
bool has_rule(const Op& op, const SampleCase& sample, std::size_t operand);

// How many sums, differences, products and quotients the gradient formula has. Those of comparisons
// do not count: they guard points outside the sample domain, which the edge tests hold.
std::size_t droppable_nodes(const Op& op, const SampleCase& sample, std::size_t operand);

// What is wrong with the value: its shape is not the one that the shape rule gives.
std::optional<std::string> shape_fault(const Op& op, const SampleCase& sample);

// What is wrong with the gradient with respect to `operand`, spoiled by `mutation`; nothing if it
// agrees with central differences.
std::optional<std::string> gradient_fault(const Op& op, const SampleCase& sample,
                                          std::size_t operand, const Mutation& mutation = {});

// The same for the gradient's own gradient, with respect to operand `by`.
std::optional<std::string> second_gradient_fault(const Op& op, const SampleCase& sample,
                                                 std::size_t operand, std::size_t by);

}  // namespace chainrule::tests
