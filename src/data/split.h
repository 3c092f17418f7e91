// Which rows are trained on, which are held out, and in what order an epoch visits them. All of it
// is a function of the seed.
//
//     Split split = split_rows(data.rows, 0.2, seed);
//     for (std::size_t row : epoch_order(split.training.size(), seed, epoch)) ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chainrule {

// Both sides in ascending order; together, every row once.
struct Split {
    std::vector<std::size_t> training;
    std::vector<std::size_t> held_out;
};

// Holds out round(fraction * rows) rows drawn by a seeded shuffle. UserError unless 0 < fraction <
// 1 and each side gets a row.
Split split_rows(std::size_t rows, double fraction, std::uint64_t seed);

// A permutation of 0 .. rows - 1, another one for each epoch.
std::vector<std::size_t> epoch_order(std::size_t rows, std::uint64_t seed, std::uint64_t epoch);

}  // namespace chainrule
