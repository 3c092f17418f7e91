// Which results are stored past the caches.
//
// An ordinary store reads the line that it writes to. Of a result that is larger than the caches
// and that nothing in the plan reads again, that is a third of a copy's traffic for nothing
// (McCalpin, the STREAM benchmark, on "write allocate"); a non-temporal store leaves it out. It
// takes whole vectors at aligned places, and is not in order with other stores until a fence: the
// kernel ends with one.
//
//     streamed_buffers(plan)[buffer]
#pragma once

#include <vector>

#include "compile/plan.h"

namespace chainrule {

// By buffer. `vector_bytes` is the size of the stores.
std::vector<bool> streamed_buffers(const Plan& plan, unsigned vector_bytes);

}  // namespace chainrule
