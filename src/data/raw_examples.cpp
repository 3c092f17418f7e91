#include "data/raw_examples.h"

#include <utility>

#include "data/bind_arrays.h"

namespace chainrule {

RawExamples read_raw_examples(const std::string& path, const std::string& labels_path,
                              const TableFormat& format) {
    DataSource source(path);
    if (labels_path.empty() && !holds_arrays(source)) {
        return read_table(source, format);
    }
    ArrayFiles files{.data = read_array_file(source)};
    if (!labels_path.empty()) {
        DataSource label_source(labels_path);
        files.labels = read_array_file(label_source);
    }
    return files;
}

Dataset bind_part(RawExamples raw, const BindRequest& request) {
    if (const Table* const table = std::get_if<Table>(&raw)) {
        return bind_part(*table, request);
    }
    auto& files = std::get<ArrayFiles>(raw);
    if (!request.weight_column.empty()) {
        throw UserError(files.data.source +
                        " holds arrays, and --weights names a column of a table: leave it out, or "
                        "give the examples as a table");
    }
    return bind_arrays(std::move(files.data), std::move(files.labels), request);
}

Dataset bind_examples(RawExamples raw, const BindRequest& request) {
    if (const Table* const table = std::get_if<Table>(&raw)) {
        return bind_dataset(*table, request);
    }
    return bind_part(std::move(raw), request);
}

}  // namespace chainrule
