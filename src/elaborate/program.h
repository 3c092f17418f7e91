// The statements of a network, gathered: the file's, those of its imports in their place, and the
// defines behind them.
#pragma once

#include <string>
#include <vector>

#include "elaborate/network.h"
#include "elaborate/scope.h"
#include "lang/diagnostic.h"

namespace chainrule {

struct Unit {
    const ast::Tree* tree = nullptr;
    const ast::Statement* statement = nullptr;
    bool define = false;  // given on the command line
};

struct Program {
    std::vector<Unit> units;
    // Something did not parse, so that names may be missing which the text defines.
    bool incomplete = false;
};

// The text of `path` ("-" is standard input) as a source; 0 after an error, which is reported at
// `span`.
std::uint32_t read_source(const std::string& path, Span span, SourceMap& sources,
                          Diagnostics& diagnostics);

// Parses source `file` and what it imports, then the defines. Trees go to `scope`.
Program read_program(std::uint32_t file, const ElaborateOptions& options, Scope& scope,
                     SourceMap& sources, Diagnostics& diagnostics);

}  // namespace chainrule
