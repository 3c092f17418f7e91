// Fan-in and fan-out of weights, from the axes that their first use contracts.
#pragma once

#include "elaborate/network.h"

namespace chainrule {

// In W @ x a weight W[m, n] has fan-in n and fan-out m; in x @ W it is the other way round. A
// transpose on the way is seen through. A weight that no product contracts has, as a matrix, the
// fans of W @ x, and 1 as a number or vector: each of its elements meets one value.
void find_fans(Network& network);

}  // namespace chainrule
