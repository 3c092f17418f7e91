// The data that a network is trained on: files read, columns bound to the network's inputs and
// target, rows held out, missing cells filled and columns scaled by what the training part teaches.
//
//     PreparedData data = prepare_data(network, {.data = "iris.csv"}, options, diagnostics);
//     train(network, options, data.parts, diagnostics);
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/preprocessing.h"
#include "data/raw_examples.h"
#include "data/split.h"
#include "data/target_classes.h"
#include "elaborate/network.h"
#include "train/loop.h"

namespace chainrule {

struct DataRequest {
    std::string data;         // a file of a table or of arrays; "-" is standard input
    std::string labels = {};  // of arrays, a file of their labels
    std::string test = {};    // another file with the same columns, or arrays of the same shape
    std::string test_labels = {};  // and its labels
    std::string target = {};       // the target's column, by name or number
    std::string weights = {};  // that of the examples' weights, of a table; empty: they have none
    TableFormat format = {};   // of both tables
};

// What training made of its data, and makes of other data.
struct LearntData {
    Preprocessing preprocessing;
    MissingCells missing = MissingCells::impute;
    std::vector<ColumnEncoding> encodings;    // of a table: what its columns became
    std::vector<std::string> columns;         // and the names of the inputs' elements
    bool has_header = false;                  // so that columns have names of their own
    std::vector<std::string> target_columns;  // of a table, in their order
    std::size_t first_target = 0;             // the place of the first of them
    std::string weight_column;                // and that of the examples' weights; empty: none
    std::size_t weight_place = 0;
    std::vector<std::string> labels;  // of each class; none where classes are their own labels
};

struct PreparedData {
    TrainingData parts;
    LearntData learnt;
};

// Warnings go to `diagnostics`. UserError for data that does not fit (data/dataset.h and
// data/bind_arrays.h), and for a test file whose columns are named otherwise; UnsupportedError for
// a network with several targets.
PreparedData prepare_data(const Network& network, const DataRequest& request,
                          const TrainOptions& options, Diagnostics& diagnostics);

struct KindOfFile {
    const std::string& source;
    bool is_table;
};
// UserError where one is a table and the other holds arrays.
void check_test_kind(const KindOfFile& data, const KindOfFile& test);

// The same of examples that are read, with other sides than those of the recipe's split: which rows
// are the training part and which are held out as the validation part. `bound` has its targets.
using ChooseSides =
    std::function<std::optional<Split>(const Dataset& bound, const TargetClasses& classes)>;
PreparedData prepare_examples(const Network& network, RawExamples raw, const DataRequest& request,
                              const TrainOptions& options, const ChooseSides& choose_sides,
                              Diagnostics& diagnostics);

// What the test part is bound by: as the training part, but for the column of weights, which plays
// no role and may be missing.
BindRequest request_for_test(const Table& test, const Dataset& training, BindRequest bind);

// The same as check_test_kind, and for a test part whose columns are named otherwise.
void check_test_columns(const Dataset& data, const Dataset& test);

// Whether the network takes data at all. One that does not (no input, no target) is trained on a
// single empty row: plain minimisation.
bool takes_data(const Network& network);

}  // namespace chainrule
