// The body of a layer, for one use of it.
#pragma once

#include <optional>

#include "elaborate/session.h"

namespace chainrule {

// Runs the body's declarations and equations, whose names join `locals` (to which `inside` points),
// and gives the layer's value.
std::optional<NodeId> run_layer(Session& session, Environment inside, const ast::Layer& layer,
                                Locals& locals);

}  // namespace chainrule
