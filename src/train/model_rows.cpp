#include "train/model_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "data/cell.h"
#include "data/choose_columns.h"
#include "data/raw_examples.h"
#include "data/table_pipe.h"
#include "data/wording.h"
#include "train/bind_request.h"

namespace chainrule {
namespace {

std::string name_list(const std::vector<std::string>& names) {
    constexpr std::size_t most = 20;
    const std::size_t shown = std::min(names.size(), most);
    return fmt::format("{}{}",
                       fmt::join(names.begin(), names.begin() + static_cast<int>(shown), ", "),
                       names.size() > most ? ", ..." : "");
}

bool has_names(const LearntData& learnt) {
    std::set<std::string> names;
    for (const ColumnEncoding& encoding : learnt.encodings) {
        names.insert(encoding.name);
    }
    return learnt.has_header && names.size() == learnt.encodings.size();
}

// Of the columns that a table must have; none where they are found by their places.
std::vector<std::string> names_of_inputs(const LearntData& learnt) {
    std::vector<std::string> names;
    if (has_names(learnt)) {
        for (const ColumnEncoding& encoding : learnt.encodings) {
            if (encoding.width > 0) {
                names.push_back(encoding.name);
            }
        }
    }
    return names;
}

// Finds the columns of a table that training used, and says so in the request.
class Columns {
public:
    Columns(const Table& table, const LearntData& learnt, BindRequest& request)
        : table_(table), learnt_(learnt), request_(request) {
        request_.encodings = learnt.encodings;
    }

    void find(const std::string& target) {
        request_.target_column = target;
        table_.has_header&& has_names(learnt_) ? find_by_name() : find_by_place();
    }

private:
    void find_by_name() {
        std::erase_if(*request_.encodings,
                      [](const ColumnEncoding& encoding) { return encoding.width == 0; });
        std::vector<std::string> missing;
        std::vector<std::size_t> found;
        const auto look_for = [&](const std::string& name) {
            const auto column = find_column(table_, name);
            column ? found.push_back(*column) : missing.push_back(name);
        };
        std::ranges::for_each(*request_.encodings, look_for, &ColumnEncoding::name);
        request_.input_columns = found;
        if (request_.target && request_.target_column.empty()) {
            if (learnt_.target_columns.empty()) {
                throw UserError(
                    "the model does not say which column its target was: name it with --target");
            }
            found.clear();
            std::ranges::for_each(learnt_.target_columns, look_for);
            check_side_by_side(found);
            request_.target_column = learnt_.target_columns.at(0);
        }
        if (!missing.empty()) {
            throw UserError(
                fmt::format("{} lacks {} that the model was trained with: {}", table_.source,
                            missing.size() == 1 ? "a column" : counted(missing.size(), "column"),
                            name_list(missing)),
                {}, {{fmt::format("its columns are {}", table_.column_list()), {}}});
        }
    }

    void check_side_by_side(const std::vector<std::size_t>& columns) const {
        for (std::size_t i = 1; i < columns.size(); ++i) {
            if (columns[i] != columns[0] + i) {
                throw UserError(
                    fmt::format("{}: the columns of the target, {}, must stand side by "
                                "side in this order",
                                table_.source, name_list(learnt_.target_columns)));
            }
        }
    }

