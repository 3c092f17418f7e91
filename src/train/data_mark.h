// What tells the data of a training from other data, and from the same taken otherwise: the numbers
// of rows, the rows of the window that steps are taken from (train/example_source.h; smaller than
// the data where they stream), and a checksum (CRC-32) of all numbers of the training and the
// validation part, as the network sees them.
//
//     const DataMark mark = mark_of(sources);
#pragma once

#include <cstdint>

#include "train/example_source.h"

namespace chainrule {

struct DataMark {
    std::uint64_t rows = 0;
    std::uint64_t held_out = 0;  // rows of the validation part
    std::uint64_t window = 0;
    std::uint32_t checksum = 0;

    friend bool operator==(const DataMark&, const DataMark&) = default;
};

// Reads all of it once.
DataMark mark_of(const TrainingSources& data);

}  // namespace chainrule
