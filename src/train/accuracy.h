// Which answers of a network count as right, where it answers a question of classes at all.
//
// - A label `class(n)` against a vector: the class of the greatest element, the first of equals.
// - A label `class(2)`, or a number that is 0 or 1 in every row of the training part, against one
//   number: class 1 above 0.5; above 0 where the output is a logit, that is, where it is what
//   binary_cross_entropy_with_logits or hinge takes in the network's loss. Under hinge the classes
//   may also be given as -1 and 1.
// - A vector of one 1 and zeros in every row of the training part, against a vector of that length:
//   the greatest element of both.
// - Everything else is regression and has no accuracy. An answer that is NaN is wrong.
#pragma once

#include <optional>
#include <span>

#include "elaborate/network.h"

namespace chainrule {

struct AccuracyRule {
    enum class Kind : std::uint8_t { label_of_vector, threshold, one_hot };
    Kind kind = Kind::label_of_vector;
    NodeId output;
    double threshold = 0.5;

    // `output` and `target` are of one example.
    bool is_right(std::span<const double> answer, std::span<const double> target) const;
};

// `targets` are those of the training part, one example after the other.
std::optional<AccuracyRule> accuracy_rule(const Network& network, std::span<const double> targets);

}  // namespace chainrule
