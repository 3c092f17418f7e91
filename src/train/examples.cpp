#include "train/examples.h"

#include <fmt/format.h>

#include <utility>

#include "data/bind_arrays.h"

namespace chainrule {

RawExamples read_raw_examples(const std::string& path, const std::string& labels_path,
                              const TableFormat& format) {
    DataSource source(path);
    if (labels_path.empty() && !holds_arrays(source)) {
        return read_table(source, format);
    }
    ArrayFiles files{.data = read_array_file(source), .labels = {}};
    if (!labels_path.empty()) {
        DataSource label_source(labels_path);
        files.labels = read_array_file(label_source);
    }
    return files;
}

BindRequest bind_request_of(const Network& network, MissingCells missing) {
    BindRequest bind;
    for (const NodeId input : network.inputs) {
        bind.inputs.push_back({network.graph.name(input), network.graph.type(input).shape});
    }
    if (network.targets.size() > 1) {
        throw UnsupportedError(
            fmt::format("data for one target is bound so far, and the network has {}",
                        network.targets.size()),
            network.graph.origin(network.targets[1]));
    }
    if (!network.targets.empty()) {
        const NodeId target = network.targets[0];
        const Type& type = network.graph.type(target);
        bind.target = TargetRequest{network.graph.name(target), type.shape, type.classes};
    }
    bind.missing = missing;
    return bind;
}

Dataset bind_examples(RawExamples raw, const BindRequest& request) {
    if (const Table* const table = std::get_if<Table>(&raw)) {
        return bind_dataset(*table, request);
    }
    auto& files = std::get<ArrayFiles>(raw);
    if (!request.weight_column.empty()) {
        throw UserError(files.data.source +
                        " holds arrays, and --weights names a column of a table: leave it out, or "
                        "give the examples as a table");
    }
    return bind_arrays(std::move(files.data), std::move(files.labels), request);
}

}  // namespace chainrule
