#include "data/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "data/wording.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

std::size_t total_of(std::span<const std::size_t> counts) {
    return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

// Of so many rows.
std::size_t held_out_count(std::size_t rows, double fraction) {
    if (!(fraction > 0 && fraction < 1)) {
        throw UserError(fmt::format(
            "cannot hold out {} of the rows: the split is a number between 0 and 1", fraction));
    }
    const auto count = static_cast<std::size_t>(std::round(fraction * static_cast<double>(rows)));
    if (count == 0 || count >= rows) {
        throw UserError(
            fmt::format("holding out {} of {} leaves none to {}: it takes at least one "
                        "row on each side",
                        fraction, counted(rows, "row"), count == 0 ? "validate with" : "train on"));
    }
    return count;
}

std::vector<std::size_t> rows_of_classes(std::span<const std::uint32_t> classes) {
    std::vector<std::size_t> rows;
    for (const std::uint32_t each : classes) {
        rows.resize(std::max<std::size_t>(rows.size(), each + std::size_t{1}));
        ++rows[each];
    }
    return rows;
}

}  // namespace

std::vector<std::size_t> held_out_of_classes(std::span<const std::size_t> class_rows,
                                             double fraction) {
    const std::size_t rows = total_of(class_rows);
    const std::size_t wanted = held_out_count(rows, fraction);
    std::size_t left = wanted;
    std::vector<std::size_t> held_out;
    std::vector<std::size_t> remainders;
    for (const std::size_t count : class_rows) {
        const std::size_t most = count == 0 ? 0 : count - 1;
        held_out.push_back(std::min(count * wanted / rows, most));
        remainders.push_back(count * wanted % rows);
        left -= held_out.back();
    }
    std::vector<std::size_t> order(class_rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater(), [&](std::size_t k) { return remainders[k]; });
    // Where classes keep their last row, others may have to give more than one.
    for (bool is_given = true; left > 0 && is_given;) {
        is_given = false;
        for (const std::size_t k : order) {
            if (left > 0 && held_out[k] + 1 < class_rows[k]) {
                ++held_out[k];
                --left;
                is_given = true;
            }
        }
    }
    if (total_of(held_out) == 0) {
        throw UserError(fmt::format(
            "holding out {} of {} leaves none to validate with, for every class keeps a row to "
            "train on: --stratify none holds out any rows",
            fraction, counted(rows, "row")));
    }
    return held_out;
}

RowSplit::RowSplit(std::size_t rows, double fraction, std::uint64_t seed) {
    strata_.push_back(
        {rows, held_out_count(rows, fraction), RandomStream(seed, stream_id("split"))});
}

RowSplit::RowSplit(std::span<const std::size_t> class_rows, double fraction, std::uint64_t seed) {
    const std::vector<std::size_t> held_out = held_out_of_classes(class_rows, fraction);
    for (std::size_t k = 0; k < class_rows.size(); ++k) {
        strata_.push_back({class_rows[k], held_out[k], RandomStream(seed, stream_id("split", k))});
    }
}

std::size_t RowSplit::held_out() const {
    std::size_t sum = 0;
    for (const Stratum& stratum : strata_) {
        sum += stratum.held_out;
    }
    return sum;
}

std::size_t RowSplit::training() const {
    std::size_t sum = 0;
    for (const Stratum& stratum : strata_) {
        sum += stratum.rows - stratum.held_out;
    }
    return sum;
}

bool RowSplit::holds_out_next(std::size_t of_class) {
    Stratum& stratum = strata_.at(of_class);
    // With the chance that it takes to choose the rest among the rows that are left.
    const bool is_chosen = stratum.random.below(stratum.asked, stratum.rows - stratum.asked) <
                           stratum.held_out - stratum.chosen;
    ++stratum.asked;
    stratum.chosen += is_chosen ? 1 : 0;
    return is_chosen;
}

Split split_rows(std::size_t rows, double fraction, std::uint64_t seed) {
    RowSplit rule(rows, fraction, seed);
    Split split;
    for (std::size_t row = 0; row < rows; ++row) {
        (rule.holds_out_next() ? split.held_out : split.training).push_back(row);
    }
    return split;
}

Split split_rows(std::span<const std::uint32_t> classes, double fraction, std::uint64_t seed) {
    RowSplit rule(rows_of_classes(classes), fraction, seed);
    Split split;
    for (std::size_t row = 0; row < classes.size(); ++row) {
        (rule.holds_out_next(classes[row]) ? split.held_out : split.training).push_back(row);
    }
    return split;
}

std::vector<std::size_t> folds_of_rows(std::span<const std::uint32_t> classes, std::size_t folds,
                                       std::uint64_t seed) {
    if (folds < 2 || folds > classes.size()) {
        throw UserError(fmt::format(
            "{} cannot be dealt out to {}: --folds is at least 2 and at most the number of rows",
            counted(classes.size(), "row"), counted(folds, "fold")));
    }
    const std::vector<std::size_t> order =
        RandomStream(seed, stream_id("folds")).permutation(classes.size());
    std::vector<std::size_t> next;  // of each class, the place that its next row has in the deal
    std::size_t before = 0;
    for (const std::size_t rows : rows_of_classes(classes)) {
        next.push_back(before);
        before += rows;
    }
    std::vector<std::size_t> fold(classes.size());
    for (const std::size_t row : order) {
        fold[row] = next[classes[row]]++ % folds;
    }
    return fold;
}

std::vector<std::size_t> epoch_order(std::size_t rows, std::uint64_t seed, std::uint64_t epoch) {
    return RandomStream(seed, stream_id("epoch", epoch)).permutation(rows);
}

}  // namespace chainrule
