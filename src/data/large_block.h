// Large blocks of memory in large pages, where the system has them to give: the first touch of each
// page costs more than filling it with numbers does.
//
//     numbers.reserve(rows);
//     prefer_large_pages(numbers.data(), numbers.capacity() * sizeof numbers[0]);
#pragma once

#include <cstddef>

namespace chainrule {

// Advice, which may have no effect; of a block below 2 MiB it has none.
void prefer_large_pages(void* block, std::size_t bytes);

}  // namespace chainrule
