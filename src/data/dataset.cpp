#include "data/dataset.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "data/cell.h"
#include "data/choose_columns.h"
#include "data/fill_inputs.h"
#include "data/wording.h"
#include "ir/tensor.h"

namespace chainrule {
namespace {

void refuse_missing_target(const Table& table, std::size_t column) {
    if (table.columns[column].missing > 0) {
        table.refuse_cell(table.first_missing(column), column,
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
    data.first_target = columns.empty() ? 0 : columns[0];
    for (const std::size_t column : columns) {
        const Column& source = table.columns[column];
        data.target_columns.push_back(source.name);
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

bool fits(DType dtype, double weight) {
    using Single = std::numeric_limits<float>;
    return dtype != DType::f32 || weight == 0 ||
           (weight >= Single::min() && weight <= Single::max());
}

void bind_weights(const Table& table, std::size_t column, DType dtype, Dataset& data) {
    const Column& source = table.columns[column];
    data.weight_column = source.name;
    data.weight_place = column;
    if (source.kind == ColumnKind::text) {
        const std::string value = source.values.empty() ? "" : quote_cell(source.values[0]);
        throw UserError(
            fmt::format("{}: {} holds text ({}), but a weight is a number: select "
                        "another column with --weights",
                        table.source, table.column_place(column), value));
    }
    if (source.missing > 0) {
        table.refuse_cell(table.first_missing(column), column,
                          "the weight is missing: remove the row or give it a weight");
    }
    data.weights.resize(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const double weight = source.numbers[row];
        if (!std::isfinite(weight) || weight < 0) {
            table.refuse_cell(row, column,
                              fmt::format("the weight is {}: it is a finite number, at least 0",
                                          format_number(weight)));
        }
        if (!fits(dtype, weight)) {
            table.refuse_cell(row, column,
                              fmt::format("the weight is {}, beyond f32: multiply all weights by "
                                          "a number that brings them nearer to 1, or train with "
                                          "--dtype f64",
                                          format_number(weight)));
        }
        data.weights[row] = weight;
    }
}

}  // namespace

Dataset bind_part(const Table& table, const BindRequest& request) {
    ChosenColumns chosen = choose_columns(table, request);
    Dataset data;
    data.source = table.source;
    data.has_header = table.has_header;
    data.rows = table.rows();
    data.lines = table.lines;
    data.diagnostics = std::move(chosen.diagnostics);
    // The target is refused before the inputs, the bulk of the memory, are laid out.
    bind_target(table, request, chosen.target, data);
    if (chosen.weights) {
        bind_weights(table, *chosen.weights, request.weight_dtype, data);
    }
    fill_inputs(table, request, std::move(chosen.inputs), data);
    return data;
}

Dataset bind_dataset(const Table& table, const BindRequest& request) {
    Dataset data = bind_part(table, request);
    if (request.missing == MissingCells::refuse) {
        data.tally.refuse_missing(table.source);
    }
    for (Diagnostic& warning : data.tally.warnings(table.source)) {
        data.diagnostics.push_back(std::move(warning));
    }
    return data;
}

double weight_of(const Dataset& data, std::size_t row) {
    return data.weights.empty() ? 1 : data.weights[row];
}

double weight_sum(const Dataset& data, std::span<const std::size_t> rows) {
    if (data.weights.empty()) {
        return static_cast<double>(rows.size());
    }
    double sum = 0;
    for (const std::size_t row : rows) {
        sum += data.weights[row];
    }
    return sum;
}

Dataset select_rows(const Dataset& data, std::span<const std::size_t> rows) {
    Dataset selected;
    selected.source = data.source;
    selected.has_header = data.has_header;
    selected.rows = rows.size();
    selected.lines = data.lines.of(rows);
    for (std::size_t i = 0; i < data.inputs.size(); ++i) {
        selected.inputs.push_back(data.inputs[i].rows(rows, data.input_sizes[i]));
    }
    selected.input_sizes = data.input_sizes;
    selected.targets = select_rows(data.targets, rows, data.target_size);
    selected.target_size = data.target_size;
    selected.target_columns = data.target_columns;
    selected.first_target = data.first_target;
    if (!data.weights.empty()) {
        selected.weights = select_rows(data.weights, rows, 1);
    }
    selected.weight_column = data.weight_column;
    selected.weight_place = data.weight_place;
    selected.columns = data.columns;
    selected.encodings = data.encodings;
    selected.labels = data.labels;
    return selected;
}

void keep_rows(Dataset& data, std::span<const std::size_t> rows) {
    for (std::size_t i = 0; i < data.inputs.size(); ++i) {
        data.inputs[i].keep_rows(rows, data.input_sizes[i]);
    }
    keep_rows(data.targets, rows, data.target_size);
    data.lines = data.lines.of(rows);
    if (!data.weights.empty()) {
        keep_rows(data.weights, rows, 1);
    }
    data.rows = rows.size();
}

}  // namespace chainrule
