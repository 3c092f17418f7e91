// Which rows are trained on, which are held out, and in what order an epoch visits them. All of it
// is a function of the seed.
//
//     Split split = split_rows(data.rows, 0.2, seed);
//     for (std::size_t row : epoch_order(split.training.size(), seed, epoch)) ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ir/random.h"

namespace chainrule {

// Both sides in ascending order; together, every row once.
struct Split {
    std::vector<std::size_t> training;
    std::vector<std::size_t> held_out;
};

// Asked row by row, in their order, whether a row is held out: round(fraction * rows) of them are, every
// choice of so many as likely as any other (selection sampling: Knuth, The Art of Computer Programming 2,
// 3.4.2, algorithm S). It needs no memory, for data that are not in memory either.
class RowSplit {
public:
    // UserError unless 0 < fraction < 1 and each side gets a row.
    RowSplit(std::size_t rows, double fraction, std::uint64_t seed);

    std::size_t held_out() const { return held_out_; }
    std::size_t training() const { return rows_ - held_out_; }

    // Of the next row; to be asked `rows` times.
    bool holds_out_next();

private:
    std::size_t rows_;
    std::size_t held_out_;
    RandomStream random_;
    std::size_t asked_ = 0;
    std::size_t chosen_ = 0;
};

// The same of all rows at once.
Split split_rows(std::size_t rows, double fraction, std::uint64_t seed);

// A permutation of 0 .. rows - 1, another one for each epoch.
std::vector<std::size_t> epoch_order(std::size_t rows, std::uint64_t seed, std::uint64_t epoch);

}  // namespace chainrule
