#include "train/streamed_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "data/wording.h"
#include "train/class_weights.h"
#include "train/examples.h"
#include "train/streamed_labels.h"
#include "train/streamed_source.h"
#include "train/validation_split.h"

namespace chainrule {
namespace {

TableSurvey survey(const std::string& path, const std::string& labels, const TableFormat& format) {
    require_streamable(path);
    DataSource source(path);
    if (!labels.empty() || holds_arrays(source)) {
        throw UserError(source.name() +
                        " holds arrays, and --stream reads tables: arrays stay in memory as they "
                        "are in the file, a pixel in a byte; leave out --stream");
    }
    return survey_table(path, format);
}

// One reading of all rows, to learn from those of the training part.
class Learning {
public:
    Learning(const Network& network, StreamedTable& table, Scale scale)
        : table_(table),
          labels_(table),
          scales_(scale),
          kinds_(network),
          training_(table.classes),
          held_out_(table.classes) {
        if (table.split > 0) {
            split_ = table.row_split();
        }
    }

    // Puts what is learnt into the table.
    void run(Diagnostics& diagnostics) {
        ExampleParts parts(table_, Side::all);
        for (Dataset part; parts.next(part);) {
            tally_.add(part.tally);
            labels_.add(part);
            keep_rows(part, training_rows(part));
            scales_.add(part);
            kinds_.add(part.targets);
        }
        diagnostics.add(labels_.finish(table_.bind));
        const std::size_t values = count_categories();
        table_.how = scales_.finish(*table_.bind.encodings);
        if (count_categories() < values) {
            tally_unknown();
        }
        diagnostics.add(tally_.warnings(table_.survey.outline.source));
        diagnostics.add(table_.how->diagnostics);
    }

    AnswerKind answer() const { return kinds_.found(); }

    // Of the training part, after run(). UserError for weights that are all 0.
    std::vector<double> learn_class_weights(const Network& network,
                                            const TrainOptions& options) const {
        std::vector<double> weights = class_weights(
            options, network, {table_.classes, training_, table_.bind.labels.value()});
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
                table_.class_rows.empty() ? 0 : table_.classes.of_row(part, row);
            const bool is_held_out = split_ && split_->holds_out_next(of_class);
            (is_held_out ? held_out_ : training_).add(part, table_.classes, row);
            if (!is_held_out) {
                rows.push_back(row);
            }
        }
        return rows;
    }

    std::size_t count_categories() const {
        std::size_t count = 0;
        for (const ColumnEncoding& encoding : *table_.bind.encodings) {
            count += encoding.categories.size();
        }
        return count;
    }

    // Some values are in held-out rows alone.
    void tally_unknown() {
        ExampleParts parts(table_, Side::all);
        CellTally unknown;
        for (Dataset part; parts.next(part);) {
            part.tally.missing.clear();
            unknown.add(part.tally);
        }
        tally_.add(unknown);
    }

