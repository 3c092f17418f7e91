#include "data/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "data/cell.h"
#include "data/choose_columns.h"
#include "data/wording.h"
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

LabelSource label_source(const Table& table, std::size_t column) {
    return {table.source, table.column_place(column),
            [&table, column](std::size_t row) { return table.place(row, column); }};
}

ClassLabels text_classes(const Table& table, const BindRequest& request, std::size_t column) {
    const Column& source = table.columns[column];
    if (source.too_many_values) {
        throw UserError(
            fmt::format("{}: {} holds text with too many different values for class labels: select "
                        "another column with --target",
                        table.source, table.column_place(column)));
    }
    return classes_of_texts(source.values, source.codes, *request.target,
                            label_source(table, column), request.labels);
}

ClassLabels number_classes(const Table& table, const BindRequest& request, std::size_t column) {
    std::vector<double> numbers(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        numbers[row] = table.columns[column].numbers[row];
    }
    return classes_of_numbers(std::move(numbers), *request.target, label_source(table, column),
                              request.labels);
}

void bind_label_column(const Table& table, const BindRequest& request, std::size_t column,
                       Dataset& data) {
    ClassLabels found = table.columns[column].kind == ColumnKind::text
                            ? text_classes(table, request, column)
                            : number_classes(table, request, column);
    data.targets = std::move(found.classes);
    data.labels = std::move(found.labels);
    data.diagnostics.insert(data.diagnostics.end(), found.diagnostics.begin(),
                            found.diagnostics.end());
}

void bind_number_columns(const Table& table, const std::vector<std::size_t>& columns,
                         Dataset& data) {
    data.targets.reserve(table.rows() * columns.size());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        for (const std::size_t column : columns) {
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
    if (columns.size() == 1) {
        bind_label_column(table, request, columns[0], data);
    } else {
        bind_number_columns(table, columns, data);
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
    const std::string count = counted(missing, "missing cell");
    if (policy == MissingCells::refuse) {
        refuse_cell(table, first.first, first.second,
                    fmt::format("the cell is missing ({} in all)", count));
    }
    data.diagnostics.push_back(
        {Severity::warning,
         fmt::format("{}: {} in {} {} filled with the column's mean in the training data, "
                     "the first in {}",
                     table.source, count, counted(affected, "column"), missing == 1 ? "is" : "are",
                     table.place(first.first, first.second)),
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
        data.inputs.emplace_back(std::move(values));
        data.input_sizes.push_back(size);
    }
}

}  // namespace

Dataset bind_dataset(const Table& table, const BindRequest& request) {
    ChosenColumns chosen = choose_columns(table, request);
    Dataset data;
    data.source = table.source;
    data.has_header = table.has_header;
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
    selected.source = data.source;
    selected.has_header = data.has_header;
    selected.rows = rows.size();
    for (std::size_t i = 0; i < data.inputs.size(); ++i) {
        selected.inputs.push_back(data.inputs[i].rows(rows, data.input_sizes[i]));
    }
    selected.input_sizes = data.input_sizes;
    selected.targets = select_rows(data.targets, rows, data.target_size);
    selected.target_size = data.target_size;
    selected.columns = data.columns;
    selected.labels = data.labels;
    return selected;
}

void keep_rows(Dataset& data, std::span<const std::size_t> rows) {
    for (std::size_t i = 0; i < data.inputs.size(); ++i) {
        data.inputs[i].keep_rows(rows, data.input_sizes[i]);
    }
    keep_rows(data.targets, rows, data.target_size);
    data.rows = rows.size();
}

}  // namespace chainrule
