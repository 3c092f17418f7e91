#include "data/table_stream.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "data/piece_columns.h"
#include "data/table_outline.h"
#include "data/text_codes.h"
#include "data/weightless_rows.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

// The texts of each column, as long as they are not too many, and whether a stretch took some of
// them for numbers.
class TextsOfColumns {
public:
    explicit TextsOfColumns(std::size_t columns) : columns_(columns) {}

    void add(const Pieces& pieces) {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const ColumnPiece& piece = pieces.columns[i];
            columns_[i].holds_numbers |= piece.holds_numbers() && piece.survey.numbers > 0;
            add(i, piece.texts);
        }
    }

    void add(std::size_t column, const std::vector<std::string>& texts) {
        Texts& known = columns_[column];
        for (auto text = texts.begin(); text != texts.end() && !known.too_many; ++text) {
            known.too_many = !text->empty() && !known.codes.code(*text);
        }
        if (known.too_many) {
            known.codes = {};
        }
    }

    // False where a column of text would lack those texts.
    bool fit(const Table& outline) const {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (outline.columns[i].kind == ColumnKind::text && columns_[i].holds_numbers) {
                return false;
            }
        }
        return true;
    }

    void give_to(Table& outline) const {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (outline.columns[i].kind == ColumnKind::text &&
                !outline.columns[i].too_many_values) {
                outline.columns[i].too_many_values = columns_[i].too_many;
                outline.columns[i].values = columns_[i].codes.texts();
            }
        }
    }

private:
    struct Texts {
        TextCodes codes;
        bool too_many = false;
        bool holds_numbers = false;
    };
    std::vector<Texts> columns_;
};

// Whether columns of numbers still are that, and the numbers those that they have room for.
bool are_as_surveyed(const TableSurvey& survey, const Pieces& pieces) {
    for (std::size_t i = 0; i < pieces.columns.size(); ++i) {
        if (survey.outline.columns[i].kind == ColumnKind::number &&
            !(pieces.columns[i].holds_numbers() &&
              survey.columns.columns[i].range.covers(pieces.columns[i].survey.range))) {
            return false;
        }
    }
    return true;
}

bool survey_plain(TableSurvey& survey, DataSource& source) {
    StretchReader reader(source, survey.part.stretch_bytes);
    auto plain = PlainReader::open(reader, survey.format);
    if (!plain) {
        return false;
    }
    SurveyOfPieces sum(plain->first());
    TextsOfColumns texts(plain->first().cells.size());
    const bool is_plain = plain->read(PlainReader::all, [&](const Pieces& pieces) {
        sum.add(pieces);
        texts.add(pieces);
    });
    if (!is_plain) {
        return false;
    }
    survey.columns = sum.finish(source.name(), survey.format.has_header);
    survey.outline = outline_table(survey.columns, source.name(), plain->first().delimiter, 0);
    if (!survey.outline.has_header) {
        for (std::size_t i = 0; i < survey.columns.columns.size(); ++i) {
            const ColumnSurvey& column = survey.columns.columns[i];
            if (column.first_kind != CellKind::missing) {
                texts.add(i, {column.first});
            }
        }
    }
    texts.give_to(survey.outline);
    return texts.fit(survey.outline);
}

// The texts of all parts, for the outline, and how many rows there are.
std::size_t survey_parts(TableSurvey& survey) {
    TextsOfColumns texts(survey.outline.columns.size());
    std::size_t rows = 0;
    TableParts parts(survey);
    for (Table part; parts.next(part);) {
        rows += part.rows();
        for (std::size_t i = 0; i < part.columns.size(); ++i) {
            texts.add(i, part.columns[i].values);
        }
    }
    texts.give_to(survey.outline);
    return rows;
}

void survey_with_care(TableSurvey& survey, DataSource& source) {
    survey.is_plain = false;
    CsvReader reader(source, survey.format.delimiter);
    survey.columns = survey_records(reader, source.name(), survey.format.has_header);
    survey.outline = outline_table(survey.columns, source.name(), reader.delimiter(), 0);
    const bool has_texts = std::ranges::any_of(
        survey.outline.columns, [](const Column& each) { return each.kind == ColumnKind::text; });
    if (!has_texts) {
        return;
    }
    survey_parts(survey);
}

}  // namespace

void require_streamable(const std::string& path) {
    const ByteSource bytes(path);
    if (!bytes.can_be_opened_again()) {
        throw UserError(
            bytes.name() +
            " cannot be streamed: it is read once before training and again in every "
            "epoch, which only a file can be; save it as a file, or leave out --stream");
    }
}

TableSurvey survey_table(const std::string& path, const TableFormat& format, const PartSize& part) {
    require_streamable(path);
    TableSurvey survey{.path = path, .format = format, .part = part, .columns = {}, .outline = {}};
    DataSource source(path);
    if (!survey_plain(survey, source)) {
        source.rewind(DataSource::Reading::last);
        survey_with_care(survey, source);
    }
    return survey;
}

void survey_weights(TableSurvey& survey, const std::string& weights) {
    survey.weights = weights;
    survey.left_out = survey.columns.rows - survey_parts(survey);
}

TableParts::TableParts(const TableSurvey& survey)
    : survey_(survey), outline_(survey.outline), source_(survey.path) {
    for (Column& column : outline_.columns) {
        column.values.clear();
    }
    if (survey.is_plain) {
        stretches_.emplace(source_, survey.part.stretch_bytes);
        plain_ = PlainReader::open(*stretches_, survey.format);
        if (!plain_ || plain_->first().cells.size() != outline_.columns.size()) {
            refuse_changed_file(source_.name());
        }
        line_ = plain_->first().row + 1;
    } else {
        records_.emplace(source_, survey.format.delimiter);
        careful_.emplace(*records_, survey.columns, source_.name());
    }
}

bool TableParts::next(Table& part) {
    while (read(part)) {
        leave_out_weightless(part, survey_.weights);
        if (part.rows() > 0) {
            return true;
        }
    }
    return false;
}

bool TableParts::read(Table& part) {
    if (!survey_.is_plain) {
        part = outline_;
        return careful_->fill(part, survey_.part.careful_rows) > 0;
    }
    bool is_end = false;
    do {  // stretches of blank lines have no rows
        part = outline_;
        is_end = !read_plain(part);
    } while (!is_end && part.rows() == 0);
    return part.rows() > 0;
}

bool TableParts::read_plain(Table& part) {
    TableFiller filler(part, plain_->first(), line_);
    if (std::exchange(is_at_start_, false) && !part.has_header) {
        filler.add_first();
    }
    std::size_t stretches = 0;
    bool fits = true;
    const bool is_plain = plain_->read(survey_.part.stretches, [&](const Pieces& pieces) {
        ++stretches;
        fits = fits && are_as_surveyed(survey_, pieces) && filler.add(pieces);
        line_ += pieces.lines;
    });
    filler.finish();
    rows_ += part.rows();
    const bool is_whole =
        stretches == 0 ? rows_ == survey_.columns.rows : rows_ <= survey_.columns.rows;
    if (!is_plain || !fits || !is_whole) {
        refuse_changed_file(source_.name());
    }
    return stretches > 0;
}

}  // namespace chainrule
