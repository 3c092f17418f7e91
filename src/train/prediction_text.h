// Predictions as the bytes of a file.
//
//     CSV    a header of the columns' names, then a line for each row; classes by their names,
//            numbers as they read back to the same number
//     NPY    float32 or float64; one column is a vector, several a matrix; classes by their numbers
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ir/type.h"
#include "train/prediction.h"

namespace chainrule {

class PredictionText {
public:
    enum class Format : std::uint8_t { csv, npy };

    // `chosen` are columns of the predictor by their names; empty: all. UserError for one that it
    // has not.
    PredictionText(const Predictor& predictor, const std::vector<std::string>& chosen,
                   Format format, DType dtype);

    // What stands before the rows, of which there are so many.
    std::string head(std::size_t rows) const;
    // A block of rows, all columns of the predictor; valid until the next.
    const std::string& rows(std::span<const double> numbers);

private:
    void add_csv_row(std::span<const double> row);
    void add_npy_row(std::span<const double> row);

    Format format_;
    DType dtype_;
    std::vector<std::string> names_;
    std::size_t width_;
    std::vector<std::size_t> chosen_;
    std::vector<std::string> classes_;  // as cells of CSV
    std::string text_;
};

}  // namespace chainrule
