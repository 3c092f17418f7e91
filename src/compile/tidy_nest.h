// Puts the axes of a loop nest in their best order: axes of one element go, axes that lie one
// inside the other in every access become one, and the last axis, along which vectors are made, is
// the one with the most steps of one element. Reduced axes stand behind kept ones, but for a kept
// vector axis.
#pragma once

#include "compile/plan.h"

namespace chainrule {

void tidy_nest(LoopNest& nest);

}  // namespace chainrule
