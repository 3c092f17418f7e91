// Which rows are trained on, which are held out, and in what order an epoch visits them. All of it
// is a function of the seed.
//
// Where the target tells classes, a part of each class is held out, and each fold gets its part of
// each: so a rare class is on every side.
//
//     Split split = split_rows(data.rows, 0.2, seed);
//     Split split = split_rows(classes, 0.2, seed);        // the class of each row
//     for (std::size_t row : epoch_order(split.training.size(), seed, epoch)) ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ir/random.h"

namespace chainrule {

// Both sides in ascending order; together, every row once.
struct Split {
    std::vector<std::size_t> training;
    std::vector<std::size_t> held_out;
};

// How many rows of each class are held out, of round(fraction * rows) in all: its share rounded
// down, and one more where the remainder is largest, of equal ones in the class of the smaller
// number; as scikit-learn's train_test_split(stratify=...). But each class keeps a row to train on.
std::vector<std::size_t> held_out_of_classes(std::span<const std::size_t> class_rows,
                                             double fraction);

// Asked row by row, in their order, whether a row is held out: of each class as many as
// held_out_of_classes says, every choice of so many as likely as any other (selection sampling:
// Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S). It needs no memory for the rows,
// for data that are not in memory either.
class RowSplit {
public:
    // Whatever their classes: round(fraction * rows) of the rows. UserError unless 0 < fraction < 1
    // and each side gets a row.
    RowSplit(std::size_t rows, double fraction, std::uint64_t seed);
    // By class, of which there are so many rows each.
    RowSplit(std::span<const std::size_t> class_rows, double fraction, std::uint64_t seed);

    std::size_t held_out() const;
    std::size_t training() const;

    // Of the next row; to be asked once for every row.
    bool holds_out_next(std::size_t of_class = 0);

private:
    struct Stratum {
        std::size_t rows;
        std::size_t held_out;
        RandomStream random;
        std::size_t asked = 0;
        std::size_t chosen = 0;
    };
    std::vector<Stratum> strata_;
};

// The same of all rows at once.
Split split_rows(std::size_t rows, double fraction, std::uint64_t seed);
Split split_rows(std::span<const std::uint32_t> classes, double fraction, std::uint64_t seed);

// The fold, below `folds`, of each row. Folds differ by at most one row, and by at most one row of
// each class: the rows, sorted by class and in a random order within each, are dealt out one by
// one, as by scikit-learn's StratifiedKFold. UserError for fewer than 2 folds or more than rows.
std::vector<std::size_t> folds_of_rows(std::span<const std::uint32_t> classes, std::size_t folds,
                                       std::uint64_t seed);

// A permutation of 0 .. rows - 1, another one for each epoch.
std::vector<std::size_t> epoch_order(std::size_t rows, std::uint64_t seed, std::uint64_t epoch);

}  // namespace chainrule
