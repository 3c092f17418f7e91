#include "data/examples_stream.h"

#include <memory>
#include <utility>

#include "lang/diagnostic.h"
#include "lang/overloaded.h"

namespace chainrule {
namespace {

std::unique_ptr<ArrayParts> open_arrays(const std::string& data, const std::string& labels,
                                        std::size_t bytes) {
    return std::make_unique<ArrayParts>(
        std::make_unique<DataSource>(data),
        labels.empty() ? nullptr : std::make_unique<DataSource>(labels), bytes);
}

ArraySurvey survey_arrays(const std::string& path, const std::string& labels) {
    ArraySurvey survey{.data = path, .labels = labels, .headers = {}};
    survey.headers = open_arrays(path, labels, survey.bytes)->headers();
    for (std::size_t i = 0; i < survey.headers.size(); ++i) {
        if (survey.headers[i].column_major) {
            throw UserError((i == 0 ? path : labels) +
                            " is in Fortran's order, in which no example is whole before the end "
                            "of the file: save it in C's order (numpy.ascontiguousarray), or leave "
                            "out --stream");
        }
    }
    return survey;
}

}  // namespace

ExamplesSurvey survey_examples(const std::string& path, const std::string& labels_path,
                               const TableFormat& format) {
    require_streamable(path);
    if (labels_path.empty() && !holds_arrays(*std::make_unique<DataSource>(path))) {
        return survey_table(path, format);
    }
    if (!labels_path.empty()) {
        require_streamable(labels_path);
    }
    return survey_arrays(path, labels_path);
}

std::size_t rows_of(const ExamplesSurvey& survey) {
    return std::visit([](const auto& each) { return each.rows(); }, survey);
}

const std::string& source_of(const ExamplesSurvey& survey) {
    return std::visit(
        Overloaded{[](const TableSurvey& table) -> const std::string& { return table.path; },
                   [](const ArraySurvey& arrays) -> const std::string& { return arrays.data; }},
        survey);
}

NextPart parts_of(const ExamplesSurvey& survey) {
    if (const auto* const table = std::get_if<TableSurvey>(&survey)) {
        const auto parts = std::make_shared<TableParts>(*table);
        return [parts](RawExamples& part) { return parts->next(part.emplace<Table>()); };
    }
    const auto& arrays = std::get<ArraySurvey>(survey);
    const std::shared_ptr<ArrayParts> parts = open_arrays(arrays.data, arrays.labels, arrays.bytes);
    if (parts->headers() != arrays.headers) {
        refuse_changed_file(arrays.data);
    }
    return [parts](RawExamples& part) { return parts->next(part.emplace<ArrayFiles>()); };
}

}  // namespace chainrule
