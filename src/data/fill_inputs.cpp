#include "data/fill_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "data/cell.h"
#include "data/wording.h"
#include "ir/tensor.h"

namespace chainrule {
namespace {

using EncodingKind = ColumnEncoding::Kind;

// --- missing cells --------------------------------------------------------------------------

void tally_missing(const Table& table, const std::vector<PlacedColumn>& columns, CellTally& tally) {
    std::pair<std::size_t, std::size_t> first{table.rows(), 0};
    for (const PlacedColumn& each : columns) {
        const Column& column = table.columns[each.column];
        if (column.missing > 0 && each.encoding.width > 0) {
            tally.missing[each.column] = {column.missing,
                                          each.encoding.kind == EncodingKind::category};
            first = std::min(first, {table.first_missing(each.column), each.column});
        }
    }
    if (!tally.missing.empty()) {
        tally.first_missing = table.place(first.first, first.second);
    }
}

// --- categories -----------------------------------------------------------------------------

// The text of a cell. Of a column that here holds numbers only, but text in training, numbers are
// written as numbers usually are.
std::optional<std::string> text_of(const Column& column, std::size_t row) {
    if (column.is_missing(row)) {
        return std::nullopt;
    }
    return column.kind == ColumnKind::text ? column.values[column.codes[row]]
                                           : format_number(column.numbers[row]);
}

// The element of each value of a text column, or none.
std::vector<std::optional<std::size_t>> elements_of_values(const Column& column,
                                                           const ColumnEncoding& encoding) {
    std::vector<std::optional<std::size_t>> elements;
    for (const std::string& value : column.values) {
        const auto found = std::ranges::lower_bound(encoding.categories, value);
        const bool is_known = found != encoding.categories.end() && *found == value;
        elements.push_back(
            is_known ? std::optional(static_cast<std::size_t>(found - encoding.categories.begin()))
                     : std::nullopt);
    }
    return elements;
}

struct Unknown {
    std::size_t count = 0;
    std::size_t first_row = 0;
};

// `out(row)` is the first element of that row.
template <typename Out>
Unknown fill_category(const Column& column, const ColumnEncoding& encoding, std::size_t rows,
                      Out out) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const bool is_text = column.kind == ColumnKind::text;
    const auto elements = elements_of_values(column, encoding);
    Unknown unknown;
    for (std::size_t row = 0; row < rows; ++row) {
        double* const cell = out(row);
        if (column.is_missing(row)) {
            std::fill_n(cell, encoding.width, nan);
            continue;
        }
        std::optional<std::size_t> element;
        if (is_text) {
            element = elements[column.codes[row]];
        } else {
            const auto found = std::ranges::find(encoding.categories, *text_of(column, row));
            if (found != encoding.categories.end()) {
                element = static_cast<std::size_t>(found - encoding.categories.begin());
            }
        }
        if (element) {
            cell[*element] = 1;
        } else if (unknown.count++ == 0) {
            unknown.first_row = row;
        }
    }
    return unknown;
}

void tally_unknown(const Table& table, const PlacedColumn& placed, const Unknown& unknown,
                   CellTally& tally) {
    if (unknown.count > 0) {
        const auto text = text_of(table.columns[placed.column], unknown.first_row);
        tally.unknown[placed.column] = {
            unknown.count, table.column_place(placed.column),
            fmt::format("{}, in row {}", quote_cell(*text), table.line(unknown.first_row))};
    }
}

// --- numbers --------------------------------------------------------------------------------

// A column that held numbers in training and holds text here.
void refuse_text(const Table& table, std::size_t column) {
    const Column& source = table.columns[column];
    if (source.kind == ColumnKind::number) {
        return;
    }
    const std::string why = "in the training data the column holds numbers";
    if (source.too_many_values) {
        throw UserError(
            fmt::format("{}: {} holds text: {}", table.source, table.column_place(column), why));
    }
    const auto first =
        std::ranges::find_if(source.codes, [](auto code) { return code != Column::missing_code; });
    table.refuse_cell(static_cast<std::size_t>(first - source.codes.begin()), column,
                      fmt::format("{}; {}", describe_bad_number(source.values[*first]), why));
}

void fill_column(const Table& table, const PlacedColumn& placed, std::vector<double>& values,
                 std::size_t size, Dataset& data) {
    const Column& column = table.columns[placed.column];
    const auto out = [&](std::size_t row) { return values.data() + row * size + placed.element; };
    if (placed.encoding.kind == EncodingKind::category) {
        tally_unknown(table, placed, fill_category(column, placed.encoding, table.rows(), out),
                      data.tally);
        return;
    }
    for (std::size_t row = 0; row < table.rows(); ++row) {
        *out(row) = column.numbers[row];
    }
}

}  // namespace

void fill_inputs(const Table& table, const BindRequest& request, std::vector<PlacedColumn> columns,
                 Dataset& data) {
    std::vector<std::size_t> training_rows;
    if (request.training_rows) {
        training_rows = request.training_rows(data);
    }
    for (PlacedColumn& placed : columns) {
        if (!request.encodings) {
            learn_categories(placed.encoding, table.columns[placed.column], training_rows);
        } else if (placed.encoding.kind == EncodingKind::number) {
            refuse_text(table, placed.column);
        }
    }
    tally_missing(table, columns, data.tally);
    for (std::size_t i = 0; i < request.inputs.size(); ++i) {
        const auto size = static_cast<std::size_t>(element_count(request.inputs[i].shape));
        std::vector<double> values(table.rows() * size);
        for (const PlacedColumn& placed : columns) {
            if (placed.input == i && placed.encoding.width > 0) {
                fill_column(table, placed, values, size, data);
            }
        }
        data.inputs.emplace_back(std::move(values));
        data.input_sizes.push_back(size);
    }
    for (PlacedColumn& placed : columns) {
        const std::vector<std::string> names = placed.encoding.element_names();
        data.columns.insert(data.columns.end(), names.begin(), names.end());
        data.encodings.push_back(std::move(placed.encoding));
    }
}

}  // namespace chainrule
