// A file of arrays, its format seen from its first bytes (gzip is unpacked first): IDX and NPY with
// one array, NPZ with several, each with a name (a ZIP archive of NPY files, as numpy.savez writes
// it).
//
//     DataSource source("train-images-idx3-ubyte.gz");
//     if (holds_arrays(source)) ArrayFile file = read_array_file(source);
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/data_source.h"
#include "data/number_array.h"

namespace chainrule {

struct NamedArray {
    std::string name;  // empty where the format gives none
    NumberArray array;
};

struct ArrayFile {
    std::string source;  // what messages call the file
    std::vector<NamedArray> arrays;
};

// Examples in one file, their labels in another.
struct ArrayFiles {
    ArrayFile data;
    std::optional<ArrayFile> labels = std::nullopt;
};

// Whether the file begins as one of these formats does, rather than as text.
bool holds_arrays(DataSource& source);

// UserError for what begins as none of the formats, and all that read_idx, read_npy and
// read_zip_member refuse.
ArrayFile read_array_file(DataSource& source);

// Whether it is an archive, which has several arrays.
bool is_archive(DataSource& source);
// Of a file with one array: all that stands before the elements.
ArrayHeader read_array_header(DataSource& source);

}  // namespace chainrule
