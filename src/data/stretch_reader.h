// A source cut into stretches of whole records, for whichever thread asks next; records are taken
// to end with every line, as in plain text (data/plain_cells.h) they do.
//
//     StretchReader reader(source, 1 << 19);
//     Stretch stretch;
//     while (reader.next(stretch)) use(stretch.text());
#pragma once

#include <cstring>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "data/csv.h"
#include "data/data_source.h"
#include "data/plain_cells.h"

namespace chainrule {

// Whole records, between the paddings that PlainCells needs.
struct Stretch {
    std::size_t index = 0;
    std::string bytes;
    std::size_t size = 0;

    char* data() { return bytes.data() + PlainCells::padding; }
    std::string_view text() const {
        return std::string_view(bytes).substr(PlainCells::padding, size);
    }
    void make_room(std::size_t more) {
        const std::size_t wanted = size + more + 2 * PlainCells::padding;
        if (bytes.size() < wanted) {
            bytes.resize(wanted);
        }
    }
    void append(std::string_view text) {
        make_room(text.size());
        std::memcpy(data() + size, text.data(), text.size());
        size += text.size();
    }
    void remove_prefix(std::size_t count) {
        size -= count;
        std::memmove(data(), data() + count, size);
    }
};

// Cuts a source into stretches, for whichever thread asks next.
class StretchReader {
public:
    StretchReader(DataSource& source, std::size_t stretch_size)
        : source_(source), stretch_size_(stretch_size) {}

    // False at the end, and where a record is too long for plain text.
    bool next(Stretch& stretch) {
        const std::lock_guard lock(mutex_);
        stretch.size = 0;
        stretch.append(rest_);
        rest_.clear();
        while (!at_end_) {
            read_on(stretch);
            const std::size_t last = stretch.text().rfind('\n');
            if (last != std::string_view::npos && !at_end_) {
                rest_ = stretch.text().substr(last + 1);
                stretch.size = last + 1;
                break;
            }
            if (stretch.size > CsvReader::longest_record + stretch_size_) {
                is_plain_ = false;
                return false;
            }
        }
        if (stretch.size > 0 && !stretch.text().ends_with('\n')) {
            stretch.append("\n");
        }
        stretch.index = next_index_++;
        return stretch.size > 0;
    }

    bool is_plain() const { return is_plain_; }

private:
    void read_on(Stretch& stretch) {
        stretch.make_room(stretch_size_);
        const std::size_t got = source_.read({stretch.data() + stretch.size, stretch_size_});
        stretch.size += got;
        at_end_ = got < stretch_size_;
    }

    std::mutex mutex_;
    DataSource& source_;
    std::size_t stretch_size_;
    std::string rest_;  // of the last stretch: the beginning of a record
    std::size_t next_index_ = 0;
    bool at_end_ = false;
    bool is_plain_ = true;
};

}  // namespace chainrule
