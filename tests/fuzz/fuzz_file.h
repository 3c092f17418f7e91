// A fuzzer's bytes as a file that readers can open by its name, in memory.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace chainrule {

class FuzzFile {
public:
    FuzzFile(const std::uint8_t* data, std::size_t size) : descriptor_(::memfd_create("f", 0)) {
        if (descriptor_ < 0 || ::write(descriptor_, data, size) != static_cast<ssize_t>(size)) {
            std::abort();
        }
    }
    ~FuzzFile() { ::close(descriptor_); }
    FuzzFile(const FuzzFile&) = delete;
    FuzzFile& operator=(const FuzzFile&) = delete;

    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

inline void require(bool claim) {
    if (!claim) std::abort();
}

}  // namespace chainrule
