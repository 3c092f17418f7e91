// A plain file (data/plain_cells.h) read in stretches of whole records, which several threads take
// in turn: what each stretch holds, as one piece per column.
//
//     StretchReader reader(source, stretch_size);
//     auto plain = PlainReader::open(reader, format);            // takes the first record
//     plain->read(PlainReader::all, [](Pieces& pieces) { ... });  // one after the other, in order
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/column_piece.h"
#include "data/stretch_reader.h"
#include "data/table.h"

namespace chainrule {

constexpr std::size_t usual_stretch_size = std::size_t{256} << 10;

// What a stretch holds, once read.
struct Pieces {
    std::size_t index = 0;
    std::size_t bytes = 0;
    std::size_t rows = 0;
    std::size_t lines = 0;
    std::vector<PlainCells::Run> runs;
    std::vector<ColumnPiece> columns;
};

// The first record, which may be a header.
struct FirstRecord {
    std::uint64_t row = 0;
    char delimiter = 0;
    std::vector<std::string> cells;
};

class PlainReader {
public:
    static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

    // None where the file is empty, its first record is not plain or has more than a thousand
    // cells.
    static std::optional<PlainReader> open(StretchReader& reader, const TableFormat& format);

    const FirstRecord& first() const { return first_; }

    // Reads the next `most` stretches, fewer at the end, and calls `use` for each in their order,
    // never for two at once but on any thread, while others are still read. False where one of them
    // is not plain; `use` may have seen some by then.
    bool read(std::size_t most, const std::function<void(Pieces&)>& use);

private:
    PlainReader(StretchReader& reader, FirstRecord first, Stretch rest)
        : reader_(&reader), first_(std::move(first)), rest_(std::move(rest)) {}

    bool take(Stretch& stretch);

    StretchReader* reader_;
    FirstRecord first_;
    std::optional<Stretch> rest_;  // to be taken before the reader's next
    std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();  // of the two above
    std::size_t next_index_ = 0;  // of the stretch that is used next
};

// Calls `work` on several threads at once, if asked to, otherwise once; what one throws is thrown
// on.
void run_in_threads(bool several, const std::function<void()>& work);

}  // namespace chainrule
