#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/table_options.h"
#include "data/array_file.h"
#include "data/cell.h"
#include "data/inspection.h"
#include "data/weightless_rows.h"
#include "data/wording.h"
#include "lang/ascii.h"
#include "render/json_numbers.h"
#include "render/number_text.h"

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

struct InspectOptions {
    std::string file;
    TableOptions table;
    bool json = false;
};

// The lines of a network that would read the data; empty where there is nothing to declare.
struct Suggestion {
    std::string input;
    std::string target;
    bool by_default = true;  // training finds the target's column without --target
};

// --- names ----------------------------------------------------------------------------------

// Whether a network may begin with these lines.
bool is_legal(const std::string& lines) {
    SourceMap sources;
    Diagnostics diagnostics;
    ElaborateOptions options;
    options.needs_loss = false;
    return elaborate_text("suggestion", lines, options, sources, diagnostics).has_value() &&
           !diagnostics.has_errors();
}

// The column's name as far as the language can say it: `median income` is `median_income`.
std::string target_name(const std::string& column, const std::string& input_line) {
    std::string name;
    for (const char c : column) {
        name += is_letter(c) || is_digit(c) ? c : '_';
    }
    const bool has_letters = name.find_first_not_of("_0123456789") != std::string::npos;
    return has_letters && is_legal(input_line + "\ntarget " + name + "\n") ? name : "y";
}

Suggestion suggest(const Table& table, const Inspection& found) {
    Suggestion suggestion;
    if (found.input_size > 0) {
        suggestion.input = fmt::format("input x[{}]", found.input_size);
    }
    const std::string name = target_name(found.columns[found.target].name, suggestion.input);
    suggestion.target = fmt::format("target {}", name);
    if (found.classes > 0) {
        suggestion.target += fmt::format(": class({})", found.classes);
    }
    const std::size_t behind = table.columns.size() - 1 - found.target;
    const bool is_last = behind == 0 || (behind == 1 && found.weights == found.target + 1);
    const bool is_named = table.has_header && name == found.columns[found.target].name;
    suggestion.by_default = is_last || is_named;
    return suggestion;
}

// --- tables ---------------------------------------------------------------------------------

std::string_view kind_name(ColumnSummary::Kind kind) {
    constexpr std::array<std::string_view, 6> names{"number",   "category", "class label",
                                                    "constant", "text",     "weights"};
    return names.at(static_cast<std::size_t>(kind));
}

std::string describe_values(const ColumnSummary& column) {
    constexpr std::size_t most = 5;
    switch (column.kind) {
    case ColumnSummary::Kind::number:
    case ColumnSummary::Kind::weights:
        return fmt::format("{} to {}", short_number(column.least), short_number(column.greatest));
    case ColumnSummary::Kind::constant:
        if (column.values.empty()) {
            return std::isnan(column.least) ? "missing in every row"
                                            : fmt::format("always {}", short_number(column.least));
        }
        return fmt::format("always {}", quote_cell(column.values[0].first));
    case ColumnSummary::Kind::text:
        return column.values.empty()
                   ? "more than 65535 different texts; not used"
                   : fmt::format("{} different texts; not used", column.values.size());
    default:
        break;
    }
    std::string list;
    for (std::size_t i = 0; i < std::min(most, column.values.size()); ++i) {
        list += fmt::format("{}{} ({})", i == 0 ? "" : ", ", quote_cell(column.values[i].first),
                            column.values[i].second);
    }
    return fmt::format("{}: {}{}", column.values.size(), list,
                       column.values.size() > most ? ", ..." : "");
}

std::string describe_delimiter(char delimiter) {
    return delimiter == '\t' ? "tabs" : fmt::format("'{}'", delimiter);
}

std::string printable(const std::string& name) {
    const std::string quoted = quote_cell(name);
    return quoted.substr(1, quoted.size() - 2);
}

std::string table_text(const Table& table, const Inspection& found, const Suggestion& suggestion) {
    std::string text = fmt::format(
        "{}: {}, {}, {}, separated by {}\n\n", table.source, counted(table.rows(), "row"),
        counted(table.columns.size(), "column"), table.has_header ? "a header" : "no header",
        describe_delimiter(table.delimiter));
    std::size_t width = 4;
    for (const ColumnSummary& column : found.columns) {
        width = std::max(width, printable(column.name).size());
    }
    text += fmt::format("{:>6}  {:<{}}  {:<11}  {:>7}  values\n", "column", "name", width, "type",
                        "missing");
    for (std::size_t i = 0; i < found.columns.size(); ++i) {
        const ColumnSummary& column = found.columns[i];
        text += fmt::format("{:>6}  {:<{}}  {:<11}  {:>7}  {}\n", i + 1, printable(column.name),
                            width, kind_name(column.kind), column.missing, describe_values(column));
    }
    text += "\n";
    for (const Diagnostic& note : found.notes) {
        text += "note: " + note.message + "\n";
    }
    text += found.notes.empty() ? "" : "\n";
    for (const std::string& line : {suggestion.input, suggestion.target}) {
        text += line.empty() ? "" : line + "\n";
    }
    return text;
}

