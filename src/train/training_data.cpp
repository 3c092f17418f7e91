#include "train/training_data.h"

#include <fmt/format.h>

#include <utility>

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

// Columns are bound by their order, so headers that differ would train on one thing and test on
// another.
void check_columns(const Table& table, const Dataset& data, const Table& test_table,
                   const Dataset& test) {
    if (!table.has_header || !test_table.has_header) {
        return;
    }
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
        if (data.columns[i] != test.columns[i]) {
            throw UserError(fmt::format(
                "{}: its input column {} is {}, and that of {} is {}: give "
                "both files the same columns in the same order",
                test_table.source, i + 1, test.columns[i], table.source, data.columns[i]));
        }
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
    const Table table = read_table(request.data);
    Dataset all = bind_dataset(table, bind);
    report(all.diagnostics, diagnostics);

    PreparedData prepared;
    prepared.columns = all.columns;
    prepared.labels = all.labels;
    TrainingData& parts = prepared.parts;
    if (!request.test.empty()) {
        bind.labels = all.labels;
        const Table test_table = read_table(request.test);
        parts.test = bind_dataset(test_table, bind);
        report(parts.test->diagnostics, diagnostics);
        check_columns(table, all, test_table, *parts.test);
    }
    if (options.split > 0) {
        const Split split = split_rows(all.rows, options.split, options.seed);
        parts.training = select_rows(all, split.training);
        parts.validation = select_rows(all, split.held_out);
    } else {
        parts.training = std::move(all);
    }

    prepared.preprocessing = learn_preprocessing(parts.training, options.scale);
    report(prepared.preprocessing.diagnostics, diagnostics);
    preprocess(parts.training, prepared.preprocessing);
    if (parts.validation) {
        preprocess(*parts.validation, prepared.preprocessing);
    }
    if (parts.test) {
        preprocess(*parts.test, prepared.preprocessing);
    }
    return prepared;
}

}  // namespace chainrule
