#include "data/inspection.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "data/choose_columns.h"
#include "data/class_labels.h"
#include "data/column_encoding.h"
#include "data/wording.h"
#include "ir/tensor.h"

namespace chainrule {
namespace {

using SummaryKind = ColumnSummary::Kind;
using Counts = std::vector<std::pair<std::string, std::size_t>>;

constexpr std::size_t most_number_classes = 20;

void sort_by_frequency(Counts& counts) {
    std::ranges::stable_sort(counts,
                             [](const auto& a, const auto& b) { return a.second > b.second; });
}

Counts count_texts(const Column& column) {
    Counts counts;
    for (const std::string& value : column.values) {
        counts.emplace_back(value, 0);
    }
    for (const std::uint16_t code : column.codes) {
        if (code != Column::missing_code) {
            ++counts[code].second;
        }
    }
    sort_by_frequency(counts);
    return counts;
}

// The labels and how often each occurs, if the numbers look like labels; otherwise none.
std::map<double, std::size_t> labels_of(const Column& column) {
    std::map<double, std::size_t> counts;
    for (std::size_t row = 0; row < column.numbers.size(); ++row) {
        if (column.is_missing(row)) {
            continue;
        }
        ++counts[column.numbers[row]];
        if (counts.size() > most_number_classes || !is_whole(column.numbers[row])) {
            return {};
        }
    }
    if (counts.size() < 2) {
        return {};
    }
    const double first = counts.begin()->first;
    const double last = counts.rbegin()->first;
    const bool counts_up = last - first + 1 == static_cast<double>(counts.size());
    const bool are_labels = counts.size() == 2 || ((first == 0 || first == 1) && counts_up);
    return are_labels ? counts : std::map<double, std::size_t>{};
}

void summarise_numbers(const Column& column, ColumnSummary& summary) {
    const auto [least, greatest] = column.numbers.extremes();
    summary.least = least;
    summary.greatest = greatest;
    summary.kind = summary.least < summary.greatest ? SummaryKind::number : SummaryKind::constant;
}

void summarise_text(const Column& column, ColumnSummary& summary) {
    summary.values = count_texts(column);
    switch (encoding_of(column).kind) {
    case ColumnEncoding::Kind::category:
        summary.kind = SummaryKind::category;
        break;
    default:
        summary.kind = summary.values.size() == 1 ? SummaryKind::constant : SummaryKind::text;
    }
}

ColumnSummary summarise(const Column& column) {
    ColumnSummary summary{.name = column.name, .missing = column.missing, .values = {}};
    if (column.kind == ColumnKind::number) {
        summarise_numbers(column, summary);
    } else {
        summarise_text(column, summary);
    }
    return summary;
}

void inspect_number_target(const Column& column, ColumnSummary& summary, Inspection& found) {
    const auto labels = labels_of(column);
    if (labels.empty()) {
        return;
    }
    summary.kind = SummaryKind::label;
    found.classes = static_cast<std::int64_t>(labels.size());
    std::vector<std::string> names;
    for (const auto& [label, count] : labels) {
        summary.values.emplace_back(format_number(label), count);
        names.push_back(format_number(label));
    }
    sort_by_frequency(summary.values);
    if (labels.begin()->first != 0) {
        found.notes.push_back(
            {Severity::note,
             fmt::format("the labels of {} do not count from 0 and are read as {}", column.name,
                         describe_labels(names)),
             {},
             {}});
    }
}

void inspect_text_target(const Column& column, ColumnSummary& summary, Inspection& found) {
    if (summary.kind == SummaryKind::text) {
        found.notes.push_back(
            {Severity::note,
             fmt::format("{} has too many values for class labels: select another target with "
                         "--target",
                         column.name),
             {},
             {}});
        return;
    }
    std::set<std::string> keys;
    for (const std::string& value : column.values) {
        keys.insert(label_key(value));
    }
    summary.kind = SummaryKind::label;
    found.classes = static_cast<std::int64_t>(keys.size());
    if (keys.size() < column.values.size()) {
        found.notes.push_back({Severity::note,
                               fmt::format("labels of {} that differ only by a full stop or blanks "
                                           "are one class",
                                           column.name),
                               {},
                               {}});
    }
}

void note_refused(const Column& column, std::string_view what, Inspection& found) {
    if (column.missing > 0) {
        found.notes.push_back(
            {Severity::note,
             fmt::format("{} of the {} {} missing: training refuses them",
                         counted(column.missing, "cell"), what, column.missing == 1 ? "is" : "are"),
             {},
             {}});
    }
}

void note_missing(const Table& table, Inspection& found) {
    std::size_t missing = 0;
    bool categories = false;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (i != found.target && i != found.weights && table.columns[i].missing > 0) {
            missing += table.columns[i].missing;
            categories = categories || found.columns[i].kind == SummaryKind::category;
        }
    }
    if (missing > 0) {
        found.notes.push_back(
            {Severity::note,
             fmt::format(
                 "{} {} filled in training with the column's mean{}; --missing error refuses "
                 "them",
                 counted(missing, "missing cell"), missing == 1 ? "is" : "are",
                 categories ? " (a category's with the share of each value)" : ""),
             {},
             {}});
    }
    note_refused(table.columns[found.target], "target", found);
    if (found.weights) {
        note_refused(table.columns[*found.weights], "weights", found);
    }
}

void choose_columns(const Table& table, const std::string& target, const std::string& weights,
                    Inspection& found) {
    if (!weights.empty()) {
        found.weights = select_column(table, weights);
    }
    const std::size_t last = table.columns.size() - 1;
    found.target = !target.empty()                     ? select_column(table, target)
                   : found.weights == last && last > 0 ? last - 1
                                                       : last;
    if (found.weights == found.target) {
        throw UserError(
            fmt::format("{}: {} is the target, and not the weights too: select another "
                        "column with --weights or --target",
                        table.source, table.column_place(found.target)));
    }
}

}  // namespace

Inspection inspect_table(const Table& table, const std::string& target,
                         const std::string& weights) {
    Inspection found;
    choose_columns(table, target, weights, found);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const Column& column = table.columns[i];
        found.columns.push_back(summarise(column));
        ColumnSummary& summary = found.columns.back();
        if (i == found.weights) {
            summary.kind =
                column.kind == ColumnKind::number ? SummaryKind::weights : SummaryKind::text;
        } else if (i != found.target) {
            const bool is_dropped = summary.kind == SummaryKind::constant;
            found.input_size += is_dropped ? 0 : encoding_of(column).width;
        } else if (column.kind == ColumnKind::number) {
            inspect_number_target(column, summary, found);
        } else {
            inspect_text_target(column, summary, found);
        }
    }
    note_missing(table, found);
    return found;
}

}  // namespace chainrule
