// The worksheet: an explanation in the order in which it is read, as headings, rows and remarks.
//
// Here is decided, once for all formats, what is shown and where: each partial only once, steps
// that say the same only once, numbers beside the symbols. The formats only set it.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "explain/explanation.h"

namespace chainrule {

// A sentence with formulas in it.
using Prose = std::vector<std::variant<std::string, Formula>>;

enum class Relation : std::uint8_t {
    equals,   // z1 = x * w1
    about,    // the same with rounded numbers put in
    becomes,  // w1 <- w1 - alpha * ...
    gives,    // through z2: W2' @ delta2
};

struct WorksheetRow {
    Formula left;  // empty: the row goes on from the one above
    Relation relation = Relation::equals;
    Formula right;
    std::optional<Tensor> value;
    std::string note;  // "sigmoid": the rule; "[3]": the shape; "by substitution"
};

struct WorksheetTable {
    Prose lead;              // "where": stands before the rows
    bool is_detail = false;  // the rows explain the table above: set back
    std::vector<WorksheetRow> rows;
};

struct WorksheetRemark {
    enum class Kind : std::uint8_t { plain, verified };
    Kind kind = Kind::plain;
    Prose text;
};

using WorksheetBlock = std::variant<WorksheetTable, WorksheetRemark>;

struct WorksheetSection {
    Prose title;
    bool is_gradient = false;  // its numbers belong to the way back, not to the way forward
    std::vector<WorksheetBlock> blocks;
};

struct Worksheet {
    std::string title;
    std::vector<WorksheetSection> sections;
};

Worksheet make_worksheet(const Explanation& explanation);

}  // namespace chainrule
