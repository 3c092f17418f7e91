// What a table holds, column by column, and how a network would declare it: for those who look at
// data before they train on it.
//
// The target is a class label if it is text of at most most_categories values, or whole numbers
// that are two, or that count from 0 or 1 without a gap up to 20 of them (a score from 3 to 8 is a
// number). The other columns feed one vector: numbers and the values of categories
// (data/column_encoding.h); numbers that are constant are left out.
//
//     Inspection found = inspect_table(read_table("iris.csv"), "");
//     found.columns[0].least, found.input_size, found.classes
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/table.h"
#include "lang/diagnostic.h"

namespace chainrule {

struct ColumnSummary {
    enum class Kind : std::uint8_t { number, category, label, constant, text, weights };
    std::string name;
    Kind kind = Kind::number;
    std::size_t missing = 0;
    double least = std::numeric_limits<double>::quiet_NaN();  // of numbers; NaN if all are missing
    double greatest = std::numeric_limits<double>::quiet_NaN();
    // The different values and how often each occurs, the most frequent first: of text, unless it
    // has too many, and of labels.
    std::vector<std::pair<std::string, std::size_t>> values;
};

struct Inspection {
    std::vector<ColumnSummary> columns;
    std::size_t target = 0;                             // its place among the columns
    std::optional<std::size_t> weights = std::nullopt;  // and that of the examples' weights
    std::size_t input_size = 0;  // of one vector for all the others; 0: there are none
    std::int64_t classes = 0;    // of the target; 0: it is no class label
    std::vector<Diagnostic> notes;
};

// `target` selects the column, by name or by number from 1; empty: the last. `weights` selects that
// of the examples' weights, which feeds no input and is not the last; empty: there is none.
Inspection inspect_table(const Table& table, const std::string& target,
                         const std::string& weights = {});

}  // namespace chainrule
