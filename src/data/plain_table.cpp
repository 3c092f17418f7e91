#include "data/plain_table.h"

#include "data/piece_columns.h"
#include "data/plain_pieces.h"
#include "data/stretch_reader.h"
#include "data/table_outline.h"

namespace chainrule {

std::optional<Table> read_plain_table(DataSource& source, const TableFormat& format,
                                      std::size_t stretch_size) {
    StretchReader reader(source, stretch_size);
    auto plain = PlainReader::open(reader, format);
    if (!plain) {
        return std::nullopt;
    }
    const FirstRecord& first = plain->first();
    auto stretches = plain->next(PlainReader::all);
    if (!stretches) {
        return std::nullopt;
    }
    SurveyOfPieces sum(first);
    sum.add(*stretches);
    const Survey survey = sum.finish(source.name(), format.has_header);
    Table table = outline_table(survey, source.name(), first.delimiter, survey.rows);
    if (!fill_rows(table, first, !table.has_header, first.row + 1, *stretches)) {
        return std::nullopt;
    }
    return table;
}

}  // namespace chainrule
