// What one cell of a data file says: a number, nothing, text, or a number written in a way that is
// not accepted.
//
// Numbers are decimal, with a point, whatever the locale: `-1`, `+2.5`, `.5`, `1e-3`. Missing are
// the empty cell, `?`, and what pandas takes as missing: `NA`, `N/A`, `n/a`, `nan`, `NaN`, `null`,
// `None` and their kin. Malformed numbers are those that some other program would read: `1,5`,
// `0x10`, `1_000`, `inf`, and `1e999`, which no double holds.
//
//     parse_cell("1e3").number == 1000
#pragma once

#include <string>
#include <string_view>

namespace chainrule {

enum class CellKind { number, missing, malformed, text };

struct Cell {
    CellKind kind = CellKind::missing;
    double number = 0;  // of a number, otherwise NaN
};

Cell parse_cell(std::string_view text);

// Why a cell is no number and what to do: `"1,5" is not a number: write the decimal point as a
// point`.
std::string describe_bad_number(std::string_view text);

// The cell in quotes for a message, cut to 40 bytes, unprintable bytes as `?`.
std::string quote_cell(std::string_view text);

}  // namespace chainrule
