// The numbers of a column of plain cells, two at a time where the processor has AVX2.
//
//     PlainNumbers all;
//     std::size_t row = read_plain_numbers(cells, 0, 0, numbers, all);
//     row == cells.rows()              // where all are plain
//     all.least, all.greatest, all.are_integers()
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "data/plain_cells.h"

namespace chainrule {

// What numbers are, all together.
struct PlainNumbers {
    double least = std::numeric_limits<double>::infinity();
    double greatest = -std::numeric_limits<double>::infinity();
    bool have_points = false;
    bool have_signs = false;

    // Whether they may be told from their looks to be integers, and none of them -0.
    bool are_integers() const { return !have_points && (!have_signs || greatest < 0 || least > 0); }
};

// From that row on, up to the first cell that is none of the plain numbers (data/plain_decimal.h);
// where that is. `numbers` has room for all rows.
std::size_t read_plain_numbers(const PlainCells& cells, std::size_t column, std::size_t row,
                               double* numbers, PlainNumbers& all);

}  // namespace chainrule