    StreamedTable& table_;
    std::optional<RowSplit> split_;
    CellTally tally_;
    StreamedLabels labels_;
    PreprocessingLearner scales_;
    AnswerKindFinder kinds_;
    ClassTally training_;
    ClassTally held_out_;
};

// Reads all rows once to find the classes of the target and how many rows are of each, before it is known
// which rows are held out.
void find_classes(const Network& network, const TrainOptions& options, StreamedTable& table,
                  Diagnostics& diagnostics) {
    StreamedLabels labels(table);
    AnswerKindFinder kinds(network);
    // The kind shows at the end, but what of a target its class would be goes by its shape.
    const bool is_number = element_count(table.bind.target->shape) == 1;
    const TargetClasses possible =
        target_classes(network, is_number ? AnswerKind::threshold : AnswerKind::one_hot);
    ClassTally tally(possible);
    ExampleParts parts(table, Side::all);
    for (Dataset part; parts.next(part);) {
        labels.add(part);
        kinds.add(part.targets);
        for (std::size_t row = 0; !labels.are_open() && row < part.rows; ++row) {
            tally.add(part, possible, row);
        }
    }
    diagnostics.add(labels.finish(table.bind));
    table.classes = target_classes(network, kinds.found());
    if (splits_by_class(table.classes, options)) {
        table.class_rows = labels.class_rows().empty() ? tally.rows : labels.class_rows();
    }
}

// Reads the test part once, so that what is wrong with it is said before training.
void check_test(const StreamedTable& test, const Dataset& training, Diagnostics& diagnostics) {
    ExampleParts parts(test, Side::all);
    CellTally tally;
    std::set<std::string> said;
    for (Dataset part; parts.next(part);) {
        check_test_columns(training, part);
        tally.add(part.tally);
        for (const Diagnostic& diagnostic : part.diagnostics) {
            if (said.insert(diagnostic.message).second) {
                diagnostics.add(diagnostic);
            }
        }
    }
    diagnostics.add(tally.warnings(test.survey.outline.source));
}

std::vector<std::string> element_names(const std::vector<ColumnEncoding>& encodings) {
    std::vector<std::string> names;
    for (const ColumnEncoding& encoding : encodings) {
        const std::vector<std::string> more = encoding.element_names();
        names.insert(names.end(), more.begin(), more.end());
    }
    return names;
}

LearntData learnt_data(const Dataset& outline, const StreamedTable& table) {
    return {.preprocessing = *table.how,
            .missing = table.bind.missing,
            .encodings = *table.bind.encodings,
            .columns = element_names(*table.bind.encodings),
            .has_header = outline.has_header,
            .target_columns = outline.target_columns,
            .first_target = outline.first_target,
            .weight_column = outline.weight_column,
            .weight_place = outline.weight_place,
            .labels = table.bind.labels.value_or(std::vector<std::string>{})};
}

}  // namespace

StreamedData prepare_stream(const Network& network, const DataRequest& request,
                            const TrainOptions& options, std::size_t buffer,
                            Diagnostics& diagnostics) {
    auto table = std::make_shared<StreamedTable>(
        StreamedTable{.survey = survey(request.data, request.labels, request.format),
                      .bind = bind_request_of(network, options.missing),
                      .split = options.split,
                      .seed = options.seed});
    table->bind.target_column = request.target;
    table->bind.weight_column = request.weights;
    Dataset outline = bind_part(table->survey.outline, table->bind);
    diagnostics.add(outline.diagnostics);
    table->bind.encodings = outline.encodings;
    table->bind.labels = outline.labels;
    const bool may_split_by_class = options.split > 0 && options.stratify;
    if (table->bind.target && (may_split_by_class || options.class_weights)) {
        find_classes(network, options, *table, diagnostics);
    }
    Learning learning(network, *table, options.scale);
    learning.run(diagnostics);
    table->class_weights = learning.learn_class_weights(network, options);
    diagnostics.add(note_lone_rows(table->class_rows, *table->bind.labels));

    StreamedData data;
    data.learnt = learnt_data(outline, *table);
    if (!request.test.empty()) {
        auto test = std::make_shared<StreamedTable>(
            StreamedTable{.survey = survey(request.test, request.test_labels, request.format),
                          .how = table->how});
        test->bind = request_for_test(test->survey.outline, outline, table->bind);
        outline.columns = data.learnt.columns;
        check_test(*test, outline, diagnostics);
        data.sources.test = streamed_source(std::move(test), Side::all, std::nullopt);
    }
    const bool is_split = options.split > 0;
    if (is_split) {
        data.sources.validation = streamed_source(table, Side::held_out, std::nullopt);
    }
    data.sources.training =
        streamed_source(table, is_split ? Side::training : Side::all,
                        BufferSize{buffer, static_cast<std::size_t>(options.batch)});
    data.sources.answer = learning.answer();
    return data;
}

}  // namespace chainrule
