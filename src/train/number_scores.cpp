#include "train/number_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace chainrule {
namespace {

double determination(double squares, double spread) {
    if (spread != 0) {
        return 1 - squares / spread;
    }
    return squares == 0 ? 1 : std::isnan(squares) ? squares : 0;
}

}  // namespace

void NumberScores::add(std::span<const double> target, std::span<const double> answer) {
    for (std::size_t i = 0; i < elements_.size(); ++i) {
        Element& element = elements_[i];
        const double error = target[i] - answer[i];
        element.squares += error * error;
        element.absolutes += std::abs(error);
        element.first = rows_ == 0 ? target[i] : element.first;
        const double distance = target[i] - element.first;
        const double from_mean = distance - element.mean;
        element.mean += from_mean / (rows_ + 1);
        element.spread += from_mean * (distance - element.mean);
    }
    ++rows_;
    const auto is_nan = [](double x) { return std::isnan(x); };
    unanswered_ += std::ranges::any_of(answer, is_nan) ? 1 : 0;
}

void NumberScores::write_to(Metrics& metrics) const {
    double rmse = 0;
    double mae = 0;
    double r2 = 0;
    for (const Element& element : elements_) {
        rmse += std::sqrt(element.squares / rows_);
        mae += element.absolutes / rows_;
        r2 += determination(element.squares, element.spread);
    }
    const auto count = static_cast<double>(elements_.size());
    metrics.rmse = rmse / count;
    metrics.mae = mae / count;
    metrics.unanswered = unanswered_;
    metrics.r2 = rows_ < 2 ? std::numeric_limits<double>::quiet_NaN() : r2 / count;
}

}  // namespace chainrule
