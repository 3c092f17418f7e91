// Networks of tests, as texts of the language.
#pragma once

#include <map>
#include <string>

#include "elaborate/network.h"

namespace chainrule::tests {

// Throws std::runtime_error with the diagnostics of a text that has errors. A loss is not needed.
Elaborated elaborated(const std::string& text);

// One expression in the network's scope, as nodes of `graph`, a copy of the network's. Names in
// `extra` come first.
Expr expression(const Elaborated& network, Graph& graph, const std::string& text,
                const std::map<std::string, NodeId>& extra = {});

}  // namespace chainrule::tests
