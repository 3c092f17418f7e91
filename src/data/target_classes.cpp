#include "data/target_classes.h"

#include <algorithm>

namespace chainrule {

std::size_t TargetClasses::of_row(const Dataset& data, std::size_t row) const {
    const std::span<const double> targets = data.targets;
    return count == 0 ? 0 : of(targets.subspan(row * data.target_size, data.target_size));
}

std::vector<std::uint32_t> classes_of(const Dataset& data, const TargetClasses& classes) {
    std::vector<std::uint32_t> found(data.rows);
    for (std::size_t row = 0; row < data.rows; ++row) {
        found[row] = static_cast<std::uint32_t>(classes.of_row(data, row));
    }
    return found;
}

ClassTally::ClassTally(const TargetClasses& classes)
    : rows(std::max<std::size_t>(classes.count, 1)), weights(rows.size()) {}

void ClassTally::add(const Dataset& data, const TargetClasses& classes, std::size_t row) {
    const std::size_t found = classes.of_row(data, row);
    ++rows[found];
    weights[found] += weight_of(data, row);
}

void weigh_by_class(Dataset& data, const TargetClasses& classes,
                    std::span<const double> class_weights) {
    data.weights.resize(data.rows, 1);
    for (std::size_t row = 0; row < data.rows; ++row) {
        data.weights[row] *= class_weights[classes.of_row(data, row)];
    }
}

}  // namespace chainrule
