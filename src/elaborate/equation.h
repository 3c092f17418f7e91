// `name = expression`: a named node.
#pragma once

#include <optional>

#include "elaborate/session.h"

namespace chainrule {

// The equation's node, under the environment's prefix; it joins the network's equations. Nothing
// after an error, which is reported.
std::optional<NodeId> run_equation(Session& session, const Environment& where,
                                   const ast::Equation& equation);

}  // namespace chainrule
