// The files of examples as they are, and bound to a network. Tables and arrays go different ways from
// the file to the data set; whoever needs to look at a table's columns first can do so in between.
//
//     RawExamples raw = read_raw_examples("iris.csv", "", {});
//     Dataset data = bind_examples(std::move(raw), bind_request_of(network, MissingCells::impute));
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "data/array_file.h"
#include "data/dataset.h"
#include "elaborate/network.h"

namespace chainrule {

struct ArrayFiles {
    ArrayFile data;
    std::optional<ArrayFile> labels;
};

using RawExamples = std::variant<Table, ArrayFiles>;

// `labels_path` is the file of labels, of arrays; empty: there is none.
RawExamples read_raw_examples(const std::string& path, const std::string& labels_path,
                              const TableFormat& format);

// What the network asks for. UnsupportedError for one with several targets.
BindRequest bind_request_of(const Network& network, MissingCells missing);

// UserError for data that does not fit (data/dataset.h, data/bind_arrays.h).
Dataset bind_examples(RawExamples raw, const BindRequest& request);

}  // namespace chainrule
