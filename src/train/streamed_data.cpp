#include "train/streamed_data.h"

#include <utility>

#include "data/part_diagnostics.h"
#include "data/weightless_rows.h"
#include "optim/optimizer.h"
#include "train/bind_request.h"
#include "train/class_weights.h"
#include "train/streamed_labels.h"
#include "train/streamed_source.h"
#include "train/validation_split.h"

namespace chainrule {
namespace {

// One reading of all rows, to learn from those of the training part.
class Learning {
public:
    Learning(const Network& network, StreamedExamples& examples, Scale scale)
        : examples_(examples),
          labels_(examples),
          scales_(scale),
          kinds_(network),
          training_(examples.classes),
          held_out_(examples.classes) {
        if (examples.split > 0) {
            split_ = examples.row_split();
        }
    }

    // Puts what is learnt into the examples.
    void run(Diagnostics& diagnostics) {
        ExampleParts parts(examples_, Side::all);
        for (Dataset part; parts.next(part);) {
            tally_.add(part.tally);
            labels_.add(part);
            keep_rows(part, training_rows(part));
            scales_.add(part);
            kinds_.add(part.targets);
        }
        if (examples_.bind.missing == MissingCells::refuse) {
            tally_.refuse_missing(source_of(examples_.file));
        }
        diagnostics.add(labels_.finish(examples_.bind));
        const std::size_t values = count_categories();
        examples_.how = scales_.finish(*examples_.bind.encodings);
        if (count_categories() < values) {
            tally_unknown();
        }
        diagnostics.add(tally_.warnings(source_of(examples_.file)));
        diagnostics.add(examples_.how->diagnostics);
    }

    AnswerKind answer() const { return kinds_.found(); }

    // Of the training part, after run(). UserError for weights that are all 0.
    std::vector<double> learn_class_weights(const Network& network,
                                            const TrainOptions& options) const {
        std::vector<double> weights = class_weights(
            options, network, {examples_.classes, training_, examples_.bind.labels.value()});
        check_weight(training_, weights, "training");
        if (split_) {
            check_weight(held_out_, weights, "held-out");
        }
        return weights;
    }

private:
    std::vector<std::size_t> training_rows(const Dataset& part) {
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < part.rows; ++row) {
            const std::size_t of_class =
                examples_.class_rows.empty() ? 0 : examples_.classes.of_row(part, row);
            const bool is_held_out = split_ && split_->holds_out_next(of_class);
            (is_held_out ? held_out_ : training_).add(part, examples_.classes, row);
            if (!is_held_out) {
                rows.push_back(row);
            }
        }
        return rows;
    }

    std::size_t count_categories() const {
        std::size_t count = 0;
        for (const ColumnEncoding& encoding : *examples_.bind.encodings) {
            count += encoding.categories.size();
        }
        return count;
    }

    // Some values are in held-out rows alone.
    void tally_unknown() {
        ExampleParts parts(examples_, Side::all);
        CellTally unknown;
        for (Dataset part; parts.next(part);) {
            part.tally.missing.clear();
            unknown.add(part.tally);
        }
        tally_.add(unknown);
    }

