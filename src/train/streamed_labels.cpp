#include "train/streamed_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "data/careful_table.h"

namespace chainrule {
namespace {

// Of a row of the file, in one more reading.
std::string place_in(const TableSurvey& survey, std::size_t row, std::size_t column) {
    TableParts parts(survey);
    for (Table part; parts.next(part); row -= part.rows()) {
        if (row < part.rows()) {
            return part.place(row, column);
        }
    }
    refuse_changed_file(survey.outline.source);
}

}  // namespace

StreamedLabels::StreamedLabels(StreamedExamples& examples) : examples_(examples) {
    BindRequest& request = examples.bind;
    if (request.target && request.labels->empty()) {
        classes_ = std::exchange(request.target->classes, 0);
    }
}

void StreamedLabels::add(const Dataset& part) {
    column_ = part.first_target;
    if (classes_ > 0) {
        for (const double number : part.targets) {
            add(number);
        }
    }
}

void StreamedLabels::add(double number) {
    const std::size_t row = rows_++;
    least_ = row == 0 || number < least_.number ? Label{number, row} : least_;
    greatest_ = row == 0 || number > greatest_.number ? Label{number, row} : greatest_;
    const auto known = std::ranges::find(labels_, number, &Label::number);
    if (known != labels_.end()) {
        ++known->count;
    } else if (labels_.size() <= static_cast<std::size_t>(classes_)) {
        labels_.push_back({number, row});
    }
}

LabelSource StreamedLabels::source_of_labels(const std::string& target) const {
    if (const auto* const table = std::get_if<TableSurvey>(&examples_.file)) {
        return {table->outline.source, table->outline.column_place(column_),
                [this, table](std::size_t label) {
                    return place_in(*table, labels_[label].row, column_);
                }};
    }
    const auto& arrays = std::get<ArraySurvey>(examples_.file);
    return {arrays.labels.empty() ? arrays.data : arrays.labels, target,
            [this](std::size_t label) { return fmt::format("row {}", labels_[label].row + 1); }};
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
