// Examples for a network: a table bound to the inputs and the target that the network asks for.
//
// Knows nothing of the graph; the caller says what it needs. The rules:
// - The target is the column that `target_column` selects, by name or by number from 1; without
//   that, the column with the target's own name, where the header has one, otherwise the last. A
//   target of k > 1 elements takes k columns side by side, of which the selected is the first;
//   without a selection, the last k.
// - Scalar inputs take the columns of their names, where the header has all of these; columns left
//   over are then unused, with a warning. Otherwise all columns but the target feed the elements of
//   the inputs in order, and their numbers must agree.
// - A class target of n classes takes integers 0 .. n-1. A text column becomes classes, in sorted
//   order, if it has exactly n different values (2 for a scalar that is no class); a note tells the
//   mapping.
// - Missing cells of inputs stay NaN, to be imputed (data/preprocessing.h), with a warning that
//   counts them, or are refused. A missing target is always refused.
//
// Errors: UserError naming the file, row, column and cell, and how to mend it.
//
//     Dataset data = bind_dataset(read_table("iris.csv"),
//                                 {.inputs = {{"x", {4}}}, .target = TargetRequest{"y", {}, 3}});
//     data.inputs[0][4 * row + j], data.targets[row]
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/table.h"
#include "lang/diagnostic.h"

namespace chainrule {

struct InputRequest {
    std::string name;
    std::vector<std::int64_t> shape;  // empty: a scalar
};

struct TargetRequest {
    std::string name;
    std::vector<std::int64_t> shape;
    std::int64_t classes = 0;  // 0: not a class label
};

enum class MissingCells : std::uint8_t { impute, refuse };

struct BindRequest {
    std::vector<InputRequest> inputs;
    std::optional<TargetRequest> target = std::nullopt;  // none: every column feeds the inputs
    std::string target_column = {};                      // empty: not selected
    MissingCells missing = MissingCells::impute;
    // The labels of a text target as training found them (Dataset::labels), for data that must
    // follow the same mapping; empty: found from this table.
    std::vector<std::string> labels = {};
};

struct Dataset {
    std::size_t rows = 0;
    // Per input: `rows` examples of `input_sizes[i]` doubles, one after the other.
    std::vector<std::vector<double>> inputs;
    std::vector<std::size_t> input_sizes;
    std::vector<double> targets;          // `rows` times `target_size`
    std::size_t target_size = 0;          // 0: no target
    std::vector<std::string> columns;     // the names of those that feed the inputs, in their order
    std::vector<std::string> labels;      // of a text target: the text of each class
    std::vector<Diagnostic> diagnostics;  // warnings and notes
};

Dataset bind_dataset(const Table& table, const BindRequest& request);

// The examples of `rows`, in that order, without the diagnostics.
Dataset select_rows(const Dataset& data, std::span<const std::size_t> rows);

}  // namespace chainrule
