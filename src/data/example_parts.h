// Examples that memory does not hold, part by part (data/examples_stream.h): bound, the rows of one
// side of the split, preprocessed. The next part is read while this one is used.
//
//     ExampleParts parts(examples, Side::training);
//     for (Dataset part; parts.next(part);) use(part);
#pragma once

#include <cstdint>
#include <optional>

#include "data/dataset.h"
#include "data/examples_stream.h"
#include "data/preprocessing.h"
#include "data/read_ahead.h"
#include "data/split.h"
#include "data/target_classes.h"

namespace chainrule {

enum class Side : std::uint8_t { all, training, held_out };

struct StreamedExamples {
    ExamplesSurvey file;
    BindRequest bind = {};  // with the encodings and labels to follow
    std::optional<Preprocessing> how = std::nullopt;
    double split = 0;  // the fraction of the rows held out; 0: none is
    std::uint64_t seed = 0;
    TargetClasses classes = {};  // where split or weights go by class
    std::vector<std::size_t> class_rows =
        {};  // of the whole table; empty: the split asks for no class
    std::vector<double> class_weights = {};  // empty: all count alike

    std::size_t rows(Side side) const;
    RowSplit row_split() const;
};

class ExampleParts {
public:
    // The examples must outlive the parts.
    ExampleParts(const StreamedExamples& examples, Side side);
    // At least one row; false at the end. Errors are those of bind_part and of the file's parts.
    bool next(Dataset& part) { return ahead_.next(part); }

private:
    std::optional<Dataset> read();
    void keep_side(Dataset& data);

    const StreamedExamples& examples_;
    Side side_;
    NextPart next_;
    std::optional<RowSplit> split_;
    ReadAhead<Dataset> ahead_;  // ends before what it uses
};

}  // namespace chainrule
