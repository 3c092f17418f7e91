#include "train/training_data.h"

#include <fmt/format.h>

#include <utility>

#include "data/raw_examples.h"
#include "data/split.h"
#include "train/bind_request.h"

namespace chainrule {
namespace {

Dataset read_examples(const std::string& path, const std::string& labels_path,
                      const TableFormat& format, const BindRequest& bind) {
    return bind_examples(read_raw_examples(path, labels_path, format), bind);
}

}  // namespace

void check_test_kind(const KindOfFile& data, const KindOfFile& test) {
    if (data.is_table != test.is_table) {
        throw UserError(fmt::format(
            "{} holds a table and {} arrays: give both data sets in one kind of file",
            test.is_table ? test.source : data.source, test.is_table ? data.source : test.source));
    }
}

// Columns are bound by their order, so headers that differ would train on one thing and test on
// another.
void check_test_columns(const Dataset& data, const Dataset& test) {
    check_test_kind({data.source, !data.columns.empty()}, {test.source, !test.columns.empty()});
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

namespace {

void learn_and_apply(PreparedData& prepared, Scale scale, Diagnostics& diagnostics) {
    TrainingData& parts = prepared.parts;
    Preprocessing& how = prepared.learnt.preprocessing;
    how = learn_preprocessing(parts.training, scale);
    diagnostics.add(how.diagnostics);
    preprocess(parts.training, how);
    if (parts.validation) {
        preprocess(*parts.validation, how);
    }
    if (parts.test) {
        preprocess(*parts.test, how);
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
    BindRequest bind = bind_request_of(network, options.missing);
    bind.target_column = request.target;
    bind.training_rows = [&](std::size_t rows) {
        return options.split > 0 ? split_rows(rows, options.split, options.seed).training
                                 : std::vector<std::size_t>{};
    };
    Dataset all = read_examples(request.data, request.labels, request.format, bind);
    diagnostics.add(all.diagnostics);

    PreparedData prepared;
    prepared.learnt = {.preprocessing = {},
                       .missing = options.missing,
                       .encodings = all.encodings,
                       .columns = all.columns,
                       .has_header = all.has_header,
                       .target_columns = all.target_columns,
                       .first_target = all.first_target,
                       .labels = all.labels};
    TrainingData& parts = prepared.parts;
    if (!request.test.empty()) {
        bind.labels = all.labels;
        if (!all.encodings.empty()) {
            bind.encodings = all.encodings;
        }
        parts.test = read_examples(request.test, request.test_labels, request.format, bind);
        diagnostics.add(parts.test->diagnostics);
        check_test_columns(all, *parts.test);
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