    StreamedExamples& examples_;
    std::optional<RowSplit> split_;
    CellTally tally_;
    StreamedLabels labels_;
    PreprocessingLearner scales_;
    AnswerKindFinder kinds_;
    ClassTally training_;
    ClassTally held_out_;
};

// Reads all rows once to find the classes of the target and how many rows are of each, before it is
// known which rows are held out.
void find_classes(const Network& network, const TrainOptions& options, StreamedExamples& examples,
                  Diagnostics& diagnostics) {
    StreamedLabels labels(examples);
    AnswerKindFinder kinds(network);
    // The kind shows at the end, but what of a target its class would be goes by its shape.
    const bool is_number = element_count(examples.bind.target->shape) == 1;
    const TargetClasses possible =
        target_classes(network, is_number ? AnswerKind::threshold : AnswerKind::one_hot);
    ClassTally tally(possible);
    ExampleParts parts(examples, Side::all);
    for (Dataset part; parts.next(part);) {
        labels.add(part);
        kinds.add(part.targets);
        for (std::size_t row = 0; !labels.are_open() && row < part.rows; ++row) {
            tally.add(part, possible, row);
        }
    }
    diagnostics.add(labels.finish(examples.bind));
    examples.classes = target_classes(network, kinds.found());
    if (splits_by_class(examples.classes, options)) {
        examples.class_rows = labels.class_rows().empty() ? tally.rows : labels.class_rows();
    }
}

// Reads the test part once, so that what is wrong with it is said before training.
void check_test(const StreamedExamples& test, const Dataset& training, Diagnostics& diagnostics) {
    ExampleParts parts(test, Side::all);
    PartDiagnostics said;
    for (Dataset part; parts.next(part);) {
        check_test_columns(training, part);
        said.add(part);
    }
    diagnostics.add(said.finish(source_of(test.file), test.bind.missing));
}

std::vector<std::string> element_names(const std::vector<ColumnEncoding>& encodings) {
    std::vector<std::string> names;
    for (const ColumnEncoding& encoding : encodings) {
        const std::vector<std::string> more = encoding.element_names();
        names.insert(names.end(), more.begin(), more.end());
    }
    return names;
}

LearntData learnt_data(const Dataset& outline, const StreamedExamples& examples) {
    return {.preprocessing = *examples.how,
            .missing = examples.bind.missing,
            .encodings = *examples.bind.encodings,
            .columns = element_names(*examples.bind.encodings),
            .has_header = outline.has_header,
            .target_columns = outline.target_columns,
            .first_target = outline.first_target,
            .weight_column = outline.weight_column,
            .weight_place = outline.weight_place,
            .labels = examples.bind.labels.value_or(std::vector<std::string>{})};
}

// The data set without rows. Arrays have neither columns nor texts that would be learnt.
Dataset outline_of(const StreamedExamples& examples) {
    const auto* const table = std::get_if<TableSurvey>(&examples.file);
    return table != nullptr ? bind_part(table->outline, examples.bind) : Dataset{};
}

bool is_table(const StreamedExamples& examples) {
    return std::holds_alternative<TableSurvey>(examples.file);
}

std::unique_ptr<ExampleSource> test_source(const DataRequest& request,
                                           const StreamedExamples& training, const Dataset& outline,
                                           Diagnostics& diagnostics) {
    auto test = std::make_shared<StreamedExamples>(
        StreamedExamples{.file = survey_examples(request.test, request.test_labels, request.format),
                         .bind = training.bind,
                         .how = training.how});
    check_test_kind({request.data, is_table(training)}, {request.test, is_table(*test)});
    if (const auto* const table = std::get_if<TableSurvey>(&test->file)) {
        test->bind = request_for_test(table->outline, outline, training.bind);
    }
    test->bind.labels_option = "--test-labels";
    check_test(*test, outline, diagnostics);
    return streamed_source(std::move(test), Side::all, std::nullopt);
}

}  // namespace

StreamedData prepare_stream(const Network& network, const DataRequest& request,
                            const TrainOptions& options, std::size_t buffer,
                            Diagnostics& diagnostics) {
    const std::string optimizer(options.optimizer.name());
    if (find_optimizer(optimizer)->full_batch != nullptr) {
        throw UserError(optimizer +
                        " takes every step on all rows, of which --stream holds a part: leave out "
                        "--stream, or choose sgd or adam");
    }
    auto examples = std::make_shared<StreamedExamples>(
        StreamedExamples{.file = survey_examples(request.data, request.labels, request.format),
                         .bind = bind_request_of(network, options.missing),
                         .split = options.split,
                         .seed = options.seed});
    if (auto* const table = std::get_if<TableSurvey>(&examples->file);
        table != nullptr && !request.weights.empty()) {
        survey_weights(*table, request.weights);
        diagnostics.add(note_weightless(request.data, table->left_out, table->rows()));
    }
    examples->bind.target_column = request.target;
    examples->bind.weight_column = request.weights;
    examples->bind.weight_dtype = options.dtype;
    Dataset outline = outline_of(*examples);
    diagnostics.add(outline.diagnostics);
    examples->bind.encodings = outline.encodings;
    examples->bind.labels = outline.labels;
    const bool may_split_by_class = options.split > 0 && options.stratify;
    if (examples->bind.target && (may_split_by_class || options.class_weights)) {
        find_classes(network, options, *examples, diagnostics);
    }
    Learning learning(network, *examples, options.scale);
    learning.run(diagnostics);
    examples->class_weights = learning.learn_class_weights(network, options);
    diagnostics.add(note_lone_rows(examples->class_rows, *examples->bind.labels));

    StreamedData data;
    data.learnt = learnt_data(outline, *examples);
    outline.columns = data.learnt.columns;
    if (!request.test.empty()) {
        data.sources.test = test_source(request, *examples, outline, diagnostics);
    }
    const bool is_split = options.split > 0;
    if (is_split) {
        data.sources.validation = streamed_source(examples, Side::held_out, std::nullopt);
    }
    data.sources.training =
        streamed_source(examples, is_split ? Side::training : Side::all,
                        BufferSize{buffer, static_cast<std::size_t>(options.batch)});
    data.sources.answer = learning.answer();
    return data;
}

}  // namespace chainrule
