// A column of numbers in the narrowest type that holds each of them exactly.
//
// A table of small integers (pixels, counts, labels) takes one or two bytes per cell where doubles
// would take eight, four times the file that they came from. Missing numbers are NaN.
//
//     NumberRange range;  range.include(3);  range.include(250);
//     NumberColumn column(range, 2);  column.add(3);  column.add(250);   // two bytes each
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace chainrule {

// What must be known of all the numbers of a column before the first is stored.
struct NumberRange {
    double least = std::numeric_limits<double>::infinity();
    double greatest = -std::numeric_limits<double>::infinity();
    bool integers = true;  // and no -0, whose sign an integer would lose
    bool floats = true;    // each is exactly a float

    void include(double number);
    // Whether these are integers, unless they are known to be, and floats too, where the range is
    // known to reach over them; NaN, a missing number, changes nothing.
    void look_at_kinds(std::span<const double> numbers, bool are_integers);
    void include(const NumberRange& other);
    // Whether all that lies in `other` lies in this one.
    bool covers(const NumberRange& other) const;
};

class NumberColumn {
public:
    NumberColumn() = default;
    NumberColumn(const NumberRange& range, std::size_t size);

    // `number` lies in the range or is NaN.
    void add(double number);

    // Numbers that lie in the range, or are NaN; where they need a wider type, those before them
    // take it too.
    void append(const NumberRange& range, std::span<const double> numbers);

    // Drops all rows but these, which ascend.
    void keep_rows(std::span<const std::size_t> rows);

    // Room for so many, as far as they have the present type.
    void reserve(std::size_t size);

    double operator[](std::size_t row) const;
    // The least and the greatest number; NaN where all are missing.
    std::pair<double, double> extremes() const;
    std::size_t size() const;
    std::size_t bytes_per_number() const;

private:
    void widen(NumberColumn wider);

    // From the narrowest to the widest: a type holds all that those before it do.
    std::variant<std::vector<std::int8_t>, std::vector<std::int16_t>, std::vector<float>,
                 std::vector<double>>
        numbers_;
};

}  // namespace chainrule
