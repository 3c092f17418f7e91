#include "data/large_block.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace chainrule {

void prefer_large_pages([[maybe_unused]] void* block, [[maybe_unused]] std::size_t bytes) {
#ifdef MADV_HUGEPAGE
    constexpr std::size_t least = std::size_t{2} << 20;
    if (bytes < least) {
        return;
    }
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    const std::size_t before =
        (page - address % page) % page;  // the page may not be all the block's
    ::madvise(static_cast<char*>(block) + before, bytes - before, MADV_HUGEPAGE);
#endif
}

}  // namespace chainrule
