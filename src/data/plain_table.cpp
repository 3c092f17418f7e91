#include "data/plain_table.h"

#include <algorithm>
#include <utility>

#include "data/piece_columns.h"
#include "data/plain_pieces.h"
#include "data/stretch_reader.h"
#include "data/table_outline.h"

namespace chainrule {
namespace {

// Fills a table while the file is still read: what its columns are is guessed from the first stretch, and
// wrong guesses come out at the end.
class TableOfPieces {
public:
    TableOfPieces(const DataSource& source, const TableFormat& format, const FirstRecord& first)
        : source_(source), format_(format), first_(first), sum_(first) {}

    void add(const Pieces& pieces) {
        sum_.add(pieces);
        if (!filler_) {
            begin(pieces.rows, pieces.bytes);
        }
        is_filled_ = is_filled_ && filler_->add(pieces);
    }

    std::optional<Table> finish() {
        if (!filler_) {
            begin(0, 1);
        }
        const Table outline = outline_table(sum_.finish(source_.name(), format_.has_header),
                                            source_.name(), first_.delimiter, 0);
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
    bool is_filled_ = true;
};

}  // namespace

std::optional<Table> read_plain_table(DataSource& source, const TableFormat& format,
                                      std::size_t stretch_size) {
    StretchReader reader(source, stretch_size);
    auto plain = PlainReader::open(reader, format);
    if (!plain) {
        return std::nullopt;
    }
    TableOfPieces table(source, format, plain->first());
    if (!plain->read(PlainReader::all, [&](Pieces& pieces) { table.add(pieces); })) {
        return std::nullopt;
    }
    return table.finish();
}

}  // namespace chainrule
