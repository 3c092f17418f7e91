// The page of a training, `train --report`: one HTML file that stands alone, offline.
//
//     write_file_atomically("out.html", render_training_page(page));
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "explain/explanation.h"
#include "render/chart.h"

namespace chainrule {

using Fact = std::pair<std::string, std::string>;

// A row per metric, a column per part.
struct MetricTable {
    std::vector<std::string> parts;
    std::vector<std::pair<std::string, std::vector<std::string>>> rows;
};

struct ConfusionTable {
    std::string part;  // "held out"
    std::vector<std::string> classes;
    std::vector<std::vector<std::uint64_t>> counts;  // [of the class][answered with]
};

struct TrainingPage {
    std::string title;
    std::vector<Fact> summary;  // what was trained, on what, and how it ended
    MetricTable metrics;
    std::vector<Chart> charts;
    std::optional<ConfusionTable> confusion;
    std::string picture;  // SVG; empty: none
    std::vector<Fact> recipe;
    std::string source;  // the network's text
    std::optional<Explanation> derivation;
    std::string derivation_note;  // what it is of, or why there is none
};

std::string render_training_page(const TrainingPage& page);

}  // namespace chainrule
