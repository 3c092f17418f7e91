// The identities that make a derivation read like a textbook's, for `explain`. They are not for the
// compiler: some hold only for finite or nonzero values.
#pragma once

#include <span>

#include "passes/rewrite.h"

namespace chainrule {

std::span<const Rewrite> readable_rules();

}  // namespace chainrule
