#include "data/plain_table.h"

#include <algorithm>
#include <utility>

#include "data/piece_columns.h"
#include "data/plain_pieces.h"
#include "data/stretch_reader.h"
#include "data/table_outline.h"

namespace chainrule {
namespace {

// A table may take twice the bytes of its text, and this many more, before it is known to be one.
constexpr std::size_t table_slack = std::size_t{32} << 20;

// Fills a table while the file is still read: what its columns are is guessed from the first
// stretch, and wrong guesses come out at the end.
class TableOfPieces {
public:
    TableOfPieces(const DataSource& source, const TableFormat& format, const FirstRecord& first)
        : source_(source), format_(format), first_(first), sum_(first) {}

    void add(const Pieces& pieces) {
        sum_.add(pieces);
        text_bytes_ += pieces.bytes;
        if (!is_filled_) {
            return;
        }
        if (!filler_) {
            begin(pieces.rows, pieces.bytes);
        }
        is_too_large_ = filler_->bytes_with(pieces) > 2 * text_bytes_ + table_slack;
        if (is_too_large_ || !filler_->add(pieces)) {
            // The table is of no use; what is wrong with the file may be.
            is_filled_ = false;
            filler_.reset();
            table_ = {};
        }
    }

    // None where the file must be read again, as `survey` tells then, or with care.
    std::optional<Table> finish(std::optional<Survey>& survey) {
        if (is_filled_ && !filler_) {
            begin(0, 1);
        }
        Survey found = sum_.finish(source_.name(), format_.has_header);
        const Table outline = outline_table(found, source_.name(), first_.delimiter, 0);
        if (is_too_large_) {
            survey = std::move(found);
        }
        if (!is_filled_ || outline.has_header != table_.has_header) {
            return std::nullopt;
        }
        filler_->finish();
        for (std::size_t i = 0; i < outline.columns.size(); ++i) {
            if (outline.columns[i].kind != table_.columns[i].kind) {
                return std::nullopt;
            }
            table_.columns[i].is_constant = outline.columns[i].is_constant;
        }
        return std::move(table_);
    }

private:
    // With what the first stretch has.
    void begin(std::size_t rows, std::size_t bytes) {
        const Survey guess = sum_.so_far(format_.has_header);
        // A fiftieth more than there would be if all stretches were like the first.
        const double stretches = static_cast<double>(source_.expected_bytes()) /
                                 static_cast<double>(std::max(bytes, std::size_t{1}));
        const auto room = static_cast<std::size_t>(1.02 * stretches * static_cast<double>(rows));
        table_ = outline_columns(guess, source_.name(), first_.delimiter, std::max(room, rows + 1));
        filler_.emplace(table_, first_, first_.row + 1);
        if (!guess.has_header) {
            filler_->add_first();
        }
    }

    const DataSource& source_;
    const TableFormat& format_;
    const FirstRecord& first_;
    SurveyOfPieces sum_;
    Table table_;
    std::optional<TableFiller> filler_;
    std::size_t text_bytes_ = 0;
    bool is_filled_ = true;
    bool is_too_large_ = false;
};

// None where the file is not what the survey found, or a column's kind changes from stretch to
// stretch.
std::optional<Table> read_surveyed_table(DataSource& source, const TableFormat& format,
                                         std::size_t stretch_size, const Survey& survey) {
    StretchReader reader(source, stretch_size);
    auto plain = PlainReader::open(reader, format);
    if (!plain || plain->first().cells.size() != survey.columns.size()) {
        return std::nullopt;
    }
    Table table = outline_table(survey, source.name(), plain->first().delimiter, survey.rows);
    TableFiller filler(table, plain->first(), plain->first().row + 1);
    if (!survey.has_header) {
        filler.add_first();
    }
    bool fits = true;
    const auto add = [&](const Pieces& pieces) { fits = fits && filler.add(pieces); };
    if (!plain->read(PlainReader::all, add) || !fits) {
        return std::nullopt;
    }
    filler.finish();
    return table;
}

}  // namespace

std::optional<Table> read_plain_table(DataSource& source, const TableFormat& format,
                                      std::size_t stretch_size) {
    std::optional<Survey> survey;
    {
        StretchReader reader(source, stretch_size);
        auto plain = PlainReader::open(reader, format);
        if (!plain) {
            return std::nullopt;
        }
        TableOfPieces pieces(source, format, plain->first());
        if (!plain->read(PlainReader::all, [&](Pieces& each) { pieces.add(each); })) {
            return std::nullopt;
        }
        auto table = pieces.finish(survey);
        if (table || !survey) {
            return table;
        }
    }
    source.rewind(DataSource::Reading::one_more);
    return read_surveyed_table(source, format, stretch_size, *survey);
}

}  // namespace chainrule
