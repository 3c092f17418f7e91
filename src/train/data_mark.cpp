#include "train/data_mark.h"

#include <zlib.h>

#include <span>

namespace chainrule {
namespace {

uLong with_bytes(uLong sum, std::span<const std::byte> bytes) {
    // Of no bytes zlib takes the place for none and begins anew.
    return bytes.empty() ? sum
                         : crc32_z(sum, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
}

uLong with_part(uLong sum, const ExampleSource& source) {
    source.visit([&](const Dataset& part) {
        for (const Numbers& input : part.inputs) {
            sum = with_bytes(sum, input.bytes());
        }
        sum = with_bytes(sum, std::as_bytes(std::span(part.targets)));
        sum = with_bytes(sum, std::as_bytes(std::span(part.weights)));
    });
    return sum;
}

}  // namespace

DataMark mark_of(const TrainingSources& data) {
    uLong sum = with_part(crc32_z(0, nullptr, 0), *data.training);
    if (data.validation) {
        sum = with_part(sum, *data.validation);
    }
    return {.rows = data.training->rows(),
            .held_out = data.validation ? data.validation->rows() : 0,
            .window = data.training->window().rows,
            .checksum = static_cast<std::uint32_t>(sum)};
}

}  // namespace chainrule
