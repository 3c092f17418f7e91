// Files of tensors that are written by hand, right and wrong.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "data/safetensors.h"
#include "test_files.h"

namespace chainrule {

inline std::string length_of(std::uint64_t length) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) {
        bytes += static_cast<char>(length >> (8 * i) & 0xFF);
    }
    return bytes;
}

// A file with that header and `data` bytes of zeros behind it.
inline std::string file_of(std::string_view header, std::size_t data) {
    return length_of(header.size()) + std::string(header) + std::string(data, '\0');
}

inline TensorFile parse_tensors(std::string_view bytes) {
    const TempFolder folder;
    return read_safetensors(folder.write("m.safetensors", bytes));
}

// What is wrong with the file, without the words that each refusal begins with.
inline std::string tensors_refusal(std::string_view bytes) {
    const TempFolder folder;
    const std::string path = folder.write("m.safetensors", bytes);
    std::string message = refusal([&] { read_safetensors(path); });
    const std::string opening = path + " is not a valid safetensors file: ";
    EXPECT_TRUE(message.starts_with(opening)) << message;
    return message.starts_with(opening) ? message.substr(opening.size()) : message;
}

}  // namespace chainrule
