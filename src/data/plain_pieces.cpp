#include "data/plain_pieces.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>
#include <mutex>
#include <string_view>
#include <thread>

#include "data/csv.h"
#include "data/csv_text.h"
#include "data/plain_cells.h"

namespace chainrule {
namespace {

constexpr std::size_t most_columns = 1000;
constexpr unsigned most_threads = 8;

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

}  // namespace

void run_in_threads(bool several, const std::function<void()>& work) {
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

std::optional<PlainReader> PlainReader::open(StretchReader& reader, const TableFormat& format) {
    Stretch stretch;
    if (!reader.next(stretch)) {
        return std::nullopt;
    }
    auto first = take_first_record(stretch, format);
    return first ? std::optional(PlainReader(reader, std::move(*first), std::move(stretch)))
                 : std::nullopt;
}

bool PlainReader::take(Stretch& stretch) {
    const std::lock_guard lock(*mutex_);
    if (!rest_) {
        return reader_->next(stretch);
    }
    stretch = std::move(*rest_);
    rest_.reset();
    return true;
}

std::optional<std::vector<Pieces>> PlainReader::next(std::size_t most) {
    std::vector<Pieces> found;
    std::mutex mutex;
    std::atomic<std::size_t> taken = 0;
    std::atomic<bool> is_plain = true;
    const auto read_up_to = [&](std::size_t count) {
        Worker worker(first_);
        Stretch stretch;
        while (is_plain && taken++ < count && take(stretch)) {
            auto pieces = worker.read(stretch);
            const std::lock_guard lock(mutex);
            if (pieces) {
                found.push_back(std::move(*pieces));
            } else {
                is_plain = false;
            }
        }
    };
    read_up_to(1);
    // The second stretch tells whether there is work for others.
    Stretch second;
    if (is_plain && most > 1 && take(second)) {
        rest_ = std::move(second);
        taken = 1;
        run_in_threads(true, [&] { read_up_to(most); });
    }
    if (!is_plain || !reader_->is_plain()) {
        return std::nullopt;
    }
    std::ranges::sort(found, {}, &Pieces::index);
    return found;
}

}  // namespace chainrule
