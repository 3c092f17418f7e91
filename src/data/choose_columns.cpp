#include "data/choose_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>

#include "data/place_columns.h"
#include "data/wording.h"
#include "ir/type.h"

namespace chainrule {
namespace {

// Besides the inputs and the target.
bool has_other_use(const ChosenColumns& chosen, const BindRequest& request, std::size_t column) {
    return chosen.weights == column || std::ranges::count(request.unused_columns, column) > 0;
}

std::size_t first_target_column(const Table& table, const BindRequest& request, std::size_t size,
                                ChosenColumns& chosen) {
    std::size_t count = table.columns.size();
    while (count > 0 && has_other_use(chosen, request, count - 1)) {
        --count;
    }
    if (!request.target_column.empty()) {
        return select_column(table, request.target_column);
    }
    if (size > count) {
        throw UserError(fmt::format("{} has {}, but the target {} alone takes {}", table.source,
                                    counted(table.columns.size(), "column"), request.target->name,
                                    size));
    }
    const std::string& name = request.target->name;
    const auto named = table.has_header && size == 1 ? find_column(table, name) : std::nullopt;
    if (named && *named + 1 != count) {
        chosen.diagnostics.push_back({Severity::note,
                                      fmt::format("the target is column {} of {}, by its name {}; "
                                                  "--target selects another",
                                                  *named + 1, table.source, name),
                                      {},
                                      {}});
    }
    return named.value_or(count - size);
}

std::vector<std::size_t> choose_target(const Table& table, const BindRequest& request,
                                       ChosenColumns& chosen) {
    if (!request.target) {
        return {};
    }
    const auto size = static_cast<std::size_t>(element_count(request.target->shape));
    const std::size_t first = first_target_column(table, request, size, chosen);
    if (first + size > table.columns.size()) {
        throw UserError(fmt::format("the target {} takes {} from {} of {} on, which has {}",
                                    request.target->name, counted(size, "column"),
                                    table.column_place(first), table.source,
                                    counted(table.columns.size(), "column")));
    }
    std::vector<std::size_t> target(size);
    std::iota(target.begin(), target.end(), first);
    if (chosen.weights && std::ranges::count(target, *chosen.weights) > 0) {
        throw UserError(fmt::format(
            "{}: {} holds the weights and cannot be the target {} too: select another column with "
            "--weights or --target",
            table.source, table.column_place(*chosen.weights), request.target->name));
    }
    return target;
}

}  // namespace

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

ChosenColumns choose_columns(const Table& table, const BindRequest& request) {
    ChosenColumns chosen;
    if (!request.weight_column.empty()) {
        chosen.weights = select_column(table, request.weight_column);
    }
    chosen.target = choose_target(table, request, chosen);
    if (request.input_columns) {
        chosen.inputs = place_columns(table, request, *request.input_columns, chosen.diagnostics);
        return chosen;
    }
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (std::ranges::count(chosen.target, i) == 0 && !has_other_use(chosen, request, i)) {
            rest.push_back(i);
        }
    }
    chosen.inputs = place_columns(table, request, rest, chosen.diagnostics);
    return chosen;
}

}  // namespace chainrule
