// The derivation of a network, explained: forward pass, loss by substitution, partials at each
// node, gradients, update, with numbers where they are given.
#pragma once

#include <string>
#include <vector>

#include "elaborate/network.h"
#include "explain/chain.h"
#include "explain/explanation.h"
#include "explain/numbers.h"

namespace chainrule {

struct ExplainOptions {
    std::vector<std::string> wrt;  // empty: all weights, in order of declaration
    NamedValues at;
    std::optional<double> rate;
    bool verify = true;
};

// `elaborated` must have a loss and speak of one example. Throws UserError for a wrong option,
// InternalError where a printed formula does not hold.
Explanation explain(const Elaborated& elaborated, const ExplainOptions& options);

}  // namespace chainrule
