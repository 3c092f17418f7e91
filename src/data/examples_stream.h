// Examples that memory does not hold, read part by part, again and again: a table, or a file of
// arrays with one of their labels.
//
//     const ExamplesSurvey survey = survey_examples("images.gz", "labels.gz", {});
//     const NextPart next = parts_of(survey);
//     for (RawExamples part; next(part);) use(part);
//
// Memory: what survey_table keeps (data/table_stream.h) and one part. Errors: those of survey_table
// and ArrayParts; UserError for what is no file, for arrays in Fortran's order, and for files that
// change between readings.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "data/array_parts.h"
#include "data/raw_examples.h"
#include "data/table_stream.h"

namespace chainrule {

struct ArraySurvey {
    std::string data;
    std::string labels;                           // empty: there are none
    std::vector<ArrayHeader> headers;             // of each file
    std::size_t bytes = ArrayParts::usual_bytes;  // of a part

    std::size_t rows() const { return headers[0].dimensions[0]; }
};

using ExamplesSurvey = std::variant<TableSurvey, ArraySurvey>;

// The files are those of read_raw_examples (data/raw_examples.h).
ExamplesSurvey survey_examples(const std::string& path, const std::string& labels_path,
                               const TableFormat& format);

std::size_t rows_of(const ExamplesSurvey& survey);
// What messages call the file.
const std::string& source_of(const ExamplesSurvey& survey);

// Gives the next rows; false at the end. The survey must outlive it.
using NextPart = std::function<bool(RawExamples& part)>;
NextPart parts_of(const ExamplesSurvey& survey);

}  // namespace chainrule
