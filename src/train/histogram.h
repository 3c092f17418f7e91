// How often numbers occur, in buckets of equal width from the smallest to the greatest.
//
//     Histogram h = histogram_of({0, 1, 1, 4}, 4);
//     h.counts    // {1, 2, 0, 1}: up to 1, 2, 3 and 4, as h.limits says
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace chainrule {

struct Histogram {
    double min = 0;
    double max = 0;
    double sum = 0;
    double sum_of_squares = 0;
    std::vector<double> limits;  // where each bucket ends; the next one begins there
    std::vector<double> counts;

    double count() const;
};

// Numbers that are not finite are left out. One bucket where all are equal, none where there is
// none.
Histogram histogram_of(std::span<const double> numbers, std::size_t buckets = 50);

}  // namespace chainrule
