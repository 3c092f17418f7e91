// What there is to say of data that comes in parts, once for all of them: notes that every part
// would repeat, and warnings that count cells.
//
//     PartDiagnostics said;
//     said.add(part);                                // of each part, in their order
//     diagnostics.add(said.finish("train.csv"));
#pragma once

#include <set>
#include <string>
#include <vector>

#include "data/cell_tally.h"
#include "data/dataset.h"
#include "lang/diagnostic.h"

namespace chainrule {

class PartDiagnostics {
public:
    void add(const Dataset& part) {
        tally_.add(part.tally);
        for (const Diagnostic& diagnostic : part.diagnostics) {
            if (said_.insert(diagnostic.message).second) {
                notes_.push_back(diagnostic);
            }
        }
    }

    // UserError for missing cells where these are to be refused.
    std::vector<Diagnostic> finish(const std::string& source,
                                   MissingCells policy = MissingCells::impute) const {
        if (policy == MissingCells::refuse) {
            tally_.refuse_missing(source);
        }
        std::vector<Diagnostic> all = notes_;
        for (Diagnostic& warning : tally_.warnings(source)) {
            all.push_back(std::move(warning));
        }
        return all;
    }

private:
    CellTally tally_;
    std::set<std::string> said_;
    std::vector<Diagnostic> notes_;
};

}  // namespace chainrule
