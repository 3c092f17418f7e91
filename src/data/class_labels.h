// Labels as the classes 0 .. n-1 of a target `class(n)`, or 0 and 1 of a scalar target.
//
// - Numbers 0 .. n-1 are classes as they are. Other whole numbers are classes in ascending order if
//   there are exactly n of them and 0 is not one: 1, 2, 3 or 2, 4; a note tells the mapping.
// - Texts are classes in sorted order if there are exactly n of them (2 for a scalar that is no
//   class); a note tells the mapping. Texts that differ only in blanks and a trailing full stop are
//   one label, with a note.
// - What training data has taught (its labels) binds other data.
//
// Errors: UserError naming file, row and label, and how to mend it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lang/diagnostic.h"

namespace chainrule {

struct TargetRequest {
    std::string name;
    std::vector<std::int64_t> shape;
    std::int64_t classes = 0;  // 0: not a class label
};

// Where labels stand, for messages.
struct LabelSource {
    std::string file;
    std::string what;                                   // `column 5 (y)`
    std::function<std::string(std::size_t row)> place;  // `row 7, column 5 (y)`
};

// The texts of the classes; empty where numbers are the classes themselves. None before training
// data has been read.
using LearntLabels = std::optional<std::vector<std::string>>;

struct ClassLabels {
    std::vector<double> classes;      // of each row
    std::vector<std::string> labels;  // of each class, as in LearntLabels
    std::vector<Diagnostic> diagnostics;
};

ClassLabels classes_of_numbers(std::vector<double> numbers, const TargetRequest& target,
                               const LabelSource& source, const LearntLabels& learnt);

// `values` are the different texts, `codes` says which one stands in each row.
ClassLabels classes_of_texts(const std::vector<std::string>& values,
                             std::span<const std::uint16_t> codes, const TargetRequest& target,
                             const LabelSource& source, const LearntLabels& learnt);

// What two texts of one label have in common: the text without blanks and a trailing full stop.
std::string label_key(const std::string& text);

// `"no" = 0, "yes" = 1`, of the first ten.
std::string describe_labels(const std::vector<std::string>& labels);

}  // namespace chainrule
