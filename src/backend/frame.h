// What compiled kernels are called with; the code generator knows this layout.
#pragma once

#include <cstdint>

namespace chainrule {

// An index that is no place on the axis of a pick.
struct StrayIndex {
    std::int64_t row = 0;     // of the job
    std::int64_t node = 0;    // of the plan's graph
    std::int64_t extent = 0;  // of the axis
    double index = 0;
};

struct Frame {
    void* const* buffers = nullptr;       // the address of each buffer of the plan but scratch
    const std::int64_t* order = nullptr;  // the data row of each example of the batch
    std::int64_t batch = 0;               // the examples of this run
    // A kernel that finds one tells it, with `self`, and returns.
    void (*report)(void* self, std::int64_t row, std::int64_t node, std::int64_t extent,
                   double index) = nullptr;
    void* self = nullptr;
};

// The rows first .. last - 1 of a job, which are tile number `tile`.
using KernelCode = void(const Frame* frame, std::int64_t first, std::int64_t last,
                        std::int64_t tile, void* scratch);

}  // namespace chainrule
