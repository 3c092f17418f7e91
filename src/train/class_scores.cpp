#include "train/class_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace chainrule {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct Counts {
    double both = 0;  // of the class and answered with it
    double answered = 0;
    double occurring = 0;
};

Counts counts_of(const std::vector<std::vector<std::uint64_t>>& confusion, std::size_t k) {
    Counts counts{.both = static_cast<double>(confusion[k][k])};
    for (std::size_t i = 0; i < confusion.size(); ++i) {
        counts.answered += static_cast<double>(confusion[i][k]);
        counts.occurring += static_cast<double>(confusion[k][i]);
    }
    return counts;
}

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

struct Averages {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
};

Averages scores_of(const Counts& counts) {
    return {ratio(counts.both, counts.answered), ratio(counts.both, counts.occurring),
            ratio(2 * counts.both, counts.answered + counts.occurring)};
}

// How many of the pairs (one of `low`, one of `high`, both ascending) are in this order; ties are half.
double ordered_pairs(std::span<const double> low, std::span<const double> high) {
    std::uint64_t twice = 0;
    std::size_t below = 0;
    std::size_t up_to = 0;
    for (const double score : high) {
        while (below < low.size() && low[below] < score) {
            ++below;
        }
        up_to = std::max(up_to, below);
        while (up_to < low.size() && low[up_to] == score) {
            ++up_to;
        }
        twice += below + up_to;
    }
    return static_cast<double>(twice) / 2;
}

double loss_of(double probability) {
    constexpr double least = std::numeric_limits<double>::epsilon();
    return -std::log(std::clamp(probability, least, 1 - least));
}

}  // namespace

ClassScores::ClassScores(std::size_t classes, bool are_probabilities, std::size_t most_kept)
    : classes_(classes),
      are_probabilities_(are_probabilities),
      columns_(classes == 2 ? 1 : classes),
      most_kept_(most_kept),
      keeps_(classes == 2 || are_probabilities),
      confusion_(classes, std::vector<std::uint64_t>(classes)),
      kept_(columns_, std::vector<std::vector<double>>(classes)) {}

void ClassScores::add(std::size_t truth, std::optional<std::size_t> answer,
                      std::span<const double> numbers) {
    ++rows_;
    if (answer) {
        ++confusion_[truth][*answer];
        right_ += *answer == truth ? 1 : 0;
    }
    const bool is_one_number = numbers.size() == 1 && classes_ == 2;
    if (are_probabilities_) {
        loss_ += loss_of(!is_one_number ? numbers[truth]
                         : truth == 1   ? numbers[0]
                                        : 1 - numbers[0]);
    }
    keeps_ = keeps_ && rows_ * columns_ <= most_kept_;
    if (!keeps_) {
        kept_.clear();
        return;
    }
    if (classes_ == 2) {
        const double positive = is_one_number        ? numbers[0]
                                : are_probabilities_ ? numbers[1]
                                                     : numbers[1] - numbers[0];
        kept_[0][truth].push_back(positive);
        return;
    }
    for (std::size_t k = 0; k < columns_; ++k) {
        kept_[k][truth].push_back(numbers[k]);
    }
}

double ClassScores::area_of(std::size_t column, std::size_t positive) const {
    std::vector<double> high = kept_[column][positive];
    std::vector<double> low;
    for (std::size_t k = 0; k < classes_; ++k) {
        if (k != positive) {
            low.insert(low.end(), kept_[column][k].begin(), kept_[column][k].end());
        }
    }
    const auto is_nan = [](double x) { return std::isnan(x); };
    if (high.empty() || low.empty() || std::ranges::any_of(high, is_nan) ||
        std::ranges::any_of(low, is_nan)) {
        return not_a_number;
    }
    std::ranges::sort(high);
    std::ranges::sort(low);
    return ordered_pairs(low, high) / static_cast<double>(high.size()) /
           static_cast<double>(low.size());
}

std::optional<double> ClassScores::area() const {
    if (!keeps_) {
        return std::nullopt;
    }
    if (classes_ == 2) {
        return area_of(0, 1);
    }
    double sum = 0;
    for (std::size_t k = 0; k < classes_; ++k) {
        sum += area_of(k, k);
    }
    return sum / static_cast<double>(classes_);
}

void ClassScores::write_averages(Metrics& metrics) const {
    Averages sums;
    double count = 0;
    for (std::size_t k = classes_ == 2 ? 1 : 0; k < classes_; ++k) {
        const Counts counts = counts_of(confusion_, k);
        if (classes_ != 2 && counts.answered + counts.occurring == 0) {
            continue;
        }
        const Averages scores = scores_of(counts);
        sums.precision += scores.precision;
        sums.recall += scores.recall;
        sums.f1 += scores.f1;
        ++count;
    }
    metrics.precision = ratio(sums.precision, count);
    metrics.recall = ratio(sums.recall, count);
    metrics.f1 = ratio(sums.f1, count);
}

void ClassScores::write_to(Metrics& metrics) const {
    const auto rows = static_cast<double>(rows_);
    metrics.accuracy = static_cast<double>(right_) / rows;
    write_averages(metrics);
    metrics.roc_auc = area();
    if (are_probabilities_) {
        metrics.log_loss = loss_ / rows;
    }
    metrics.confusion = confusion_;
}

}  // namespace chainrule
