// What is done to the columns of the inputs before training, learnt on the training part alone.
//
// Missing numbers (NaN) become the column's mean; the elements of a missing category so become the
// share of each value. Elements of categories stay 0 and 1. Under Scale::standard each column is then
// standardised, (x - mean) / deviation, with the population's standard deviation (divided by n, as
// in scikit-learn's StandardScaler). A constant column becomes 0, everywhere, with a warning; so
// does one of which every number is missing. The target is never touched, nor are arrays (images, whose
// numbers have one unit already): they have no columns and nothing is learnt of them.
//
//     Preprocessing how = learn_preprocessing(training, Scale::standard);
//     preprocess(training, how);  preprocess(test, how);
#pragma once

#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "lang/diagnostic.h"

namespace chainrule {

enum class Scale : std::uint8_t { standard, none };

// One entry per element of the inputs, as in Dataset::columns.
struct Preprocessing {
    Scale scale = Scale::none;
    std::vector<double> means;
    std::vector<double> deviations;  // 0 of a constant column
    std::vector<double> fills;       // what a missing number becomes, before scaling
    std::vector<Diagnostic> diagnostics;
};

Preprocessing learn_preprocessing(const Dataset& training, Scale scale);

// Throws InternalError where `how` was learnt from data with another number of columns.
void preprocess(Dataset& data, const Preprocessing& how);

}  // namespace chainrule
