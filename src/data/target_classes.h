// Which class an example is of, by the numbers of its target, where these tell classes; and what
// goes by class: weights, and splits that hold out each class in proportion (data/split.h).
//
//     const TargetClasses classes = target_classes(network, kind);        // train/answer_rule.h
//     classes.of(target)
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "data/dataset.h"

namespace chainrule {

struct TargetClasses {
    std::size_t count = 0;  // 0: the target tells no class
    std::function<std::size_t(std::span<const double> target)> of = {};

    std::size_t of_row(const Dataset& data, std::size_t row) const;
};

// Of each example; 0 of all where the target tells no class.
std::vector<std::uint32_t> classes_of(const Dataset& data, const TargetClasses& classes);

// Rows of each class and the sum of their weights, gathered row by row; of one class where the
// target tells none.
struct ClassTally {
    std::vector<std::size_t> rows;
    std::vector<double> weights;

    explicit ClassTally(const TargetClasses& classes);
    void add(const Dataset& data, const TargetClasses& classes, std::size_t row);
};

// Multiplies the weight of each example by that of its class.
void weigh_by_class(Dataset& data, const TargetClasses& classes,
                    std::span<const double> class_weights);

}  // namespace chainrule