    // Target and weights may be missing, as far as the number of columns tells which of them is.
    void find_by_place() {
        const std::size_t inputs = learnt_.encodings.size();
        const std::size_t targets = learnt_.target_columns.size();
        const std::size_t weights = learnt_.weight_column.empty() ? 0 : 1;
        const std::size_t count = table_.columns.size();
        const auto is = [&](std::size_t more) { return count == inputs + more; };
        const bool has_target = is(targets + weights) || is(targets);
        const bool has_weights = is(targets + weights) || (is(weights) && !request_.target);
        if (!has_target && (request_.target || (!has_weights && !is(0)))) {
            refuse_count(inputs, targets);
        }
        if (has_target && has_weights && !is(targets + weights)) {
            refuse_ambiguous();
        }
        const auto before = [](bool is_there, std::size_t place, std::size_t size,
                               std::size_t other) {
            return is_there || place > other ? other : other - size;
        };
        const std::size_t first_target =
            before(has_weights, learnt_.weight_place, weights, learnt_.first_target);
        const std::size_t weight_place =
            before(has_target, learnt_.first_target, targets, learnt_.weight_place);
        if (has_weights && weights > 0) {
            request_.unused_columns = {weight_place};
        }
        if (request_.target && !request_.target_column.empty()) {
            return;  // the others feed the inputs
        }
        std::vector<std::size_t> columns;
        for (std::size_t column = 0; column < count; ++column) {
            const bool is_target =
                has_target && column >= first_target && column < first_target + targets;
            if (!is_target && std::ranges::count(request_.unused_columns, column) == 0) {
                columns.push_back(column);
            }
        }
        check_names(columns);
        request_.input_columns = columns;
        if (request_.target) {
            request_.target_column = table_.columns[first_target].name;
        }
    }

    // Found by their places, as training's names were not distinct, they may yet be other columns.
    void check_names(const std::vector<std::size_t>& columns) const {
        for (std::size_t i = 0; table_.has_header && learnt_.has_header && i < columns.size();
             ++i) {
            const std::string& name = table_.columns[columns[i]].name;
            const std::string& wanted = learnt_.encodings[i].name;
            if (name != wanted) {
                throw UserError(fmt::format(
                    "{}: column {} is {} where training had {}; the columns of training are found "
                    "by their places, as several have one name: give them in its order",
                    table_.source, columns[i] + 1, name, wanted));
            }
        }
    }

    [[noreturn]] void refuse_ambiguous() const {
        throw UserError(fmt::format(
            "{} has {}, one more than the model's inputs, which may be the target or the weights: "
            "give both or none, or a header that names the columns",
            table_.source, counted(table_.columns.size(), "column")));
    }

    [[noreturn]] void refuse_count(std::size_t inputs, std::size_t targets) const {
        std::vector<std::string> names;
        for (const ColumnEncoding& encoding : learnt_.encodings) {
            names.push_back(encoding.name);
        }
        const std::string with =
            targets == 0 ? "" : fmt::format(", {} with the target", inputs + targets);
        throw UserError(fmt::format(
            "{} has {}, but the model was trained on {} for its inputs{}: {}", table_.source,
            counted(table_.columns.size(), "column"), inputs, with, name_list(names)));
    }

