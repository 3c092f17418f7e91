#include "data/array_parts.h"

#include <algorithm>
#include <utility>

#include "data/bind_arrays.h"
#include "lang/diagnostic.h"

namespace chainrule {
namespace {

// Of a file of labels a part would otherwise be millions.
constexpr std::size_t most_part_rows = 16384;

bool is_column_major(const std::vector<ArrayHeader>& headers) {
    return std::ranges::any_of(headers, &ArrayHeader::column_major);
}

ArrayReader open_array(DataSource& source) {
    if (is_archive(source)) {
        throw UserError(source.name() +
                        " is an archive of arrays, of which the last may be needed first: save "
                        "each as a file of its own (numpy.save), or leave out --stream");
    }
    const ArrayHeader header = read_array_header(source);
    return {source.stream(), header};
}

}  // namespace

ArrayParts::File::File(std::unique_ptr<DataSource> opened)
    : source(std::move(opened)), reader(open_array(*source)) {}

ArrayParts::ArrayParts(std::unique_ptr<DataSource> data, std::unique_ptr<DataSource> labels,
                       std::size_t bytes)
    : data_(std::move(data)) {
    if (labels) {
        labels_.emplace(std::move(labels));
        check_counts(data_.source->name(), data_.reader.rows(), labels_->source->name(),
                     labels_->reader.rows(), "label");
    }
    const std::size_t row_bytes = data_.reader.item_size() * data_.reader.header().element.bytes;
    part_rows_ = is_column_major(headers())
                     ? rows()
                     : std::clamp<std::size_t>(bytes / row_bytes, 1, most_part_rows);
}

std::vector<ArrayHeader> ArrayParts::headers() const {
    std::vector<ArrayHeader> headers{data_.reader.header()};
    if (labels_) {
        headers.push_back(labels_->reader.header());
    }
    return headers;
}

ArrayFile ArrayParts::read(File& file, std::size_t rows) {
    return {file.source->name(), {{"", file.reader.read(rows)}}};
}

bool ArrayParts::next(ArrayFiles& part) {
    if (rows_read_ == rows()) {
        return false;
    }
    part.data = read(data_, part_rows_);
    part.labels.reset();
    if (labels_) {
        part.labels = read(*labels_, part_rows_);
    }
    rows_read_ += part.data.arrays[0].array.rows();
    return true;
}

}  // namespace chainrule
