#include "data/place_columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "data/wording.h"
#include "ir/type.h"

namespace chainrule {
namespace {

std::string describe_input(const InputRequest& input) {
    if (input.shape.empty()) {
        return input.name;
    }
    return fmt::format("{}[{}]", input.name, fmt::join(input.shape, ","));
}

std::string describe_inputs(const std::vector<InputRequest>& inputs) {
    std::string list;
    for (const InputRequest& input : inputs) {
        list += (list.empty() ? "" : ", ") + describe_input(input);
    }
    return list.empty() ? "no inputs" : list;
}

std::size_t size_of(const InputRequest& input) {
    return static_cast<std::size_t>(element_count(input.shape));
}

std::size_t width_of(const std::vector<PlacedColumn>& columns) {
    return std::accumulate(
        columns.begin(), columns.end(), std::size_t{0},
        [](std::size_t sum, const PlacedColumn& each) { return sum + each.encoding.width; });
}

PlacedColumn place(const Table& table, std::size_t column) {
    return {.column = column, .encoding = encoding_of(table.columns[column])};
}

// How many elements the column feeds, here or, where that is known, in training.
std::size_t width_of(const Column& column, const BindRequest& request) {
    if (!request.encodings) {
        return encoding_of(column).width;
    }
    const auto learnt = std::ranges::find(*request.encodings, column.name, &ColumnEncoding::name);
    return learnt == request.encodings->end() ? 0 : learnt->width;
}

// For each input the column of its own name, where there is one of the input's size; no list at all
// without a header.
std::vector<std::optional<std::size_t>> columns_by_name(
    const Table& table, const BindRequest& request, const std::vector<std::size_t>& candidates) {
    if (!table.has_header) {
        return {};
    }
    std::vector<std::optional<std::size_t>> columns;
    for (const InputRequest& input : request.inputs) {
        auto column = find_column(table, input.name);
        const bool fits = column && std::ranges::count(candidates, *column) > 0 &&
                          width_of(table.columns[*column], request) == size_of(input);
        columns.push_back(fits ? column : std::nullopt);
    }
    return columns;
}

void warn_of_unused(const Table& table, const std::vector<PlacedColumn>& rest,
                    const std::vector<std::optional<std::size_t>>& used,
                    std::vector<Diagnostic>& diagnostics) {
    std::string unused;
    for (const PlacedColumn& each : rest) {
        if (std::find(used.begin(), used.end(), each.column) == used.end()) {
            unused += (unused.empty() ? "" : ", ") + table.columns[each.column].name;
        }
    }
    if (!unused.empty()) {
        diagnostics.push_back(warning(fmt::format(
            "columns of {} that no input is named after are not used: {}", table.source, unused)));
    }
}

// `12 columns besides the target`, and how many numbers they make where that is another count.
std::string describe_columns(const std::vector<PlacedColumn>& columns, const BindRequest& request) {
    std::string text = counted(columns.size(), "column");
    text += request.target ? " besides the target" : "";
    if (!request.weight_column.empty()) {
        text += request.target ? " and the weights" : " besides the weights";
    }
    if (width_of(columns) != columns.size()) {
        text += fmt::format(", which make {} (a category makes one for each of its values)",
                            counted(width_of(columns), "number"));
    }
    return text;
}

[[noreturn]] void refuse_count(const Table& table, const BindRequest& request,
                               const std::vector<PlacedColumn>& columns, std::size_t wanted) {
    const bool has_target = request.target.has_value();
    const std::size_t width = width_of(columns);
    std::vector<Note> notes;
    notes.push_back({fmt::format("the columns are {}", table.column_list()), {}});
    if (has_target && element_count(request.target->shape) > 1) {
        const auto size = static_cast<std::size_t>(element_count(request.target->shape));
        notes.push_back({fmt::format("the target {} takes {} columns; one column of class labels "
                                     "wants `target {}: class({})`",
                                     request.target->name, size, request.target->name, size),
                         {}});
    }
    std::string mend = "remove columns from the file or declare more inputs";
    if (width < wanted) {
        mend = "add columns to the file or declare fewer inputs";
    }
    if (request.inputs.size() == 1 && width > 0) {
        mend =
            fmt::format("declare `input {}[{}]` or change the file", request.inputs[0].name, width);
    }
    throw UserError(fmt::format("{} has {}, but the network's inputs take {} ({}): {}",
                                table.source, describe_columns(columns, request), wanted,
                                describe_inputs(request.inputs), mend),
                    {}, std::move(notes));
}

// A column that is named after one scalar input must not feed another.
void check_names(const Table& table, const BindRequest& request,
                 const std::vector<PlacedColumn>& columns,
                 const std::vector<std::optional<std::size_t>>& named) {
    const bool scalars = std::all_of(request.inputs.begin(), request.inputs.end(),
                                     [](const InputRequest& input) { return input.shape.empty(); });
    if (!scalars || named.empty()) {
        return;
    }
    for (const PlacedColumn& each : columns) {
        const auto& own = named[each.input];
        if (each.encoding.width > 0 && own && *own != each.column) {
            const auto absent = std::find(named.begin(), named.end(), std::nullopt);
            const auto at = static_cast<std::size_t>(absent - named.begin());
            throw UserError(fmt::format(
                "{} has a column for the input {}, but none called {}: name "
                "a column after each input, or none",
                table.source, request.inputs[each.input].name, request.inputs[at].name));
        }
    }
}

// Columns side by side fill the inputs one after the other.
void fill_in_order(const Table& table, const BindRequest& request,
                   std::vector<PlacedColumn>& columns) {
    std::size_t input = 0;
    std::size_t element = 0;
    for (PlacedColumn& each : columns) {
        while (each.encoding.width > 0 && element == size_of(request.inputs[input])) {
            ++input;
            element = 0;
        }
        each.input = input;
        each.element = element;
        element += each.encoding.width;
        if (each.encoding.width > 0 && element > size_of(request.inputs[input])) {
            throw UserError(fmt::format(
                "{}: {} is a category of {} values, one number for each, which do not fit into the "
                "input {}: declare `input {}[{}]` or encode the column as numbers",
                table.source, table.column_place(each.column), each.encoding.width,
                describe_input(request.inputs[input]), request.inputs[input].name,
                each.encoding.width));
        }
    }
}

// Columns of one number are passed over if the inputs are declared without them.
void drop_constants(const Table& table, std::size_t wanted, std::vector<PlacedColumn>& columns,
                    std::vector<Diagnostic>& diagnostics) {
    if (width_of(columns) <= wanted) {
        return;
    }
    std::vector<PlacedColumn> without = columns;
    std::string names;
    for (PlacedColumn& each : without) {
        if (table.columns[each.column].is_constant) {
            each.encoding.kind = ColumnEncoding::Kind::ignored;
            each.encoding.width = 0;
            names += (names.empty() ? "" : ", ") + each.encoding.name;
        }
    }
    if (width_of(without) == wanted) {
        columns = std::move(without);
        diagnostics.push_back(
            {Severity::note,
             fmt::format("columns of {} with one value only, which tells nothing, "
                         "are not used: {}",
                         table.source, names),
             {},
             {}});
    }
}

void warn_of_ignored_text(const Table& table, const std::vector<PlacedColumn>& columns,
                          std::vector<Diagnostic>& diagnostics) {
    for (const PlacedColumn& each : columns) {
        const Column& column = table.columns[each.column];
        if (each.encoding.kind == ColumnEncoding::Kind::ignored &&
            column.kind == ColumnKind::text) {
            const std::string why =
                column.values.size() == 1
                    ? "one value only, which tells nothing"
                    : fmt::format("more than {} different values, which are no categories",
                                  most_categories);
            diagnostics.push_back(
                warning(fmt::format("{}: {} is not used: it holds text with {}", table.source,
                                    table.column_place(each.column), why)));
        }
    }
}

// As the training data was read.
void follow(const Table& table, const std::vector<ColumnEncoding>& encodings,
            std::vector<PlacedColumn>& columns) {
    if (columns.size() != encodings.size()) {
        throw UserError(
            fmt::format("{} has {} for the inputs, but the training data has {}: give both files "
                        "the same columns "
                        "in the same order",
                        table.source, counted(columns.size(), "column"), encodings.size()));
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string own_name = std::move(columns[i].encoding.name);
        columns[i].encoding = encodings[i];
        columns[i].encoding.name = own_name;
    }
}

}  // namespace

std::vector<PlacedColumn> place_columns(const Table& table, const BindRequest& request,
                                        const std::vector<std::size_t>& candidates,
                                        std::vector<Diagnostic>& diagnostics) {
    std::vector<PlacedColumn> columns;
    for (const std::size_t column : candidates) {
        columns.push_back(place(table, column));
    }
    const auto named = columns_by_name(table, request, candidates);
    const bool all_named = std::ranges::all_of(named, [](const auto& column) { return !!column; });
    if (!named.empty() && all_named) {
        warn_of_unused(table, columns, named, diagnostics);
        columns.clear();
        for (const auto& column : named) {
            columns.push_back(place(table, *column));
        }
    }
    std::size_t wanted = 0;
    for (const InputRequest& input : request.inputs) {
        wanted += size_of(input);
    }
    if (request.encodings) {
        follow(table, *request.encodings, columns);
    } else {
        drop_constants(table, wanted, columns, diagnostics);
        warn_of_ignored_text(table, columns, diagnostics);
    }
    if (width_of(columns) != wanted) {
        refuse_count(table, request, columns, wanted);
    }
    fill_in_order(table, request, columns);
    check_names(table, request, columns, named);
    return columns;
}

}  // namespace chainrule
