// Whether whole numbers far from unit scale (pixels of 0 .. 255) go into a network's products as they are. Arrays are
// never standardised, so the network itself must scale them, and descent from usual initial weights suffers
// where it does not.
//
//     diagnostics.add(warn_of_unscaled_inputs(network, training));
//     // warning: the input x holds whole numbers from 0 to 255, which are not scaled ...: write `u = x / 255` ...
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "data/dataset.h"
#include "elaborate/network.h"
#include "lang/diagnostic.h"

namespace chainrule {

// Of examples that come in parts.
//
//     InputRanges ranges(network);
//     ranges.add(part);                              // of each part of the training rows
//     diagnostics.add(ranges.warnings());
class InputRanges {
public:
    // Refers to the network.
    explicit InputRanges(const Network& network);
    void add(const Dataset& part);
    std::vector<Diagnostic> warnings() const;

private:
    struct Range {
        std::uint8_t least = std::numeric_limits<std::uint8_t>::max();
        std::uint8_t greatest = 0;
    };
    const Network& network_;
    std::vector<Range> ranges_;  // of each input; of what is no bytes as they begin
};

// A warning for each input of bytes, above 16 somewhere, that a product takes without arithmetic in between; none
// for a table, whose columns are standardised.
std::vector<Diagnostic> warn_of_unscaled_inputs(const Network& network, const Dataset& training);

}  // namespace chainrule
