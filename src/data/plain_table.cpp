#include "data/plain_table.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "data/cell.h"
#include "data/column_piece.h"
#include "data/csv.h"
#include "data/csv_text.h"
#include "data/plain_cells.h"
#include "data/stretch_reader.h"
#include "data/survey.h"
#include "data/table_outline.h"
#include "data/text_codes.h"

namespace chainrule {
namespace {

constexpr std::size_t most_columns = 1000;
constexpr unsigned most_threads = 8;

// What a stretch holds, once read.
struct Pieces {
    std::size_t index = 0;
    std::size_t rows = 0;
    std::size_t lines = 0;
    std::vector<std::pair<std::size_t, std::size_t>> runs;  // line and count of rows without a gap
    std::vector<ColumnPiece> columns;
};

// The first record, which may be a header.
struct FirstRecord {
    std::uint64_t row = 0;
    char delimiter = 0;
    std::vector<std::string> cells;
};

// Takes the lines up to the first record off the first stretch. None where it is not plain.
std::optional<FirstRecord> take_first_record(Stretch& stretch, const TableFormat& format) {
    std::string_view text = stretch.text();
    text.remove_prefix(text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
    FirstRecord first{.delimiter = format.delimiter, .cells = {}};
    std::string_view line;
    std::string record;
    while (trim_blanks(line, first.delimiter).empty()) {
        if (text.empty()) {
            return std::nullopt;
        }
        line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() + 1);
        record = std::string(line) + "\n";  // with its CR, if it has one
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        ++first.row;
    }
    first.delimiter = first.delimiter == 0 ? sniff_delimiter(line) : first.delimiter;
    bool quoted = false;
    std::size_t columns = 1;
    for (const char c : line) {
        quoted = quoted != (c == '"');
        columns += !quoted && c == first.delimiter ? 1 : 0;
    }
    const std::size_t size = record.size();
    record.resize(size + PlainCells::padding);
    PlainCells cells;
    if (columns > most_columns || !cells.find(record.data(), size, first.delimiter, columns) ||
        cells.rows() != 1) {
        return std::nullopt;
    }
    std::size_t quotes = 0;
    for (std::size_t i = 0; i < columns; ++i) {
        first.cells.emplace_back(cells.cell(0, i, quotes));
    }
    const std::size_t taken = stretch.size - text.size();
    std::memmove(stretch.bytes.data(), stretch.bytes.data() + taken, text.size());
    stretch.size = text.size();
    return quotes == cells.quotes() ? std::optional(std::move(first)) : std::nullopt;
}

// Reads stretches. Each thread has one of its own.
class Worker {
public:
    explicit Worker(const FirstRecord& first) : first_(first) {}

