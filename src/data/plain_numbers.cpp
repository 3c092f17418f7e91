#include "data/plain_numbers.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "data/decimal_pair.h"
#include "data/plain_decimal.h"
#include "data/processor.h"

namespace chainrule {
namespace {

// Up to row `end`; without calls, so that what it counts stays in registers.
[[gnu::always_inline]] inline std::size_t read_one_by_one(const PlainCells& cells,
                                                          std::size_t column, std::size_t row,
                                                          std::size_t end, double* numbers,
                                                          PlainNumbers& all) {
    double least = all.least;
    double greatest = all.greatest;
    int decimals = 0;
    std::uint64_t signs = 0;
    for (; row < end; ++row) {
        const std::string_view text = cells.raw_cell(row, column);
        PlainDecimal found;
        if (!parse_plain_decimal(text.data(), text.data() + text.size(), found)) {
            break;
        }
        numbers[row] = found.number;
        least = found.number < least ? found.number : least;
        greatest = found.number > greatest ? found.number : greatest;
        decimals |= found.decimals;
        signs |= std::bit_cast<std::uint64_t>(found.number);
    }
    all.least = least;
    all.greatest = greatest;
    all.have_points = all.have_points || decimals != 0;
    all.have_signs = all.have_signs || signs >> 63 != 0;
    return row;
}

#if defined(__x86_64__)

// Pairs of short numbers up to row `end`, less the last where it is left alone.
[[gnu::target("avx2"), gnu::always_inline]] inline std::size_t read_pairs(
    const PlainCells& cells, std::size_t column, std::size_t row, std::size_t end, double* numbers,
    PlainNumbers& all) {
    __m128d least = _mm_set1_pd(all.least);
    __m128d greatest = _mm_set1_pd(all.greatest);
    __m128d signs = _mm_setzero_pd();
    unsigned points = 0;
    for (; row + 1 < end; row += 2) {
        __m128d pair;
        if (!parse_decimal_pair(cells.raw_cell(row, column), cells.raw_cell(row + 1, column), pair,
                                points)) {
            break;
        }
        _mm_storeu_pd(numbers + row, pair);
        least = _mm_min_pd(least, pair);
        greatest = _mm_max_pd(greatest, pair);
        signs = _mm_or_pd(signs, pair);
    }
    all.least = std::min(_mm_cvtsd_f64(least), _mm_cvtsd_f64(_mm_unpackhi_pd(least, least)));
    all.greatest =
        std::max(_mm_cvtsd_f64(greatest), _mm_cvtsd_f64(_mm_unpackhi_pd(greatest, greatest)));
    all.have_points = all.have_points || points != 0;
    all.have_signs = all.have_signs || _mm_movemask_pd(signs) != 0;
    return row;
}

[[gnu::target("avx2,bmi,bmi2,lzcnt,popcnt")]] std::size_t read_with_avx2(const PlainCells& cells,
                                                                         std::size_t column,
                                                                         std::size_t row,
                                                                         double* numbers,
                                                                         PlainNumbers& all) {
    constexpr std::size_t singles = 64;  // before pairs are tried again
    const std::size_t rows = cells.rows();
    while (row < rows) {
        row = read_pairs(cells, column, row, rows, numbers, all);
        const std::size_t end = std::min(row + singles, rows);
        row = read_one_by_one(cells, column, row, end, numbers, all);
        if (row < end) {
            break;
        }
    }
    return row;
}

#else

std::size_t read_with_avx2(const PlainCells&, std::size_t, std::size_t row, double*,
                           PlainNumbers&) {
    return row;
}

#endif

}  // namespace

std::size_t read_plain_numbers(const PlainCells& cells, std::size_t column, std::size_t row,
                               double* numbers, PlainNumbers& all) {
    return has_avx2() ? read_with_avx2(cells, column, row, numbers, all)
                      : read_one_by_one(cells, column, row, cells.rows(), numbers, all);
}

}  // namespace chainrule
