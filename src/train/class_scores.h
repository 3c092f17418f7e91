// The metrics of classes, gathered example by example. Each agrees with the function of
// sklearn.metrics named behind it.
//
//     accuracy   accuracy_score
//     precision  precision_score(average="binary" of two classes, else "macro"); recall and F1
//                alike
//     ROC AUC    roc_auc_score(multi_class="ovr"), by counting pairs (Mann, Whitney 1947), ties as
//                half
//     log loss   log_loss(labels=all classes): probabilities are kept 2^-52 away from 0 and 1
//
//     ClassScores scores(2, true);
//     scores.add(1, 1, {0.8});
//     scores.write_to(metrics, pool);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "backend/thread_pool.h"
#include "train/metrics.h"

namespace chainrule {

class ClassScores {
public:
    // Of data in memory.
    static constexpr std::size_t usually_kept = std::size_t{1} << 27;

    // More scores than `most_kept` are not kept, and there is no area.
    ClassScores(std::size_t classes, bool are_probabilities, std::size_t most_kept = usually_kept);

    // `numbers` are the scores of all classes or, of two classes, that of class 1 alone. No
    // `answer` is a wrong one.
    void add(std::size_t truth, std::optional<std::size_t> answer, std::span<const double> numbers);
    // The classes' areas are shared out to the pool.
    void write_to(Metrics& metrics, ThreadPool& pool) const;

private:
    struct Counts {
        double both = 0;  // of the class and answered with it
        double answered = 0;
        double occurring = 0;
    };
    Counts counts_of(std::size_t k) const;
    double area_of(std::size_t column, std::size_t positive) const;
    std::optional<double> area(ThreadPool& pool) const;
    void write_averages(Metrics& metrics) const;

    std::size_t classes_;
    bool are_probabilities_;
    std::size_t columns_;  // scores kept of an example: 1 of two classes
    std::size_t most_kept_;
    bool keeps_ = true;
    std::size_t rows_ = 0;
    std::size_t right_ = 0;
    double loss_ = 0;
    std::vector<std::vector<std::uint64_t>> confusion_;
    std::vector<std::uint64_t> unanswered_;  // by class
    // Per column, the scores of the examples of each class: [column][class].
    std::vector<std::vector<std::vector<double>>> kept_;
};

}  // namespace chainrule
