#include "data/plain_pieces.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <string_view>
#include <system_error>
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
    Stretch record;
    while (trim_blanks(line, first.delimiter).empty()) {
        if (text.empty()) {
            return std::nullopt;
        }
        line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() + 1);
        record.size = 0;
        record.append(line);  // with its CR, if it has one
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
    record.append("\n");
    PlainCells cells;
    if (columns > most_columns ||
        !cells.find(record.data(), record.size, first.delimiter, columns) || cells.rows() != 1) {
        return std::nullopt;
    }
    std::size_t quotes = 0;
    for (std::size_t i = 0; i < columns; ++i) {
        first.cells.emplace_back(cells.cell(0, i, quotes));
    }
    stretch.remove_prefix(stretch.size - text.size());
    return quotes == cells.quotes() ? std::optional(std::move(first)) : std::nullopt;
}

// Reads stretches. Each thread has one of its own.
class Worker {
public:
    explicit Worker(const FirstRecord& first) : first_(first) {}

    // None where the stretch is not plain.
    std::optional<Pieces> read(Stretch& stretch) {
        if (!cells_.find(stretch.data(), stretch.size, first_.delimiter, first_.cells.size())) {
            return std::nullopt;
        }
        Pieces pieces{.index = stretch.index,
                      .bytes = stretch.size,
                      .rows = cells_.rows(),
                      .lines = cells_.lines(),
                      .runs = cells_.runs(),
                      .columns = {}};
        std::size_t quotes = 0;
        for (std::size_t column = 0; column < first_.cells.size(); ++column) {
            auto piece = read_piece(cells_, column, first_.cells[column]);
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
};

// Passes on what threads hand over, in order and one at a time.
class InOrder {
public:
    InOrder(std::size_t& next, const std::function<void(Pieces&)>& use) : next_(next), use_(use) {}

    void hand_over(Pieces pieces) {
        std::unique_lock lock(mutex_);
        const std::size_t index = pieces.index;
        waiting_.emplace(index, std::move(pieces));
        if (is_busy_ || index != next_) {
            // Who is busy, or reads what comes next, will see to it; memory shall not fill up
            // meanwhile.
            has_room_.wait(lock, [&] { return is_stopped_ || waiting_.size() < most_waiting; });
            return;
        }
        is_busy_ = true;
        for (auto it = waiting_.find(next_); it != waiting_.end(); it = waiting_.find(next_)) {
            Pieces now = std::move(it->second);
            waiting_.erase(it);
            lock.unlock();
            use_(now);
            lock.lock();
            ++next_;
            has_room_.notify_all();
        }
        is_busy_ = false;
    }

    // Nothing more will be used.
    void stop() {
        const std::lock_guard lock(mutex_);
        is_stopped_ = true;
        has_room_.notify_all();
    }

private:
    static constexpr std::size_t most_waiting = most_threads;

    std::mutex mutex_;
    std::condition_variable has_room_;
    std::map<std::size_t, Pieces> waiting_;
    std::size_t& next_;
    const std::function<void(Pieces&)>& use_;
    bool is_busy_ = false;
    bool is_stopped_ = false;
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
        try {
            others.emplace_back(guarded);
        } catch (const std::system_error&) {
            break;  // the system gives no more: fewer threads read the same
        }
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

bool PlainReader::read(std::size_t most, const std::function<void(Pieces&)>& use) {
    InOrder in_order(next_index_, use);
    std::atomic<std::size_t> taken = 0;
    std::atomic<bool> is_plain = true;
    const auto read_up_to = [&](std::size_t count) {
        Worker worker(first_);
        Stretch stretch;
        while (is_plain && taken++ < count && take(stretch)) {
            auto pieces = worker.read(stretch);
            if (!pieces) {
                is_plain = false;
                in_order.stop();
                return;
            }
            in_order.hand_over(std::move(*pieces));
        }
    };
    const auto stop_where_one_fails = [&] {
        try {
            read_up_to(most);
        } catch (...) {
            is_plain = false;  // the others need not go on
            in_order.stop();
            throw;
        }
    };
    read_up_to(1);
    // The second stretch tells whether there is work for others.
    Stretch second;
    if (is_plain && most > 1 && take(second)) {
        rest_ = std::move(second);
        taken = 1;
        run_in_threads(true, stop_where_one_fails);
    }
    return is_plain && reader_->is_plain();
}

}  // namespace chainrule
