// Examples for a network: a table bound to the inputs and the target that the network asks for.
//
// Knows nothing of the graph; the caller says what it needs. The rules:
// - The target is the column that `target_column` selects, by name or by number from 1; without
//   that, the column with the target's own name, where the header has one, otherwise the last. A
//   target of k > 1 elements takes k columns side by side, of which the selected is the first;
//   without a selection, the last k.
// - Inputs take the columns of their names, where the header has all of these and their sizes
// agree;
//   columns left over are then unused, with a warning. Otherwise all columns but the target feed
//   the elements of the inputs in order, and their numbers must agree. Numbers that are constant
//   are passed over, with a note, where they agree without them.
// - A column of weights, where one is selected, is neither: it says how much each example counts,
// by a
//   number of at least 0. "The last" is then the last of the others. Rows of weight 0 are to be
//   left out before (data/weightless_rows.h).
// - Columns of text are categories, one element for each value (data/column_encoding.h).
// - Labels become classes by the rules of data/class_labels.h.
// - Missing cells of inputs stay NaN, to be imputed (data/preprocessing.h), with a warning that
//   counts them, or are refused; so do all elements of a missing category. A missing target is
//   always refused.
//
// Errors: UserError naming the file, row, column and cell, and how to mend it.
//
//     Dataset data = bind_dataset(read_table("iris.csv"),
//                                 {.inputs = {{"x", {4}}}, .target = TargetRequest{"y", {}, 3}});
//     data.inputs[0][4 * row + j], data.targets[row]
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/cell_tally.h"
#include "data/class_labels.h"
#include "data/column_encoding.h"
#include "data/numbers.h"
#include "data/table.h"
#include "ir/type.h"
#include "lang/diagnostic.h"

namespace chainrule {

struct InputRequest {
    std::string name;
    std::vector<std::int64_t> shape;  // empty: a scalar
};

enum class MissingCells : std::uint8_t { impute, refuse };

struct Dataset;

struct BindRequest {
    std::vector<InputRequest> inputs;
    std::optional<TargetRequest> target = std::nullopt;  // none: every column feeds the inputs
    std::string target_column = {};                      // empty: not selected
    std::string weight_column = {};   // of the examples' weights, alike; empty: they have none
    DType weight_dtype = DType::f64;  // what they must fit
    std::vector<std::size_t> unused_columns = {};  // of the table, which feed nothing
    // The table's columns that feed the inputs, in order; none: all but these and the target.
    std::optional<std::vector<std::size_t>> input_columns = std::nullopt;
    MissingCells missing = MissingCells::impute;
    // How the user names a file of labels beside one of arrays, for a message that asks for it.
    std::string labels_option = "--labels";
    // What training found the labels to be (Dataset::labels), for data that must follow it; none:
    // they are found from this data.
    LearntLabels labels = std::nullopt;
    // What training made of the columns (Dataset::encodings), for other data; none: from this data.
    std::optional<std::vector<ColumnEncoding>> encodings = std::nullopt;
    // The rows that teach, of data whose targets are bound: the categories are learnt from them.
    // None: all do.
    std::function<std::vector<std::size_t>(const Dataset& bound)> training_rows = {};
};

struct Dataset {
    std::string source;       // the file, as messages call it
    bool has_header = false;  // so that its columns have names of their own
    std::size_t rows = 0;
    // Where each row stands in the file, as messages say it: of a table the line, of arrays the
    // number from 1.
    RowLines lines;
    // Per input: `rows` examples of `input_sizes[i]` numbers, one after the other, in the format of
    // their source. Columns of a table are doubles.
    std::vector<Numbers> inputs;
    std::vector<std::size_t> input_sizes;
    std::vector<double> targets;              // `rows` times `target_size`
    std::size_t target_size = 0;              // 0: no target
    std::vector<std::string> target_columns;  // of a table, the names of its columns
    std::size_t first_target = 0;             // and the place of the first
    std::vector<double> weights;              // of each example; empty: all have the weight 1
    std::string weight_column;                // of a table, the name of their column
    std::size_t weight_place = 0;             // and its place
    // Of a table, what its columns became, and the names of the inputs' elements, in their order.
    // Arrays have neither.
    std::vector<ColumnEncoding> encodings;
    std::vector<std::string> columns;
    std::vector<std::string> labels;      // of each class; none where classes are their own labels
    CellTally tally;                      // of a table
    std::vector<Diagnostic> diagnostics;  // warnings and notes
};

Dataset bind_dataset(const Table& table, const BindRequest& request);
// Of a part of a table: what the tally counts is not yet among the diagnostics, and missing cells
// are not yet refused.
Dataset bind_part(const Table& table, const BindRequest& request);

// How much an example counts, and these together.
double weight_of(const Dataset& data, std::size_t row);
double weight_sum(const Dataset& data, std::span<const std::size_t> rows);

// The examples of `rows`, in that order, without the diagnostics.
Dataset select_rows(const Dataset& data, std::span<const std::size_t> rows);
// Drops all examples but those of `rows`, which ascend; takes no memory for a second copy.
void keep_rows(Dataset& data, std::span<const std::size_t> rows);

}  // namespace chainrule
