// A chart of curves over whole numbers (epochs), as an SVG element for a page: axes with ticks at
// round numbers, grid lines, a legend, and the values of a place on hovering. Colours are the
// page's variables, so that both themes fit (render/html_style.h).
//
//     std::string svg = chart_svg({"loss", {{"training", {{1, 0.7}, {2, 0.4}}}}});
//
// The vertical axis is logarithmic where all values are positive and the greatest is 50 times the
// least. Values that are not finite are gaps. Of more than 500 points each stretch shows its least
// and greatest.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace chainrule {

struct Curve {
    std::string name;
    std::vector<std::pair<double, double>> points;  // ascending in the first
};

struct Chart {
    std::string title;
    std::vector<Curve> curves;
};

std::string chart_svg(const Chart& chart);

// About `wanted` round numbers (1, 2 or 5 times a power of ten apart) that span low .. high, low <
// high.
std::vector<double> ticks(double low, double high, int wanted);

}  // namespace chainrule
