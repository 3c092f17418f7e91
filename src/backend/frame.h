// What compiled kernels are called with; the code generator knows this layout.
#pragma once

#include <cstdint>

namespace chainrule {

struct Frame {
    void* const* buffers = nullptr;       // the address of each buffer of the plan but scratch
    const std::int64_t* order = nullptr;  // the data row of each example of the batch
    std::int64_t batch = 0;               // the examples of this run
};

// The rows first .. last - 1 of a job, which are tile number `tile`.
using KernelCode = void(const Frame* frame, std::int64_t first, std::int64_t last,
                        std::int64_t tile, void* scratch);

}  // namespace chainrule
