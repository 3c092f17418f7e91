// Examples as their files have them, and bound to what a network asks for. Tables and arrays go
// different ways from the file to the data set; whoever needs to look at a table's columns first
// can do so in between.
//
//     RawExamples raw = read_raw_examples("iris.csv", "", {});
//     Dataset data = bind_examples(std::move(raw), request);
#pragma once

#include <string>
#include <variant>

#include "data/array_file.h"
#include "data/dataset.h"

namespace chainrule {

// All of a data set or a part of it.
using RawExamples = std::variant<Table, ArrayFiles>;

// `labels_path` is the file of labels, of arrays; empty: there is none.
RawExamples read_raw_examples(const std::string& path, const std::string& labels_path,
                              const TableFormat& format);

// UserError for data that does not fit (data/dataset.h, data/bind_arrays.h).
Dataset bind_examples(RawExamples raw, const BindRequest& request);
// Of a part: what its tally counts is not yet among the diagnostics, and missing cells are not yet
// refused.
Dataset bind_part(RawExamples raw, const BindRequest& request);

}  // namespace chainrule