    // None where the stretch is not plain.
    std::optional<Pieces> read(const Stretch& stretch) {
        if (!cells_.find(stretch.bytes.data(), stretch.size, first_.delimiter,
                         first_.cells.size())) {
            return std::nullopt;
        }
        Pieces pieces{.index = stretch.index,
                      .rows = cells_.rows(),
                      .lines = cells_.lines(),
                      .runs = {},
                      .columns = {}};
        for (std::size_t row = 0; row < cells_.rows(); ++row) {
            if (row == 0 || cells_.line(row) != cells_.line(row - 1) + 1) {
                pieces.runs.emplace_back(cells_.line(row), 0);
            }
            ++pieces.runs.back().second;
        }
        std::size_t quotes = 0;
        for (std::size_t column = 0; column < first_.cells.size(); ++column) {
            auto piece = read_piece(cells_, column, first_.cells[column], scratch_);
            if (!piece) {
                return std::nullopt;
            }
            quotes += piece->quotes;
            pieces.columns.push_back(std::move(*piece));
        }
        return quotes == cells_.quotes() ? std::optional(std::move(pieces)) : std::nullopt;
    }

private:
    const FirstRecord& first_;
    PlainCells cells_;
    std::vector<double> scratch_;
};

// Calls `work` on several threads at once, if asked to, otherwise once; what one throws is thrown on.
template <typename Work>
void run_in_threads(bool several, const Work& work) {
    std::mutex mutex;
    std::exception_ptr error;
    const auto guarded = [&] {
        try {
            work();
        } catch (...) {
            const std::lock_guard lock(mutex);
            error = std::current_exception();
        }
    };
    std::vector<std::thread> others;
    const unsigned count =
        several ? std::min(std::thread::hardware_concurrency(), most_threads) : 1;
    for (unsigned i = 1; i < count; ++i) {
        others.emplace_back(guarded);
    }
    guarded();
    for (std::thread& other : others) {
        other.join();
    }
    if (error) {
        std::rethrow_exception(error);
    }
}

// All stretches of a file, `stretch` being the first, in order; none where one is not plain.
std::optional<std::vector<Pieces>> read_stretches(StretchReader& reader, const FirstRecord& first,
                                                  Stretch stretch) {
    Worker worker(first);
    auto pieces = worker.read(stretch);
    std::vector<Pieces> all;
    std::mutex mutex;
    std::atomic<bool> is_plain = pieces.has_value();
    if (is_plain) {
        all.push_back(std::move(*pieces));
        // The second stretch tells whether there is work for others.
        const bool several = reader.next(stretch);
        std::atomic<bool> is_taken = !several;
        run_in_threads(several, [&] {
            Worker own(first);
            Stretch mine;
            bool more =
                is_taken.exchange(true) ? reader.next(mine) : (mine = std::move(stretch), true);
            for (; more && is_plain; more = reader.next(mine)) {
                auto read = own.read(mine);
                const std::lock_guard lock(mutex);
                if (read) {
                    all.push_back(std::move(*read));
                } else {
                    is_plain = false;
                }
            }
        });
    }
    if (!is_plain || !reader.is_plain()) {
        return std::nullopt;
    }
    std::ranges::sort(all, {}, &Pieces::index);
    return all;
}

// --- putting together -----------------------------------------------------------------------

void add_counts(ColumnSurvey& total, const ColumnSurvey& piece, std::uint64_t first_row) {
    total.numbers += piece.numbers;
    total.missing += piece.missing;
    total.malformed += piece.malformed;
    total.texts += piece.texts;
    total.range.include(piece.range);
    total.first_recurs = total.first_recurs || piece.first_recurs;
    for (const BadCell& cell : piece.bad_cells) {
        if (total.bad_cells.size() < bad_cells_kept) {
            total.bad_cells.push_back({first_row + cell.row, cell.text});
        }
    }
}

Survey survey_of(const FirstRecord& first, const std::vector<Pieces>& stretches,
                 const std::string& source, std::optional<bool> has_header) {
    Survey survey;
    for (const std::string& cell : first.cells) {
        ColumnSurvey column;
        column.first = cell;
        column.first_kind = parse_cell(cell).kind;
        survey.columns.push_back(std::move(column));
    }
    std::uint64_t row = first.row + 1;
    for (const Pieces& pieces : stretches) {
        survey.rows += pieces.rows;
        for (std::size_t i = 0; i < survey.columns.size(); ++i) {
            add_counts(survey.columns[i], pieces.columns[i].survey, row);
        }
        row += pieces.lines;
    }
    finish_survey(survey, first.row, source, has_header);
    return survey;
}

void fill_numbers(Column& column, std::size_t index, const FirstRecord& first, bool has_header,
                  std::vector<Pieces>& stretches) {
    if (!has_header) {
        column.numbers.add(parse_cell(first.cells[index]).number);
    }
    for (Pieces& pieces : stretches) {
        column.numbers.append(pieces.columns[index].numbers);
        pieces.columns[index].numbers = {};
    }
}

// Adds the piece's cells to the column; false where it holds numbers, whose texts are no longer there.
bool append_texts(Column& column, TextCodes& codes, ColumnPiece& piece, std::size_t rows) {
    if (piece.holds_numbers()) {
        column.codes.resize(column.codes.size() + rows, Column::missing_code);
        return piece.survey.numbers == 0;
    }
    std::vector<std::uint16_t> code_of;
    for (const std::string& text : piece.texts) {
        const auto code = text.empty() ? Column::missing_code : codes.code(text);
        if (!code) {
            column.too_many_values = true;
            return true;
        }
        code_of.push_back(*code);
    }
    for (const std::uint16_t code : piece.codes) {
        column.codes.push_back(code == Column::missing_code ? code : code_of[code]);
    }
    piece.codes = {};
    return true;
}

bool fill_texts(Column& column, std::size_t index, const FirstRecord& first, bool has_header,
                std::vector<Pieces>& stretches) {
    TextCodes codes;
    if (!has_header) {
        const bool is_missing = parse_cell(first.cells[index]).kind == CellKind::missing;
        column.codes.push_back(is_missing ? Column::missing_code : *codes.code(first.cells[index]));
    }
    for (Pieces& pieces : stretches) {
        if (!column.too_many_values &&
            !append_texts(column, codes, pieces.columns[index], pieces.rows)) {
            return false;
        }
    }
    if (column.too_many_values) {
        column.codes = {};
    } else {
        column.values = codes.texts();
    }
    return true;
}

// False where a column cannot be put together.
bool fill_columns(Table& table, const FirstRecord& first, std::vector<Pieces>& stretches) {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> done = true;
    run_in_threads(stretches.size() > 1, [&] {
        for (std::size_t i = next++; i < table.columns.size(); i = next++) {
            Column& column = table.columns[i];
            if (column.kind == ColumnKind::number) {
                fill_numbers(column, i, first, table.has_header, stretches);
            } else if (!fill_texts(column, i, first, table.has_header, stretches)) {
                done = false;
            }
        }
    });
    return done;
}

void fill_lines(RowLines& lines, const FirstRecord& first, bool has_header,
                const std::vector<Pieces>& stretches) {
    if (!has_header) {
        lines.add(first.row);
    }
    std::uint64_t row = first.row + 1;
    for (const Pieces& pieces : stretches) {
        for (const auto& [line, count] : pieces.runs) {
            lines.add(row + line, count);
        }
        row += pieces.lines;
    }
}

}  // namespace

std::optional<Table> read_plain_table(DataSource& source, const TableFormat& format,
                                      std::size_t stretch_size) {
    StretchReader reader(source, stretch_size);
    Stretch stretch;
    if (!reader.next(stretch)) {
        return std::nullopt;
    }
    const auto first = take_first_record(stretch, format);
    if (!first) {
        return std::nullopt;
    }
    auto stretches = read_stretches(reader, *first, std::move(stretch));
    if (!stretches) {
        return std::nullopt;
    }
    const Survey survey = survey_of(*first, *stretches, source.name(), format.has_header);
    Table table = outline_table(survey, source.name(), first->delimiter);
    if (!fill_columns(table, *first, *stretches)) {
        return std::nullopt;
    }
    fill_lines(table.lines, *first, table.has_header, *stretches);
    return table;
}

}  // namespace chainrule
