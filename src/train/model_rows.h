// Other data for a trained model, row after row: read as training read its own, filled and scaled
// by what it learnt.
//
// - Where both files have headers, columns are found by the names that they had in training; others
// are
//   passed over. Otherwise they stand where they stood in training; the target's may be left out
//   where it is not asked for, and that of weights always, which play no role here.
// - Categories, labels and missing cells follow training (data/dataset.h): a category that it has
// not
//   seen is read as none, with a warning; a label that it has not seen is refused.
// - A file may be larger than memory. A table in a file is read twice, so that a cell that does not
// fit is
//   refused before the first row is given out. What comes through a pipe is read once and given out
//   while it comes (data/table_pipe.h).
//
// Memory: a part of a few megabytes; of an archive of arrays, and of an array in Fortran's order,
// all of it.
//
//     ModelRows rows(network, learnt, {.data = "x.csv"}, Target::unused);
//     for (Dataset part; rows.next(part);) use(part);
//     diagnostics.add(rows.said());
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/examples_stream.h"
#include "data/part_diagnostics.h"
#include "data/read_ahead.h"
#include "train/training_data.h"

namespace chainrule {

enum class Target : std::uint8_t { wanted, unused };

class ModelRows {
public:
    // Of the request the test part plays no role, its target but overrides what training chose.
    // UserError for data that does not fit, naming all columns that are missing, and for a network
    // that takes no data.
    ModelRows(const Network& network, LearntData learnt, const DataRequest& request, Target target);
    ModelRows(const ModelRows&) = delete;
    ModelRows& operator=(const ModelRows&) = delete;

    const std::string& source() const { return source_; }
    // How many there are; none where only the end will show.
    std::optional<std::size_t> count() const { return count_; }
    // At least one row; false at the end.
    bool next(Dataset& part);
    // Warnings and notes on what has been given out.
    std::vector<Diagnostic> said() const { return said_.finish(source_); }

private:
    void open_arrays(std::unique_ptr<DataSource> source, const DataRequest& request);
    void open_table(std::unique_ptr<DataSource> source, const DataRequest& request);
    void check_kind_of_file(bool is_table) const;
    std::optional<Dataset> read();

    LearntData learnt_;
    BindRequest bind_;
    std::string source_;
    std::optional<std::size_t> count_;
    std::optional<ExamplesSurvey> survey_;  // of a table in a file, which the parts refer to
    NextPart parts_;
    PartDiagnostics said_;
    std::optional<ReadAhead<Dataset>> ahead_;  // ends before what it uses
};

}  // namespace chainrule
