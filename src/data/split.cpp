#include "data/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/wording.h"
#include "ir/random.h"
#include "lang/diagnostic.h"

namespace chainrule {

Split split_rows(std::size_t rows, double fraction, std::uint64_t seed) {
    if (!(fraction > 0 && fraction < 1)) {
        throw UserError(fmt::format(
            "cannot hold out {} of the rows: the split is a number between 0 and 1", fraction));
    }
    const double share = std::round(fraction * static_cast<double>(rows));
    const auto held = static_cast<std::size_t>(share);
    if (held == 0 || held >= rows) {
        throw UserError(
            fmt::format("holding out {} of {} leaves none to {}: it takes at least one "
                        "row on each side",
                        fraction, counted(rows, "row"), held == 0 ? "validate with" : "train on"));
    }
    std::vector<std::size_t> order = RandomStream(seed, stream_id("split")).permutation(rows);
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(held);
    Split split{{middle, order.end()}, {order.begin(), middle}};
    std::sort(split.training.begin(), split.training.end());
    std::sort(split.held_out.begin(), split.held_out.end());
    return split;
}

std::vector<std::size_t> epoch_order(std::size_t rows, std::uint64_t seed, std::uint64_t epoch) {
    return RandomStream(seed, stream_id("epoch", epoch)).permutation(rows);
}

}  // namespace chainrule
