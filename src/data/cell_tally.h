// Cells of a table's inputs that are read as something else than they say, counted over one part of
// the table or several, for one warning each at the end.
//
//     CellTally tally;
//     tally.add(part.tally);                       // of each part, in their order
//     for (Diagnostic& warning : tally.warnings("train.csv")) ...
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "lang/diagnostic.h"

namespace chainrule {

struct CellTally {
    struct Missing {
        std::size_t cells = 0;
        bool is_category = false;
    };
    // Of a category that no training row has.
    struct Unknown {
        std::size_t cells = 0;
        std::string column;  // `column 2 (colour)`
        std::string first;   // `"red", in row 7`
    };
    std::map<std::size_t, Missing> missing;  // by the column's place in the table
    std::string first_missing;               // `row 7, column 2 (width)`
    std::map<std::size_t, Unknown> unknown;

    std::size_t missing_cells() const;
    void add(const CellTally& later);
    std::vector<Diagnostic> warnings(const std::string& source) const;
    // UserError where cells are missing: `how_many` says of what the tally is, "in all" or "so
    // far".
    void refuse_missing(const std::string& source, const char* how_many = "in all") const;
};

}  // namespace chainrule
