// The labels of streamed examples whose target is a class written as a number: which numbers there
// are shows only when all rows have been seen, so that parts are bound with their numbers as they
// are until then.
//
//     StreamedLabels labels(examples);               // the request now asks for numbers
//     for (...) labels.add(part);                    // all rows
//     report(labels.finish(examples.bind));          // the request asks for classes again
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "data/example_parts.h"
#include "lang/diagnostic.h"

namespace chainrule {

class StreamedLabels {
public:
    // The request's labels are those of a target of text; empty where it holds numbers.
    explicit StreamedLabels(StreamedExamples& examples);

    // Whether parts hold numbers that are no classes yet.
    bool are_open() const { return classes_ > 0; }
    void add(const Dataset& part);
    // UserError for what is no class, as of data in memory (data/class_labels.h).
    std::vector<Diagnostic> finish(BindRequest& request);
    // After it, how many rows are of each class; empty where the target holds no numbers that are
    // classes.
    const std::vector<std::size_t>& class_rows() const { return class_rows_; }

private:
    struct Label {
        double number;
        std::uint64_t line;     // of the first row that has it
        std::size_t count = 1;  // of the rows that have it
    };
    void add(double number, std::uint64_t line);
    LabelSource source_of_labels(const std::string& target) const;

    const StreamedExamples& examples_;
    std::int64_t classes_ = 0;  // 0: there is nothing to find
    std::size_t column_ = 0;
    std::vector<Label> labels_;  // one more than there are classes, at most
    Label least_{};
    Label greatest_{};
    std::vector<std::size_t> class_rows_;
};

}  // namespace chainrule
