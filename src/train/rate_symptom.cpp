#include "train/rate_symptom.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "render/number_text.h"

namespace chainrule {
namespace {

std::string three_digits(double number) { return short_number(number, 3); }

// The sample's loss is far above its first: by once that, and all rows have not gained since the
// first epoch, as they may where the sample lacks what is rare; after one epoch, which has none to
// compare, by nine times, and all rows are.
bool has_jumped(const TrainingView& view) {
    const double first = view.state.first_loss;
    const double rise = view.sample->loss - first;
    const double now = view.epochs.back().train.loss;
    if (view.epoch == 1) {
        return rise > 9 * std::abs(first) && now - first > 9 * std::abs(first);
    }
    return rise > std::abs(first) && now >= view.epochs.front().train.loss;
}

// The sample's loss is a tenth above its first, and no epoch moves the loss of all rows.
bool stands_above(const TrainingView& view) {
    constexpr std::size_t least_epochs = 4;
    const double first = view.state.first_loss;
    const double now = view.epochs.back().train.loss;
    const auto stands = [&](const EpochRecord& epoch) {
        return std::abs(epoch.train.loss - now) <= 1e-6 * std::abs(now);
    };
    return view.epochs.size() >= least_epochs &&
           view.sample->loss - first > 0.1 * std::abs(first) &&
           std::ranges::all_of(view.epochs.last(least_epochs), stands);
}

// A rise in three epochs one after the other, by a quarter of the greatest loss of the beginning in
// all.
std::optional<double> risen_from(const TrainingView& view) {
    constexpr std::size_t rises = 3;
    if (view.epochs.size() <= rises) {
        return std::nullopt;
    }
    const auto last = view.epochs.last(rises + 1);
    const auto falls = [](const EpochRecord& one, const EpochRecord& next) {
        return !(next.train.loss > one.train.loss);
    };
    const double before = last.front().train.loss;
    const double scale = std::max({std::abs(view.state.first_loss), std::abs(before),
                                   std::abs(view.epochs.front().train.loss)});
    const bool is_far = last.back().train.loss - before > 0.25 * scale;
    return is_far && std::ranges::adjacent_find(last, falls) == last.end() ? std::optional(before)
                                                                           : std::nullopt;
}

}  // namespace

std::vector<Finding> rate_too_large(const TrainingView& view) {
    if (view.epoch == 0 || !view.options.has_rate()) {
        return {};
    }
    const double first = view.state.first_loss;
    const auto advice =
        fmt::format("the rate {} is too large; try {}", format_number(view.epochs.back().rate),
                    short_number(view.epochs.back().rate / 10, 2));
    const Span span = view.network.graph.origin(view.network.loss);
    if (view.sample != nullptr && first != 0 && (has_jumped(view) || stands_above(view))) {
        return {{fmt::format("the loss of {} sampled rows has risen to {} from {} at the "
                             "beginning: {}",
                             view.sample->rows, three_digits(view.sample->loss),
                             three_digits(first), advice),
                 span}};
    }
    if (const std::optional<double> before = risen_from(view)) {
        return {{fmt::format("the loss has risen for 3 epochs, from {} to {}: {}",
                             three_digits(*before), three_digits(view.epochs.back().train.loss),
                             advice),
                 span}};
    }
    return {};
}

}  // namespace chainrule
