// Names for the shared parts of equations too long to read: a function of a function of a function,
// each using its argument twice, is short in the graph and endless on paper.
//
//     before: z = f(f(f(x)))        with f(u) = u * u + u: written out it doubles with each f
//     after:  t1 = x * x + x
//             t2 = t1 * t1 + t1
//             z = t2 * t2 + t2
#pragma once

#include "elaborate/network.h"

namespace chainrule {

// The network itself if its equations are short enough; otherwise one in which the parts that long
// equations use more than once are equations called t1, t2, ... The loss keeps its name; its parts
// (Network::loss, Network::penalties) are not kept apart.
Network name_parts(const Network& network);

}  // namespace chainrule
