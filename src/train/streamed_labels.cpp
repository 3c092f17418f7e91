#include "train/streamed_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chainrule {

StreamedLabels::StreamedLabels(StreamedExamples& examples) : examples_(examples) {
    BindRequest& request = examples.bind;
    if (request.target && request.labels->empty()) {
        classes_ = std::exchange(request.target->classes, 0);
    }
}

void StreamedLabels::add(const Dataset& part) {
    column_ = part.first_target;
    if (classes_ > 0) {
        for (std::size_t row = 0; row < part.rows; ++row) {
            add(part.targets[row], part.lines.line(row));
        }
    }
}

void StreamedLabels::add(double number, std::uint64_t line) {
    const bool is_first = labels_.empty();
    least_ = is_first || number < least_.number ? Label{number, line} : least_;
    greatest_ = is_first || number > greatest_.number ? Label{number, line} : greatest_;
    const auto known = std::ranges::find(labels_, number, &Label::number);
    if (known != labels_.end()) {
        ++known->count;
    } else if (labels_.size() <= static_cast<std::size_t>(classes_)) {
        labels_.push_back({number, line});
    }
}

LabelSource StreamedLabels::source_of_labels(const std::string& target) const {
    const auto row_of = [this](std::size_t label) {
        return fmt::format("row {}", labels_[label].line);
    };
    if (const auto* const table = std::get_if<TableSurvey>(&examples_.file)) {
        const std::string column = table->outline.column_place(column_);
        return {table->outline.source, column, [row_of, column](std::size_t label) {
                    return fmt::format("{}, {}", row_of(label), column);
                }};
    }
    const auto& arrays = std::get<ArraySurvey>(examples_.file);
    return {arrays.labels.empty() ? arrays.data : arrays.labels, target, row_of};
}

std::vector<Diagnostic> StreamedLabels::finish(BindRequest& request) {
    if (classes_ == 0) {
        return {};
    }
    request.target->classes = classes_;
    const std::size_t distinct = labels_.size();
    // The range of all is part of what is said of a bad one, which is among the first.
    labels_.push_back(least_);
    labels_.push_back(greatest_);
    std::vector<double> numbers;
    for (const Label& label : labels_) {
        numbers.push_back(label.number);
    }
    ClassLabels found = classes_of_numbers(std::move(numbers), *request.target,
                                           source_of_labels(request.target->name), std::nullopt);
    class_rows_.assign(static_cast<std::size_t>(classes_), 0);
    for (std::size_t i = 0; i < distinct; ++i) {
        class_rows_.at(static_cast<std::size_t>(found.classes[i])) += labels_[i].count;
    }
    request.labels = std::move(found.labels);
    return std::move(found.diagnostics);
}

}  // namespace chainrule
