// The arrays of a data set that memory does not hold, part by part: one file of examples and one of
// their labels, IDX or NPY, gzipped or not.
//
//     ArrayParts parts(std::make_unique<DataSource>("images.gz"),
//                      std::make_unique<DataSource>("labels.gz"));
//     for (ArrayFiles part; parts.next(part);) use(part);
//
// Memory: one part, a few megabytes; of an array in Fortran's order, in which no example is whole
// before the end, the part is all of it. Errors: those of read_array_file (data/array_file.h), and
// UserError for an archive, and where the files hold different numbers of examples.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "data/array_file.h"

namespace chainrule {

class ArrayParts {
public:
    static constexpr std::size_t usual_bytes = std::size_t{2} << 20;

    // `labels` may be null. A part takes about so many bytes of the examples' file.
    ArrayParts(std::unique_ptr<DataSource> data, std::unique_ptr<DataSource> labels,
               std::size_t bytes = usual_bytes);

    std::size_t rows() const { return data_.reader.rows(); }
    // Of the one file or of both.
    std::vector<ArrayHeader> headers() const;

    // The next rows; false at the end.
    bool next(ArrayFiles& part);

private:
    struct File {
        explicit File(std::unique_ptr<DataSource> opened);
        std::unique_ptr<DataSource> source;
        ArrayReader reader;
    };
    static ArrayFile read(File& file, std::size_t rows);

    File data_;
    std::optional<File> labels_;
    std::size_t part_rows_;
    std::size_t rows_read_ = 0;
};

}  // namespace chainrule
