#include "train/training_data.h"

#include <fmt/format.h>

#include <utility>

#include "data/weightless_rows.h"
#include "train/bind_request.h"
#include "train/class_weights.h"
#include "train/validation_split.h"

namespace chainrule {

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

ClassTally tally_of(const Dataset& data, const TargetClasses& classes) {
    ClassTally tally(classes);
    for (std::size_t row = 0; row < data.rows; ++row) {
        tally.add(data, classes, row);
    }
    return tally;
}

// Of the test part weights play no role.
void weigh(PreparedData& prepared, const TargetClasses& classes, const Network& network,
           const TrainOptions& options) {
    TrainingData& parts = prepared.parts;
    if (parts.training.weights.empty() && !options.class_weights) {
        return;
    }
    const ClassTally training = tally_of(parts.training, classes);
    const std::vector<double> weights =
        class_weights(options, network, {classes, training, prepared.learnt.labels});
    check_weight(training, weights, "training");
    if (!weights.empty()) {
        weigh_by_class(parts.training, classes, weights);
        if (parts.validation) {
            weigh_by_class(*parts.validation, classes, weights);
        }
    }
}

LearntData learnt_from(const Dataset& all, const TrainOptions& options) {
    return {.preprocessing = {},
            .missing = options.missing,
            .encodings = all.encodings,
            .columns = all.columns,
            .has_header = all.has_header,
            .target_columns = all.target_columns,
            .first_target = all.first_target,
            .weight_column = all.weight_column,
            .weight_place = all.weight_place,
            .labels = all.labels};
}

Dataset read_test(const DataRequest& request, const Dataset& all, BindRequest bind,
                  Diagnostics& diagnostics) {
    bind.labels = all.labels;
    bind.labels_option = "--test-labels";
    if (!all.encodings.empty()) {
        bind.encodings = all.encodings;
    }
    RawExamples raw = read_raw_examples(request.test, request.test_labels, request.format);
    if (const Table* const table = std::get_if<Table>(&raw)) {
        bind = request_for_test(*table, all, std::move(bind));
    }
    Dataset test = bind_examples(std::move(raw), bind);
    diagnostics.add(test.diagnostics);
    check_test_columns(all, test);
    return test;
}

}  // namespace

BindRequest request_for_test(const Table& test, const Dataset& training, BindRequest bind) {
    if (bind.weight_column.empty()) {
        return bind;
    }
    bind.weight_column.clear();
    const bool has_names = training.has_header && test.has_header;
    const std::size_t columns = training.encodings.size() + training.target_columns.size() + 1;
    const auto place = has_names                        ? find_column(test, training.weight_column)
                       : test.columns.size() == columns ? std::optional(training.weight_place)
                                                        : std::nullopt;
    if (place) {
        bind.unused_columns = {*place};
    } else if (!bind.target_column.empty() && !has_names) {
        const bool moves = training.weight_place < training.first_target;
        bind.target_column = std::to_string(training.first_target + (moves ? 0 : 1));
    } else if (!bind.target_column.empty()) {
        bind.target_column = training.target_columns.at(0);
    }
    return bind;
}

bool takes_data(const Network& network) {
    return !network.inputs.empty() || !network.targets.empty();
}

PreparedData prepare_data(const Network& network, const DataRequest& request,
                          const TrainOptions& options, Diagnostics& diagnostics) {
    if (!takes_data(network)) {
        class_weights(options, network, {{}, ClassTally({}), {}});  // refuses any
        PreparedData nothing;
        nothing.parts.training.rows = 1;
        return nothing;
    }
    bind_request_of(network, options.missing);  // what it refuses needs no reading
    std::vector<Diagnostic> notes;
    const auto choose_sides = [&](const Dataset& bound, const TargetClasses& classes) {
        if (splits_by_class(classes, options)) {
            notes = note_lone_rows(tally_of(bound, classes).rows, bound.labels);
        }
        return validation_split(bound, classes, options);
    };
    RawExamples raw = read_raw_examples(request.data, request.labels, request.format);
    PreparedData prepared =
        prepare_examples(network, std::move(raw), request, options, choose_sides, diagnostics);
    diagnostics.add(notes);
    if (prepared.parts.validation) {
        check_weight(tally_of(*prepared.parts.validation, {}), {}, "held-out");
    }
    return prepared;
}

PreparedData prepare_examples(const Network& network, RawExamples raw, const DataRequest& request,
                              const TrainOptions& options, const ChooseSides& choose_sides,
                              Diagnostics& diagnostics) {
    BindRequest bind = bind_request_of(network, options.missing);
    bind.target_column = request.target;
    bind.weight_column = request.weights;
    bind.weight_dtype = options.dtype;
    if (Table* const table = std::get_if<Table>(&raw)) {
        const std::size_t left_out = leave_out_weightless(*table, request.weights);
        diagnostics.add(note_weightless(table->source, left_out, table->rows()));
    }
    TargetClasses classes;
    std::optional<std::optional<Split>> split;
    const auto decide = [&](const Dataset& bound) {
        classes = target_classes(network, answer_kind(network, bound.targets));
        split = choose_sides(bound, classes);
        return *split ? (*split)->training : std::vector<std::size_t>{};
    };
    bind.training_rows = decide;
    Dataset all = bind_examples(std::move(raw), bind);
    bind.training_rows = {};
    diagnostics.add(all.diagnostics);
    if (!split) {
        decide(all);  // of arrays
    }

    PreparedData prepared;
    prepared.learnt = learnt_from(all, options);
    TrainingData& parts = prepared.parts;
    if (!request.test.empty()) {
        parts.test = read_test(request, all, bind, diagnostics);
    }
    if (const std::optional<Split>& sides = *split) {
        parts.validation = select_rows(all, sides->held_out);
        keep_rows(all, sides->training);
    }
    parts.training = std::move(all);
    weigh(prepared, classes, network, options);
    learn_and_apply(prepared, options.scale, diagnostics);
    return prepared;
}

}  // namespace chainrule
