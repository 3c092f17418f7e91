// What a column of a table becomes inside the inputs of a network.
//
// - A column of numbers is one element.
// - A column of text is a category: one element per different value, 1 where the cell holds that
// value
//   and 0 elsewhere (one-hot). Values are learnt from the training rows alone, in sorted order; a
//   value that only other rows hold has an element too, so that the width depends on the file and
//   not on the split, but it is always 0. A category that training has not seen is 0 everywhere.
// - Text with one value, or with more than most_categories (names, identifiers), is ignored.
//
//     ColumnEncoding colour = encoding_of(table.columns[0]);       // width 3
//     learn_categories(colour, table.columns[0], training_rows);   // {"blue", "red"}
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/table.h"

namespace chainrule {

constexpr std::size_t most_categories = 1000;

struct ColumnEncoding {
    enum class Kind : std::uint8_t { number, category, ignored };
    std::string name;  // of the column
    Kind kind = Kind::number;
    std::size_t width = 1;                // how many elements of the inputs
    std::vector<std::string> categories;  // of the first elements; at most `width`

    // The names of the elements: `colour`, or `colour = red`.
    std::vector<std::string> element_names() const;
};

// Kind and width, without categories.
ColumnEncoding encoding_of(const Column& column);

// Every row of the table where `rows` is empty.
void learn_categories(ColumnEncoding& encoding, const Column& column,
                      std::span<const std::size_t> rows);

}  // namespace chainrule
