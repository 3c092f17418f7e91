#include "train/class_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace chainrule {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

// How many of the pairs (one of `low`, one of `high`, both ascending) are in this order; ties are
// half.
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
      unanswered_(classes, 0),
      kept_(columns_, std::vector<std::vector<double>>(classes)) {}

void ClassScores::add(std::size_t truth, std::optional<std::size_t> answer,
                      std::span<const double> numbers) {
    ++rows_;
    if (answer) {
        ++confusion_[truth][*answer];
        right_ += *answer == truth ? 1 : 0;
    } else {
        ++unanswered_[truth];
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

ClassScores::Counts ClassScores::counts_of(std::size_t k) const {
    Counts counts{.both = static_cast<double>(confusion_[k][k]),
                  .occurring = static_cast<double>(unanswered_[k])};
    for (std::size_t i = 0; i < classes_; ++i) {
        counts.answered += static_cast<double>(confusion_[i][k]);
        counts.occurring += static_cast<double>(confusion_[k][i]);
    }
    return counts;
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
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    double count = 0;
    for (std::size_t k = classes_ == 2 ? 1 : 0; k < classes_; ++k) {
        const Counts counts = counts_of(k);
        if (classes_ != 2 && counts.answered + counts.occurring == 0) {
            continue;
        }
        precision += ratio(counts.both, counts.answered);
        recall += ratio(counts.both, counts.occurring);
        f1 += ratio(2 * counts.both, counts.answered + counts.occurring);
        ++count;
    }
    metrics.precision = ratio(precision, count);
    metrics.recall = ratio(recall, count);
    metrics.f1 = ratio(f1, count);
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
    metrics.unanswered = std::accumulate(unanswered_.begin(), unanswered_.end(), std::uint64_t{0});
}

}  // namespace chainrule
