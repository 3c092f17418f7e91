// Marking a student's derivation: each line of an answer file is right, or wrong with what differs
// and a point that shows it, or follows from an earlier line that was wrong.
//
//     z1 = x * w1
//     da2/dz2 = g2(z2) * (1 - g2(z2)) = a2 * (1 - a2)
//     dLoss/dw2 = (a2 - y) * a2 * (1 - a2) * a1
//     w2 <- w2 - alpha * (a2 - y) * a2 * (1 - a2) * a1
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "elaborate/network.h"
#include "explain/numbers.h"

namespace chainrule {

enum class Mark : std::uint8_t {
    right,
    wrong,
    follows,  // not what it should be, but right given an earlier line that is wrong
    defined,  // a name of the student's own, which later lines may use
};

// A point at which two sides disagree.
struct Counterexample {
    std::map<std::string, Tensor> at;  // the names that the line uses
    Tensor yours;
    Tensor right;
};

struct MarkedLine {
    std::uint32_t line = 0;
    std::string text;
    Mark mark = Mark::right;
    std::string reason;  // of wrong: what differs; of follows: which line; else empty
    std::optional<Counterexample> shown;
};

// Marks source `file`, an answer file. Lines that cannot be read go to `diagnostics`.
std::vector<MarkedLine> mark_answers(const Elaborated& elaborated, std::uint32_t file,
                                     const NamedValues& at, const SourceMap& sources,
                                     Diagnostics& diagnostics);

}  // namespace chainrule
