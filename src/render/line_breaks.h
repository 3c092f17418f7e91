// Where a long formula is broken into lines: after operators in text (so that it stays legal input:
// a line that ends on an operator goes on), before them in LaTeX (as mathematicians do). Never
// inside a name or a number, and rather between the terms of a sum than inside brackets.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chainrule {

// A part of a formula that stays whole. Between it and the next one a line may end.
struct FormulaPiece {
    std::string text;
    double width = 0;    // in columns; of LaTeX in ems
    double penalty = 0;  // of ending a line after this piece, in units of width left empty
};

// The formula in pieces whose texts, one after the other, are the formula.
std::vector<FormulaPiece> text_pieces(std::string_view formula);
std::vector<FormulaPiece> latex_pieces(std::string_view formula);

// The pieces joined to lines of at most `width` each, the first of at most `first_width`; a piece
// that is too wide has a line of its own.
std::vector<std::string> join_lines(std::span<const FormulaPiece> pieces, double first_width,
                                    double width);

// `a + b` -> lines of at most `width` columns.
std::vector<std::string> wrap_text(std::string_view formula, int width);

// Columns of a UTF-8 text, and ems of a LaTeX formula at text size (an estimate).
int columns_of(std::string_view text);
double latex_width(std::string_view formula);

}  // namespace chainrule
