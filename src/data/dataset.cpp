#include "data/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "data/cell.h"
#include "data/choose_columns.h"
#include "ir/type.h"

namespace chainrule {
namespace {

[[noreturn]] void refuse_cell(const Table& table, std::size_t row, std::size_t column,
                              const std::string& message, std::vector<Note> notes = {}) {
    throw UserError(fmt::format("{}: {}: {}", table.source, table.place(row, column), message), {},
                    std::move(notes));
}

std::size_t first_missing(const Column& column, std::size_t rows) {
    std::size_t row = 0;
    while (row < rows && !column.is_missing(row)) {
        ++row;
    }
    return row;
}

// --- targets --------------------------------------------------------------------------------

void refuse_missing_target(const Table& table, std::size_t column) {
    if (table.columns[column].missing > 0) {
        refuse_cell(table, first_missing(table.columns[column], table.rows()), column,
                    "the target is missing: remove the row or complete it");
    }
}

void check_class(const Table& table, std::size_t row, std::size_t column, std::int64_t classes) {
    const double label = table.columns[column].numbers[row];
    if (std::trunc(label) == label && label >= 0 && label < static_cast<double>(classes)) {
        return;
    }
    double least = std::numeric_limits<double>::infinity();
    double greatest = -least;
    for (std::size_t i = 0; i < table.rows(); ++i) {
        least = std::min(least, table.columns[column].numbers[i]);
        greatest = std::max(greatest, table.columns[column].numbers[i]);
    }
    const bool renumber = least >= 0 && greatest < 1000;
    const std::string mend =
        renumber ? fmt::format(": renumber them, or declare class({})", std::ceil(greatest) + 1)
                 : "";
    refuse_cell(table, row, column,
                fmt::format("{} is not a class label: class({}) takes the integers 0 to {}", label,
                            classes, classes - 1),
                {{fmt::format("the column runs from {} to {}; labels count from 0{}", least,
                              greatest, mend),
                  {}}});
}

std::string describe_labels(const std::vector<std::string>& labels) {
    constexpr std::size_t most = 10;
    std::string list;
    for (std::size_t i = 0; i < std::min(labels.size(), most); ++i) {
        list += fmt::format("{}{} = {}", i == 0 ? "" : ", ", quote_cell(labels[i]), i);
    }
    return labels.size() > most ? list + ", ..." : list;
}

[[noreturn]] void refuse_labels(const Table& table, std::size_t column,
                                const TargetRequest& target) {
    const Column& source = table.columns[column];
    const std::string found = fmt::format(
        "{}: {} holds text with {} different values", table.source, table.column_place(column),
        source.too_many_values ? std::string("too many") : std::to_string(source.values.size()));
    const std::string other = "select another column with --target";
    if (source.too_many_values) {
        throw UserError(fmt::format("{} for class labels: {}", found, other));
    }
    const std::string takes =
        target.classes > 0 ? fmt::format("class({})", target.classes) : std::string("a number");
    throw UserError(fmt::format("{}, but the target {} is {}: declare `target {}: class({})` or {}",
                                found, target.name, takes, target.name, source.values.size(),
                                other));
}

std::vector<std::string> find_labels(const Table& table, std::size_t column,
                                     const TargetRequest& target) {
    const Column& source = table.columns[column];
    const auto wanted = static_cast<std::size_t>(target.classes > 0 ? target.classes : 2);
    if (source.too_many_values || source.values.size() != wanted) {
        refuse_labels(table, column, target);
    }
    std::vector<std::string> labels = source.values;
    std::sort(labels.begin(), labels.end());
    return labels;
}

// The class of each code of a text column.
std::vector<double> classes_of_codes(const Table& table, std::size_t column,
                                     const std::vector<std::string>& labels) {
    const Column& source = table.columns[column];
    std::vector<double> classes;
    for (std::size_t code = 0; code < source.values.size(); ++code) {
        const auto label = std::find(labels.begin(), labels.end(), source.values[code]);
        if (label == labels.end()) {
            const auto at = std::find(source.codes.begin(), source.codes.end(), code);
            refuse_cell(table, static_cast<std::size_t>(at - source.codes.begin()), column,
                        fmt::format("{} is none of the labels of the training data: {}",
                                    quote_cell(source.values[code]), describe_labels(labels)));
        }
        classes.push_back(static_cast<double>(label - labels.begin()));
    }
    return classes;
}

void bind_text_target(const Table& table, const BindRequest& request, std::size_t column,
                      Dataset& data) {
    if (table.columns[column].too_many_values) {
        refuse_labels(table, column, *request.target);
    }
    data.labels = request.labels;
    if (data.labels.empty()) {
        data.labels = find_labels(table, column, *request.target);
        data.diagnostics.push_back(
            {Severity::note,
             fmt::format("the target {} is text, read as {}", table.column_place(column),
                         describe_labels(data.labels)),
             {},
             {}});
    }
    const std::vector<double> classes = classes_of_codes(table, column, data.labels);
    for (const std::uint16_t code : table.columns[column].codes) {
        data.targets.push_back(classes[code]);
    }
}

void bind_number_target(const Table& table, const BindRequest& request,
                        const std::vector<std::size_t>& columns, Dataset& data) {
    if (!request.labels.empty()) {
        throw UserError(fmt::format(
            "{}: the target {} holds numbers, but that of the training data "
            "holds text: {}",
            table.source, table.column_place(columns[0]), describe_labels(request.labels)));
    }
    data.targets.reserve(table.rows() * columns.size());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        for (const std::size_t column : columns) {
            if (request.target->classes > 0) {
                check_class(table, row, column, request.target->classes);
            }
            data.targets.push_back(table.columns[column].numbers[row]);
        }
    }
}

void bind_target(const Table& table, const BindRequest& request,
                 const std::vector<std::size_t>& columns, Dataset& data) {
    data.target_size = columns.size();
    for (const std::size_t column : columns) {
        const Column& source = table.columns[column];
        if (source.kind == ColumnKind::text && columns.size() > 1) {
            const std::string value = source.values.empty() ? "" : quote_cell(source.values[0]);
            throw UserError(
                fmt::format("{}: {} holds text ({}), but each element of the target {} "
                            "takes numbers",
                            table.source, table.column_place(column), value, request.target->name));
        }
        // Of a column with too many values nothing is kept; it is refused for that below.
        if (!source.too_many_values) {
            refuse_missing_target(table, column);
        }
    }
    if (columns.size() == 1 && table.columns[columns[0]].kind == ColumnKind::text) {
        bind_text_target(table, request, columns[0], data);
    } else if (!columns.empty()) {
        bind_number_target(table, request, columns, data);
    }
}

// --- inputs ---------------------------------------------------------------------------------

void refuse_text_input(const Table& table, std::size_t column) {
    const Column& source = table.columns[column];
    if (source.kind != ColumnKind::text) {
        return;
    }
    const std::string mend = "inputs take numbers: encode the column as numbers or remove it";
    if (source.too_many_values) {
        throw UserError(
            fmt::format("{}: {} holds text: {}", table.source, table.column_place(column), mend));
    }
    const auto first = std::find_if(source.codes.begin(), source.codes.end(),
                                    [](auto code) { return code != Column::missing_code; });
    refuse_cell(table, static_cast<std::size_t>(first - source.codes.begin()), column,
                fmt::format("{}; {}", describe_bad_number(source.values[*first]), mend));
}

void report_missing(const Table& table, const std::vector<std::size_t>& columns,
                    MissingCells policy, Dataset& data) {
    std::size_t missing = 0;
    std::size_t affected = 0;
    std::pair<std::size_t, std::size_t> first{table.rows(), 0};
    for (const std::size_t column : columns) {
        if (table.columns[column].missing > 0) {
            missing += table.columns[column].missing;
            ++affected;
            first = std::min(first, {first_missing(table.columns[column], table.rows()), column});
        }
    }
    if (missing == 0) {
        return;
    }
    const std::string count = fmt::format("{} missing cell{}", missing, missing == 1 ? "" : "s");
    if (policy == MissingCells::refuse) {
        refuse_cell(table, first.first, first.second,
                    fmt::format("the cell is missing ({} in all)", count));
    }
    data.diagnostics.push_back(
        {Severity::warning,
         fmt::format("{}: {} in {} column{} {} filled with the column's mean in the training data, "
                     "the first in {}",
                     table.source, count, affected, affected == 1 ? "" : "s",
                     missing == 1 ? "is" : "are", table.place(first.first, first.second)),
         {},
         {}});
}

void bind_inputs(const Table& table, const BindRequest& request,
                 const std::vector<std::size_t>& columns, Dataset& data) {
    std::size_t next = 0;
    for (const InputRequest& input : request.inputs) {
        const auto size = static_cast<std::size_t>(element_count(input.shape));
        std::vector<double> values(table.rows() * size);
        for (std::size_t j = 0; j < size; ++j) {
            const Column& source = table.columns[columns[next + j]];
            data.columns.push_back(source.name);
            for (std::size_t row = 0; row < table.rows(); ++row) {
                values[row * size + j] = source.numbers[row];
            }
        }
        next += size;
        data.inputs.push_back(std::move(values));
        data.input_sizes.push_back(size);
    }
}

std::vector<double> select(const std::vector<double>& values, std::size_t size,
                           std::span<const std::size_t> rows) {
    std::vector<double> selected;
    selected.reserve(rows.size() * size);
    for (const std::size_t row : rows) {
        const auto from = values.begin() + static_cast<std::ptrdiff_t>(row * size);
        selected.insert(selected.end(), from, from + static_cast<std::ptrdiff_t>(size));
    }
    return selected;
}

}  // namespace

Dataset bind_dataset(const Table& table, const BindRequest& request) {
    ChosenColumns chosen = choose_columns(table, request);
    Dataset data;
    data.rows = table.rows();
    data.diagnostics = std::move(chosen.diagnostics);
    // All that can be wrong is refused before the inputs, the bulk of the memory, are laid out.
    for (const std::size_t column : chosen.inputs) {
        refuse_text_input(table, column);
    }
    bind_target(table, request, chosen.target, data);
    report_missing(table, chosen.inputs, request.missing, data);
    bind_inputs(table, request, chosen.inputs, data);
    return data;
}

Dataset select_rows(const Dataset& data, std::span<const std::size_t> rows) {
    Dataset selected;
    selected.rows = rows.size();
    for (std::size_t i = 0; i < data.inputs.size(); ++i) {
        selected.inputs.push_back(select(data.inputs[i], data.input_sizes[i], rows));
    }
    selected.input_sizes = data.input_sizes;
    selected.targets = select(data.targets, data.target_size, rows);
    selected.target_size = data.target_size;
    selected.columns = data.columns;
    selected.labels = data.labels;
    return selected;
}

}  // namespace chainrule
