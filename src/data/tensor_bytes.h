// The numbers of a tensor as a safetensors file holds them: little-endian, f32 or f64.
//
//     for_each_chunk(tensor, [&](std::string_view bytes) { out.write(bytes); });
#pragma once

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "data/safetensors.h"
#include "data/words.h"
#include "lang/diagnostic.h"

namespace chainrule {

// UserError for a finite number that no f32 holds.
inline void append_number(std::string& bytes, double number, const NamedTensor& tensor) {
    if (tensor.dtype == TensorDtype::f64) {
        append_word(bytes, std::bit_cast<std::uint64_t>(number));
        return;
    }
    // The least double that rounds to a float's infinity.
    constexpr double overflow = 0x1.ffffffp127;
    if (std::isfinite(number) && std::abs(number) >= overflow) {
        throw UserError(fmt::format("the tensor {} holds {}, which no f32 holds: use --dtype f64",
                                    tensor.name, number));
    }
    append_word(bytes, std::bit_cast<std::uint32_t>(static_cast<float>(number)));
}

// Visits all bytes in order, some of them at a time.
template <typename Visit>
void for_each_chunk(const NamedTensor& tensor, Visit visit) {
    constexpr std::size_t chunk_bytes = std::size_t{64} << 10;
    std::string bytes;
    for (const double number : tensor.data) {
        append_number(bytes, number, tensor);
        if (bytes.size() >= chunk_bytes) {
            visit(std::string_view(bytes));
            bytes.clear();
        }
    }
    visit(std::string_view(bytes));
}

}  // namespace chainrule
