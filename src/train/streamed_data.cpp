#include "train/streamed_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "data/wording.h"
#include "train/examples.h"
#include "train/streamed_labels.h"
#include "train/streamed_source.h"

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
        : table_(table), labels_(table), scales_(scale), kinds_(network) {
        if (table.split > 0) {
            split_.emplace(table.survey.rows(), table.split, table.seed);
        }
    }

    // Puts what is learnt into the table.
    void run(Diagnostics& diagnostics) {
        ExampleParts parts(table_, Side::all);
        for (Dataset part; parts.next(part);) {
            tally_.add(part.tally);
            labels_.add(part);
            if (split_) {
                keep_rows(part, training_rows(part.rows));
            }
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

private:
    std::vector<std::size_t> training_rows(std::size_t count) {
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < count; ++row) {
            if (!split_->holds_out_next()) {
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
};

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
    Dataset outline = bind_part(table->survey.outline, table->bind);
    diagnostics.add(outline.diagnostics);
    table->bind.encodings = outline.encodings;
    table->bind.labels = outline.labels;
    Learning learning(network, *table, options.scale);
    learning.run(diagnostics);

    StreamedData data;
    data.learnt = learnt_data(outline, *table);
    if (!request.test.empty()) {
        auto test = std::make_shared<StreamedTable>(
            StreamedTable{.survey = survey(request.test, request.test_labels, request.format),
                          .bind = table->bind,
                          .how = table->how});
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
