#include "data/split.h"

#include <fmt/format.h>

#include <cmath>

#include "data/wording.h"
#include "lang/diagnostic.h"

namespace chainrule {

RowSplit::RowSplit(std::size_t rows, double fraction, std::uint64_t seed)
    : rows_(rows), random_(seed, stream_id("split")) {
    if (!(fraction > 0 && fraction < 1)) {
        throw UserError(fmt::format(
            "cannot hold out {} of the rows: the split is a number between 0 and 1", fraction));
    }
    held_out_ = static_cast<std::size_t>(std::round(fraction * static_cast<double>(rows)));
    if (held_out_ == 0 || held_out_ >= rows) {
        throw UserError(fmt::format(
            "holding out {} of {} leaves none to {}: it takes at least one "
            "row on each side",
            fraction, counted(rows, "row"), held_out_ == 0 ? "validate with" : "train on"));
    }
}

bool RowSplit::holds_out_next() {
    // With the chance that it takes to choose the rest among the rows that are left.
    const bool is_chosen = random_.below(asked_, rows_ - asked_) < held_out_ - chosen_;
    ++asked_;
    chosen_ += is_chosen ? 1 : 0;
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

std::vector<std::size_t> epoch_order(std::size_t rows, std::uint64_t seed, std::uint64_t epoch) {
    return RandomStream(seed, stream_id("epoch", epoch)).permutation(rows);
}

}  // namespace chainrule
