// The `train` statement: `train optimizer = adam(rate = 1e-3), epochs = 20, batch = 64`.
#pragma once

#include "elaborate/session.h"

namespace chainrule {

// Adds the settings to the network's recipe; unknown keys and words, and numbers out of range, are
// errors. What trains them decides which optimizers it can do.
void read_recipe(Session& session, const Environment& where, const ast::Train& train);

}  // namespace chainrule
