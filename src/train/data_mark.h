// What tells the data of a training from other data: the numbers of rows, and a checksum (CRC-32) of all
// numbers of the training and the validation part, as the network sees them.
//
//     const DataMark mark = mark_of(data.parts);
#pragma once

#include <cstdint>

#include "train/loop.h"

namespace chainrule {

struct DataMark {
    std::uint64_t rows = 0;
    std::uint64_t held_out = 0;  // rows of the validation part
    std::uint32_t checksum = 0;

    friend bool operator==(const DataMark&, const DataMark&) = default;
};

DataMark mark_of(const TrainingData& data);

}  // namespace chainrule
