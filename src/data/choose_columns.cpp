#include "data/choose_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>

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

Diagnostic warning(std::string message) { return {Severity::warning, std::move(message), {}, {}}; }

// The column of that name, if there is one; two of the name are an error.
std::optional<std::size_t> find_column(const Table& table, std::string_view name) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].name != name) {
            continue;
        }
        if (found) {
            throw UserError(fmt::format("{}: columns {} and {} are both called {}: rename one",
                                        table.source, *found + 1, i + 1, name));
        }
        found = i;
    }
    return found;
}

std::size_t select_column(const Table& table, const std::string& selector) {
    if (const auto named = find_column(table, selector)) {
        return *named;
    }
    const std::size_t count = table.columns.size();
    std::size_t number = 0;
    const char* const end = selector.data() + selector.size();
    const auto [stop, error] = std::from_chars(selector.data(), end, number);
    if (error == std::errc{} && stop == end) {
        if (number >= 1 && number <= count) {
            return number - 1;
        }
        throw UserError(fmt::format("{} has no column {}: it has {}, numbered from 1", table.source,
                                    selector, counted(count, "column")));
    }
    std::vector<std::string_view> names;
    for (const Column& column : table.columns) {
        names.push_back(column.name);
    }
    const std::string_view near = nearest_name(selector, names);
    std::vector<Note> notes;
    if (!near.empty()) {
        notes.push_back({fmt::format("did you mean {}?", near), {}});
    }
    throw UserError(fmt::format("{} has no column called {}: its columns are {}", table.source,
                                selector, table.column_list()),
                    {}, std::move(notes));
}

std::size_t first_target_column(const Table& table, const BindRequest& request, std::size_t size,
                                std::vector<Diagnostic>& diagnostics) {
    const std::size_t count = table.columns.size();
    if (!request.target_column.empty()) {
        return select_column(table, request.target_column);
    }
    if (size > count) {
        throw UserError(fmt::format("{} has {}, but the target {} alone takes {}", table.source,
                                    counted(count, "column"), request.target->name, size));
    }
    const std::string& name = request.target->name;
    const auto named = table.has_header && size == 1 ? find_column(table, name) : std::nullopt;
    if (named && *named + 1 != count) {
        diagnostics.push_back({Severity::note,
                               fmt::format("the target is column {} of {}, by its name {}; "
                                           "--target selects another",
                                           *named + 1, table.source, name),
                               {},
                               {}});
    }
    return named.value_or(count - size);
}

std::vector<std::size_t> choose_target(const Table& table, const BindRequest& request,
                                       std::vector<Diagnostic>& diagnostics) {
    if (!request.target) {
        return {};
    }
    const auto size = static_cast<std::size_t>(element_count(request.target->shape));
    const std::size_t first = first_target_column(table, request, size, diagnostics);
    if (first + size > table.columns.size()) {
        throw UserError(fmt::format("the target {} takes {} from {} of {} on, which has {}",
                                    request.target->name, counted(size, "column"),
                                    table.column_place(first), table.source,
                                    counted(table.columns.size(), "column")));
    }
    std::vector<std::size_t> target(size);
    std::iota(target.begin(), target.end(), first);
    return target;
}

bool contains(const std::vector<std::size_t>& list, std::size_t value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

// The columns of the inputs' own names; empty unless all inputs are scalars. An input that no
// column is named after has none.
std::vector<std::optional<std::size_t>> columns_by_name(const Table& table,
                                                        const BindRequest& request,
                                                        const std::vector<std::size_t>& target) {
    const auto& inputs = request.inputs;
    const bool scalars = std::all_of(inputs.begin(), inputs.end(),
                                     [](const InputRequest& input) { return input.shape.empty(); });
    if (!table.has_header || !scalars) {
        return {};
    }
    std::vector<std::optional<std::size_t>> columns;
    for (const InputRequest& input : inputs) {
        const auto column = find_column(table, input.name);
        columns.push_back(column && !contains(target, *column) ? column : std::nullopt);
    }
    return columns;
}

void warn_of_unused(const Table& table, const std::vector<std::size_t>& rest,
                    const std::vector<std::size_t>& used, std::vector<Diagnostic>& diagnostics) {
    std::string unused;
    for (const std::size_t column : rest) {
        if (!contains(used, column)) {
            unused += (unused.empty() ? "" : ", ") + table.columns[column].name;
        }
    }
    if (!unused.empty()) {
        diagnostics.push_back(warning(fmt::format(
            "columns of {} that no input is named after are not used: {}", table.source, unused)));
    }
}

[[noreturn]] void refuse_count(const Table& table, const BindRequest& request,
                               std::size_t column_count, std::size_t wanted) {
    const bool has_target = request.target.has_value();
    const std::string besides = has_target ? " besides the target" : "";
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
    if (column_count < wanted) {
        mend = "add columns to the file or declare fewer inputs";
    }
    if (request.inputs.size() == 1 && column_count > 0) {
        mend = fmt::format("declare `input {}[{}]` or change the file", request.inputs[0].name,
                           column_count);
    }
    throw UserError(fmt::format("{} has {}{}, but the network's inputs take {} ({}): {}",
                                table.source, counted(column_count, "column"), besides, wanted,
                                describe_inputs(request.inputs), mend),
                    {}, std::move(notes));
}

// In order; but a column that is named after one input must not feed another.
std::vector<std::size_t> in_order(const Table& table, const BindRequest& request,
                                  const std::vector<std::size_t>& rest,
                                  const std::vector<std::optional<std::size_t>>& named) {
    std::size_t wanted = 0;
    for (const InputRequest& input : request.inputs) {
        wanted += static_cast<std::size_t>(element_count(input.shape));
    }
    if (rest.size() != wanted) {
        refuse_count(table, request, rest.size(), wanted);
    }
    for (std::size_t i = 0; i < named.size(); ++i) {
        if (named[i] && *named[i] != rest[i]) {
            const auto absent = std::find(named.begin(), named.end(), std::nullopt);
            const auto at = static_cast<std::size_t>(absent - named.begin());
            throw UserError(
                fmt::format("{} has a column for the input {}, but none called {}: name "
                            "a column after each input, or none",
                            table.source, request.inputs[i].name, request.inputs[at].name));
        }
    }
    return rest;
}

}  // namespace

ChosenColumns choose_columns(const Table& table, const BindRequest& request) {
    ChosenColumns chosen;
    chosen.target = choose_target(table, request, chosen.diagnostics);
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (!contains(chosen.target, i)) {
            rest.push_back(i);
        }
    }
    const auto named = columns_by_name(table, request, chosen.target);
    const bool all_named =
        !named.empty() && std::find(named.begin(), named.end(), std::nullopt) == named.end();
    if (!all_named) {
        chosen.inputs = in_order(table, request, rest, named);
        return chosen;
    }
    for (const auto& column : named) {
        chosen.inputs.push_back(*column);
    }
    warn_of_unused(table, rest, chosen.inputs, chosen.diagnostics);
    return chosen;
}

}  // namespace chainrule
