// What is done to the columns of the inputs before training, learnt on the training part alone.
//
// Missing numbers (NaN) become the column's mean; the elements of a missing category so become the
// share of each value. Elements of categories stay 0 and 1. Under Scale::standard each column is
// then standardised, (x - mean) / deviation, with the population's standard deviation (divided by
// n, as in scikit-learn's StandardScaler). A constant column becomes 0, everywhere, with a warning;
// so does one of which every number is missing. The target is never touched, nor are arrays
// (images, whose numbers have one unit already): they have no columns and nothing is learnt of
// them.
//
// Rows are measured in blocks, which are then put together, so that the same rows in the same order
// teach the same bits, whether they come at once or part by part.
//
//     Preprocessing how = learn_preprocessing(training, Scale::standard);
//     preprocess(training, how);  preprocess(test, how);
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
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

// Of the numbers of one element that are there.
struct ColumnStatistics {
    std::size_t count = 0;
    double least = std::numeric_limits<double>::infinity();
    double greatest = -std::numeric_limits<double>::infinity();
    double mean = 0;
    double deviation = 0;  // exactly 0 if all numbers are equal
};

class PreprocessingLearner {
public:
    explicit PreprocessingLearner(Scale scale) : scale_(scale) {}

    // Rows of the training part, not yet preprocessed.
    void add(const Dataset& part);
    // `encodings` are those by which all parts were bound. Values of a category that no row had
    // leave them, and their elements go behind those of the others (data/column_encoding.h).
    Preprocessing finish(std::vector<ColumnEncoding>& encodings);

private:
    static constexpr std::size_t block_rows = 8192;
    void measure_block();

    Scale scale_;
    std::vector<std::size_t> sizes_;          // of the inputs
    std::vector<std::vector<double>> block_;  // per input
    std::size_t rows_ = 0;                    // in the block
    std::vector<ColumnStatistics> elements_;  // of the blocks before
};

Preprocessing learn_preprocessing(const Dataset& training, Scale scale);

// Throws InternalError where `how` was learnt from data with another number of columns.
void preprocess(Dataset& data, const Preprocessing& how);

}  // namespace chainrule