Json column_json(const ColumnSummary& column) {
    Json json{{"name", column.name}, {"type", kind_name(column.kind)}, {"missing", column.missing}};
    if (column.kind == ColumnSummary::Kind::number || column.kind == ColumnSummary::Kind::weights) {
        json["least"] = number_json(column.least);
        json["greatest"] = number_json(column.greatest);
    }
    for (const auto& [value, count] : column.values) {
        json["values"][value] = count;
    }
    return json;
}

Json table_json(const Table& table, const Inspection& found, const Suggestion& suggestion) {
    Json json{{"file", table.source},       {"rows", table.rows()},
              {"header", table.has_header}, {"delimiter", std::string(1, table.delimiter)},
              {"columns", Json::array()},   {"notes", Json::array()}};
    for (const ColumnSummary& column : found.columns) {
        json["columns"].push_back(column_json(column));
    }
    for (const Diagnostic& note : found.notes) {
        json["notes"].push_back(note.message);
    }
    json["suggest"] = {{"input", suggestion.input}, {"target", suggestion.target}};
    return json;
}

// --- arrays ---------------------------------------------------------------------------------

std::string_view format_name(NumberFormat format) {
    constexpr std::array<std::string_view, 3> names{"bytes", "f32", "f64"};
    return names.at(static_cast<std::size_t>(format));
}

struct Range {
    double least = 0;
    double greatest = 0;
    bool whole = true;
};

Range range_of(const Numbers& numbers) {
    Range range{numbers[0], numbers[0]};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const double number = numbers[i];
        range.least = std::min(range.least, number);
        range.greatest = std::max(range.greatest, number);
        range.whole = range.whole && number == static_cast<double>(static_cast<long long>(number));
    }
    return range;
}

std::string array_line(const NamedArray& named, const Range& range) {
    const NumberArray& array = named.array;
    constexpr double most_classes = 1000;
    if (array.shape.size() == 1) {
        const std::string name = named.name.empty() ? "y" : named.name;
        const bool labels = range.whole && range.least == 0 && range.greatest < most_classes;
        return labels ? fmt::format("target {}: class({})", name, range.greatest + 1)
                      : fmt::format("input {}", named.name.empty() ? "x" : named.name);
    }
    const std::string shape = array.item_shape();
    return fmt::format("input {}{}", named.name.empty() ? "x" : named.name, shape);
}

// ` [28, 28]`, or nothing where each example is one number.
std::string shape_text(const NumberArray& array) {
    return array.shape.size() == 1 ? "" : " " + array.item_shape();
}

void inspect_arrays(const ArrayFile& file, bool as_json, CommandContext& context) {
    std::string text;
    std::string lines;
    Json json{{"file", file.source}, {"arrays", Json::array()}};
    for (const NamedArray& named : file.arrays) {
        const Range range = range_of(named.array.numbers);
        const std::string line = array_line(named, range);
        text += fmt::format("{}{}: {}{} of {}, {} to {}\n", file.source,
                            named.name.empty() ? "" : " (" + printable(named.name) + ")",
                            counted(named.array.rows(), "example"), shape_text(named.array),
                            format_name(named.array.numbers.format()), short_number(range.least),
                            short_number(range.greatest));
        lines += line + "\n";
        json["arrays"].push_back({{"name", named.name},
                                  {"shape", named.array.shape},
                                  {"numbers", format_name(named.array.numbers.format())},
                                  {"least", number_json(range.least)},
                                  {"greatest", number_json(range.greatest)},
                                  {"suggest", line}});
    }
    write_result("", as_json ? json.dump() + "\n" : text + "\n" + lines, context);
}

void run(const InspectOptions& options, CommandContext& context) {
    DataSource source(options.file);
    if (holds_arrays(source)) {
        inspect_arrays(read_array_file(source), options.json, context);
        return;
    }
    Table table = read_table(source, options.table.format());
    const std::size_t left_out = leave_out_weightless(table, options.table.weights);
    Inspection found = inspect_table(table, options.table.target, options.table.weights);
    std::ranges::move(note_weightless(table.source, left_out, table.rows()),
                      std::back_inserter(found.notes));
    const Suggestion suggestion = suggest(table, found);
    if (!suggestion.by_default) {
        found.notes.push_back(
            {Severity::note,
             fmt::format("train with --target {}, which is not the last column", found.target + 1),
             {},
             {}});
    }
    write_result("",
                 options.json ? table_json(table, found, suggestion)
                                        .dump(-1, ' ', false, Json::error_handler_t::replace) +
                                    "\n"
                              : table_text(table, found, suggestion),
                 context);
}

}  // namespace

void add_inspect_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<InspectOptions>();
    CLI::App* command = app.add_subcommand(
        "inspect", "shows what a data file holds and how a network would declare it");
    command
        ->add_option("DATA", options->file,
                     "a table (CSV, TSV) or arrays (IDX, NPY, NPZ), gzipped or not; - is standard "
                     "input")
        ->required();
    options->table.add_to(*command, "the last");
    options->table.add_weights_to(*command);
    command->add_flag("--json", options->json, "print one JSON object");
    command->footer(
        "The lines at the end are the beginning of a network for these data.\n\n"
        "Example:\n  chainrule inspect moons.csv");
    command->callback([options, &context] { run(*options, context); });
}

}  // namespace chainrule
