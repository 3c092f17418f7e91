// The metrics of numbers, gathered example by example; of several elements the mean over these.
// Each agrees with the function of sklearn.metrics named behind it.
//
//     RMSE  root_mean_squared_error
//     MAE   mean_absolute_error
//     R2    r2_score: 1 - sum((y - p)^2) / sum((y - mean(y))^2); of a constant target 1 where every
//           answer is right and 0 elsewhere
//
//     NumberScores scores(1);
//     scores.add({1.5}, {1.25});
//     scores.write_to(metrics);
#pragma once

#include <span>
#include <vector>

#include "train/metrics.h"

namespace chainrule {

class NumberScores {
public:
    explicit NumberScores(std::size_t size) : elements_(size) {}

    // Of one example.
    void add(std::span<const double> target, std::span<const double> answer);
    void write_to(Metrics& metrics) const;

private:
    struct Element {
        double squares = 0;  // of the errors
        double absolutes = 0;
        // The mean of the target's distances from its first number, which keeps digits that a large
        // mean would cost, and the sum of squares about it so far (Welford 1962).
        double first = 0;
        double mean = 0;
        double spread = 0;
    };
    std::vector<Element> elements_;
    double rows_ = 0;
    std::uint64_t unanswered_ = 0;  // rows
};

}  // namespace chainrule