    const Table& table_;
    const LearntData& learnt_;
    BindRequest& request_;
};

// What the columns held in training: categories and labels that are words are text, whatever stands
// in them here, and so is what is not used.
std::vector<PipedTable::Told> columns_in_training(const Table& table, const LearntData& learnt,
                                                  const BindRequest& request) {
    std::vector<PipedTable::Told> columns(table.columns.size(), {.is_text = true});
    std::vector<bool> is_target(table.columns.size(), false);
    if (request.target) {
        const std::size_t first = select_column(table, request.target_column);
        const bool is_word = std::ranges::any_of(learnt.labels, [](const std::string& label) {
            return parse_cell(label).kind != CellKind::number;
        });
        const auto size = static_cast<std::size_t>(element_count(request.target->shape));
        for (std::size_t i = first; i < std::min(first + size, columns.size()); ++i) {
            columns[i].is_text = is_word;
            is_target[i] = true;
        }
    }
    std::vector<std::size_t> inputs;
    for (std::size_t i = 0; i < is_target.size(); ++i) {
        if (!is_target[i]) {
            inputs.push_back(i);
        }
    }
    inputs = request.input_columns.value_or(inputs);
    for (std::size_t i = 0; i < std::min(inputs.size(), request.encodings->size()); ++i) {
        const ColumnEncoding& encoding = (*request.encodings)[i];
        columns[inputs[i]] = {
            .is_text = encoding.kind != ColumnEncoding::Kind::number,
            .is_whole = encoding.width > 0 && request.missing == MissingCells::refuse};
    }
    return columns;
}

}  // namespace

ModelRows::ModelRows(const Network& network, LearntData learnt, const DataRequest& request,
                     Target target)
    : learnt_(std::move(learnt)) {
    if (network.inputs.empty()) {
        throw UserError("the model's network has no input: there is nothing to feed it");
    }
    bind_ = bind_request_of(network, learnt_.missing);
    bind_.labels = learnt_.labels;
    if (target == Target::unused) {
        bind_.target.reset();
    }
    auto source = std::make_unique<DataSource>(request.data);
    source_ = source->name();
    const bool is_table = request.labels.empty() && !holds_arrays(*source);
    check_kind_of_file(is_table);
    is_table ? open_table(std::move(source), request) : open_arrays(std::move(source), request);
    ahead_.emplace([this] { return read(); });
}

void ModelRows::check_kind_of_file(bool is_table) const {
    if (is_table == learnt_.columns.empty()) {
        throw UserError(fmt::format("{} holds {}, but the model was trained on {}", source_,
                                    is_table ? "a table" : "arrays",
                                    is_table ? "arrays" : "a table"));
    }
}

void ModelRows::open_table(std::unique_ptr<DataSource> source, const DataRequest& request) {
    if (source->can_be_opened_again()) {
        survey_ = survey_table(request.data, request.format);
        Columns(std::get<TableSurvey>(*survey_).outline, learnt_, bind_).find(request.target);
        count_ = rows_of(*survey_);
        parts_ = parts_of(*survey_);
        return;
    }
    const auto table =
        std::make_shared<PipedTable>(std::move(source), request.format, names_of_inputs(learnt_));
    Columns(table->names(), learnt_, bind_).find(request.target);
    table->begin(columns_in_training(table->names(), learnt_, bind_));
    parts_ = [table](RawExamples& part) { return table->next(part.emplace<Table>()); };
}

void ModelRows::open_arrays(std::unique_ptr<DataSource> source, const DataRequest& request) {
    bind_.target_column = request.target;
    if (is_archive(*source)) {
        const auto all = std::make_shared<std::optional<ArrayFiles>>(
            ArrayFiles{.data = read_array_file(*source)});
        if (!request.labels.empty()) {
            DataSource labels(request.labels);
            (*all)->labels = read_array_file(labels);
        }
        count_ = (*all)->data.arrays[0].array.rows();
        parts_ = [all](RawExamples& part) {
            const bool is_there = all->has_value();
            if (is_there) {
                part = std::move(**all);
                all->reset();
            }
            return is_there;
        };
        return;
    }
    std::unique_ptr<DataSource> labels;
    if (!request.labels.empty()) {
        labels = std::make_unique<DataSource>(request.labels);
        labels->rewind(DataSource::Reading::last);
    }
    source->rewind(DataSource::Reading::last);
    const auto arrays = std::make_shared<ArrayParts>(std::move(source), std::move(labels));
    count_ = arrays->rows();
    parts_ = [arrays](RawExamples& part) { return arrays->next(part.emplace<ArrayFiles>()); };
}

std::optional<Dataset> ModelRows::read() {
    RawExamples raw;
    if (!parts_(raw)) {
        return std::nullopt;
    }
    Dataset data = bind_part(std::move(raw), bind_);
    if (bind_.missing == MissingCells::refuse) {
        data.tally.refuse_missing(source_, "so far");
    }
    preprocess(data, learnt_.preprocessing);
    return data;
}

bool ModelRows::next(Dataset& part) {
    if (!ahead_->next(part)) {
        return false;
    }
    said_.add(part);
    return true;
}

}  // namespace chainrule
