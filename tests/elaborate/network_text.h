// Networks from texts, for tests, and what is in them as text.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "elaborate/network.h"

namespace chainrule::tests {

struct Text {
    std::string text;
    std::vector<std::string> defines = {};
    bool needs_loss = true;
    Examples examples = Examples::one;
    std::string file = "net.nn";
};

// The network of a text that must be sound.
Elaborated network_of(const Text& text);

// All diagnostics of a text as format_diagnostic writes them.
std::string diagnostics_of(const Text& text);
std::string diagnostics_of_file(const std::string& path);

// The equation or objective of that name as the user wrote it (`a1 = g1(z1)`: "g1(z1)"), and with
// their functions put in.
std::string written(const Elaborated& elaborated, const std::string& name);
std::string inlined(const Elaborated& elaborated, const std::string& name);
std::string type_of(const Elaborated& elaborated, const std::string& name);

// An expression in the network's scope, as a formula and as a number; the diagnostics if it is
// none.
std::string formula_in(const Elaborated& elaborated, const std::string& expression,
                       const std::map<std::string, std::string>& extra = {});
double value_in(const Elaborated& elaborated, const std::string& expression,
                const std::map<std::string, double>& values);

// "w, h.W"
std::string names(const Elaborated& elaborated, const std::vector<NodeId>& nodes);
std::string weight_names(const Elaborated& elaborated);

}  // namespace chainrule::tests
