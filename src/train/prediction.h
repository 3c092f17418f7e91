// What a model answers, row by row, as columns of numbers.
//
// Of a network that tells classes: `p_<class>` of each class, or `score_<class>` where its numbers
// are no probabilities (of two classes with one output `score`), then `class`. Of one that tells
// numbers: a column for each element of the target, of the name of the target's column in training.
// Otherwise: the elements of the outputs.
//
//     Predictor predictor(setup, data);
//     predictor.columns();                        // {"p_no", "p_yes", "class"}
//     predictor.run(data, 0, 100);                // 100 rows of 3 numbers
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "train/forward.h"
#include "train/model_setup.h"

namespace chainrule {

class Predictor {
public:
    // For data sets whose blocks have the formats of `like`, of `rows` rows in all where their
    // number is known. The setup must outlive the predictor.
    Predictor(ModelSetup& setup, const Dataset& like, std::optional<std::size_t> rows);

    const std::vector<std::string>& columns() const { return columns_; }
    // Of the column `class`, which is the last then and holds the class's number, NaN where the
    // answer is no number; empty where there is none.
    const std::vector<std::string>& classes() const { return classes_; }
    std::size_t most_rows() const { return forward_->most_rows(); }

    // The columns' numbers for `count` rows from `first` on, row by row; valid until the next run.
    std::span<const double> run(const Dataset& data, std::size_t first, std::size_t count);

private:
    void name_classes(const LearntData& learnt);
    void name_numbers(const Network& network, const LearntData& learnt);
    void name_outputs(const Network& network);
    void answer(std::size_t example, std::span<double> numbers) const;
    void answer_class(std::span<const double> output, std::span<double> numbers) const;

    ThreadPool& pool_;
    std::optional<AnswerRule> rule_;
    std::vector<NodeId> roots_;
    std::unique_ptr<Forward> forward_;
    std::vector<std::string> columns_;
    std::vector<std::string> classes_;
    std::vector<std::size_t> rows_;
    std::vector<double> numbers_;
};

}  // namespace chainrule
