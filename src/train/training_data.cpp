#include "train/training_data.h"

#include <fmt/format.h>

#include <utility>

#include "data/bind_arrays.h"
#include "data/split.h"

namespace chainrule {
namespace {

BindRequest bind_request(const Network& network, const DataRequest& request, MissingCells missing) {
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
    bind.target_column = request.target;
    bind.missing = missing;
    return bind;
}

void report(const std::vector<Diagnostic>& found, Diagnostics& diagnostics) {
    for (const Diagnostic& diagnostic : found) {
        diagnostics.add(diagnostic);
    }
}

Dataset read_examples(const std::string& path, const std::string& labels_path,
                      const TableFormat& format, const BindRequest& bind) {
    DataSource source(path);
    if (labels_path.empty() && !holds_arrays(source)) {
        return bind_dataset(read_table(source, format), bind);
    }
    ArrayFile data = read_array_file(source);
    std::optional<ArrayFile> labels;
    if (!labels_path.empty()) {
        DataSource label_source(labels_path);
        labels = read_array_file(label_source);
    }
    return bind_arrays(std::move(data), std::move(labels), bind);
}

// Columns are bound by their order, so headers that differ would train on one thing and test on
// another.
void check_columns(const Dataset& data, const Dataset& test) {
    if (data.columns.empty() != test.columns.empty()) {
        const bool table_first = test.columns.empty();
        throw UserError(fmt::format(
            "{} holds a table and {} arrays: give both data sets in one kind of file",
            table_first ? data.source : test.source, table_first ? test.source : data.source));
    }
    if (!data.has_header || !test.has_header) {
        return;
    }
    for (std::size_t i = 0; i < data.encodings.size(); ++i) {
        if (data.encodings[i].name != test.encodings[i].name) {
            throw UserError(fmt::format(
                "{}: its input column {} is {}, and that of {} is {}: give "
                "both files the same columns in the same order",
                test.source, i + 1, test.encodings[i].name, data.source, data.encodings[i].name));
        }
    }
}

void learn_and_apply(PreparedData& prepared, Scale scale, Diagnostics& diagnostics) {
    TrainingData& parts = prepared.parts;
    prepared.preprocessing = learn_preprocessing(parts.training, scale);
    report(prepared.preprocessing.diagnostics, diagnostics);
    preprocess(parts.training, prepared.preprocessing);
    if (parts.validation) {
        preprocess(*parts.validation, prepared.preprocessing);
    }
    if (parts.test) {
        preprocess(*parts.test, prepared.preprocessing);
    }
}

}  // namespace

bool takes_data(const Network& network) {
    return !network.inputs.empty() || !network.targets.empty();
}

PreparedData prepare_data(const Network& network, const DataRequest& request,
                          const TrainOptions& options, Diagnostics& diagnostics) {
    if (!takes_data(network)) {
        PreparedData nothing;
        nothing.parts.training.rows = 1;
        return nothing;
    }
    BindRequest bind = bind_request(network, request, options.missing);
    bind.training_rows = [&](std::size_t rows) {
        return options.split > 0 ? split_rows(rows, options.split, options.seed).training
                                 : std::vector<std::size_t>{};
    };
    Dataset all = read_examples(request.data, request.labels, request.format, bind);
    report(all.diagnostics, diagnostics);

    PreparedData prepared;
    prepared.encodings = all.encodings;
    prepared.columns = all.columns;
    prepared.labels = all.labels;
    TrainingData& parts = prepared.parts;
    if (!request.test.empty()) {
        bind.labels = all.labels;
        if (!all.encodings.empty()) {
            bind.encodings = all.encodings;
        }
        parts.test = read_examples(request.test, request.test_labels, request.format, bind);
        report(parts.test->diagnostics, diagnostics);
        check_columns(all, *parts.test);
    }
    if (options.split > 0) {
        const Split split = split_rows(all.rows, options.split, options.seed);
        parts.validation = select_rows(all, split.held_out);
        keep_rows(all, split.training);
    }
    parts.training = std::move(all);
    learn_and_apply(prepared, options.scale, diagnostics);
    return prepared;
}

}  // namespace chainrule
