#include "render/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "render/markup.h"
#include "render/number_text.h"

namespace chainrule {
namespace {

// In the units of the picture, which is scaled to the page's width.
constexpr double width = 460;
constexpr double height = 250;
constexpr double left = 58;
constexpr double right = 14;
constexpr double top = 34;
constexpr double bottom = 34;

constexpr std::size_t most_points = 500;

struct Range {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    void take(double x) {
        low = std::min(low, x);
        high = std::max(high, x);
    }
};

// From data to the picture, along one axis.
struct Axis {
    double low;
    double high;
    bool logarithmic;
    double at_low;
    double at_high;
    double step = 0;  // between marks; 0: as fits

    double place(double x) const {
        const double value = logarithmic ? std::log10(x) : x;
        return at_low + (at_high - at_low) * (value - low) / (high - low);
    }
};

Axis epoch_axis(const Range& range) {
    const bool one = !(range.high > range.low);
    return {one ? range.low - 1 : range.low, one ? range.high + 1 : range.high, false, left,
            width - right};
}

Axis value_axis(Range range) {
    constexpr double many_times = 50;
    double step = 0;
    const bool logarithmic = range.low > 0 && range.high > many_times * range.low;
    if (logarithmic) {
        range = {std::floor(std::log10(range.low)), std::ceil(std::log10(range.high))};
    } else if (!(range.high > range.low)) {
        const double around = std::max(std::abs(range.low) * 0.1, 1e-12);
        range = {range.low - around, range.high + around};
    } else {
        const std::vector<double> marks = ticks(range.low, range.high, 4);
        step = marks.size() > 1 ? marks[1] - marks[0] : range.high - range.low;
        range = {std::floor(range.low / step + 1e-9) * step,
                 std::ceil(range.high / step - 1e-9) * step};
    }
    return {range.low, range.high, logarithmic, height - bottom, top, step};
}

std::vector<double> marks_of(const Axis& axis) {
    if (!axis.logarithmic) {
        return ticks(
            axis.low, axis.high,
            axis.step > 0 ? static_cast<int>(std::lround((axis.high - axis.low) / axis.step)) : 4);
    }
    std::vector<double> marks;
    const double step = std::max(1.0, std::ceil((axis.high - axis.low) / 6));
    const auto count = static_cast<int>((axis.high - axis.low) / step);
    for (int i = 0; i <= count; ++i) {
        marks.push_back(std::pow(10.0, axis.low + i * step));
    }
    return marks;
}

std::string line(std::string_view kind, double x1, double y1, double x2, double y2) {
    return fmt::format(R"(<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)",
                       kind, x1, y1, x2, y2);
}

std::string words(std::string_view text, double x, double y, std::string_view anchor,
                  std::string_view kind = "tick") {
    return element(
        "text", escape_markup(text),
        fmt::format(R"(class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}")", kind, x, y, anchor));
}

std::string axes_svg(const Axis& across, const Axis& up) {
    std::string svg;
    for (const double mark : marks_of(up)) {
        const double y = up.place(mark);
        svg += line("grid", left, y, width - right, y) +
               words(short_number(mark, 4), left - 8, y + 4, "end");
    }
    const double base = height - bottom;
    svg += words("epoch", left - 8, base + 17, "end");
    svg += line("axis", left, base, width - right, base);
    for (const double mark : ticks(across.low, across.high, 6)) {
        if (mark == std::floor(mark)) {
            svg += line("axis", across.place(mark), base, across.place(mark), base + 4) +
                   words(short_number(mark), across.place(mark), base + 17, "middle");
        }
    }
    return svg;
}

using Points = std::vector<std::pair<double, double>>;

Points thinned(const Points& points) {
    if (points.size() <= most_points) {
        return points;
    }
    Points kept;
    const std::size_t stretches = most_points / 2;
    for (std::size_t k = 0; k < stretches; ++k) {
        const auto begin =
            points.begin() + static_cast<std::ptrdiff_t>(k * points.size() / stretches);
        const auto end =
            points.begin() + static_cast<std::ptrdiff_t>((k + 1) * points.size() / stretches);
        auto [least, greatest] = std::minmax_element(
            begin, end, [](const auto& a, const auto& b) { return a.second < b.second; });
        kept.push_back(*std::min(least, greatest));
        if (least != greatest) {
            kept.push_back(*std::max(least, greatest));
        }
    }
    return kept;
}

std::string curve_svg(const Points& points, std::size_t number, const Axis& across,
                      const Axis& up) {
    std::string path;
    bool pen_is_down = false;
    for (const auto& [x, y] : points) {
        if (!std::isfinite(y)) {
            pen_is_down = false;
            continue;
        }
        path +=
            fmt::format("{}{:.1f} {:.1f}", pen_is_down ? "L" : "M", across.place(x), up.place(y));
        pen_is_down = true;
    }
    if (points.size() == 1 && !path.empty()) {
        return fmt::format(R"(<circle class="curve-{}" cx="{:.1f}" cy="{:.1f}" r="3"/>)", number,
                           across.place(points[0].first), up.place(points[0].second));
    }
    return fmt::format(R"(<path class="curve curve-{}" d="{}"/>)", number, path);
}

std::string legend_svg(const Chart& chart) {
    std::string svg = words(chart.title, left, 18, "start", "title");
    double x = width - right;
    for (std::size_t i = chart.curves.size(); i-- > 0 && chart.curves.size() > 1;) {
        const std::string& name = chart.curves[i].name;
        svg += words(name, x, 18, "end");
        x -= 6.2 * static_cast<double>(name.size()) + 22;
        svg += fmt::format(R"(<path class="curve curve-{}" d="M{:.1f} 14h14"/>)", i, x);
        x -= 12;
    }
    return svg;
}

// A strip of the picture for each place, whose title browsers show.
std::string hover_svg(const std::vector<Points>& curves, const Chart& chart, const Axis& across) {
    std::map<double, std::string> told;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        for (const auto& [x, y] : curves[i]) {
            std::string& text = told[x];
            text = text.empty() ? "epoch " + short_number(x) : text;
            text += fmt::format("\n{}: {}", chart.curves[i].name, short_number(y));
        }
    }
    std::string svg;
    const double strip =
        (width - left - right) / static_cast<double>(std::max<std::size_t>(told.size(), 1));
    for (const auto& [x, text] : told) {
        svg += element("rect", element("title", escape_markup(text)),
                       fmt::format(R"(class="hover" x="{:.1f}" y="{}" width="{:.2f}" height="{}")",
                                   across.place(x) - strip / 2, top, strip, height - top - bottom));
    }
    return svg;
}

}  // namespace

std::vector<double> ticks(double low, double high, int wanted) {
    const double rough = (high - low) / wanted;
    if (!(rough > 0) || !std::isfinite(rough)) {
        return {low};
    }
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double factor : {5.0, 2.0, 1.0}) {
        step = factor * power >= rough * 0.999 ? factor * power : step;
    }
    std::vector<double> marks;
    const double first = std::ceil(low / step - 1e-9);
    for (int k = 0; (first + k) * step <= high + step * 1e-9; ++k) {
        marks.push_back((first + k) * step);
    }
    return marks;
}

std::string chart_svg(const Chart& chart) {
    Range epochs;
    Range values;
    std::vector<Points> curves;
    for (const Curve& curve : chart.curves) {
        curves.push_back(thinned(curve.points));
        for (const auto& [x, y] : curve.points) {
            epochs.take(x);
            if (std::isfinite(y)) {
                values.take(y);
            }
        }
    }
    if (!(values.low <= values.high)) {
        return "";
    }
    const Axis across = epoch_axis(epochs);
    const Axis up = value_axis(values);
    std::string svg = axes_svg(across, up);
    for (std::size_t i = 0; i < curves.size(); ++i) {
        svg += curve_svg(curves[i], i, across, up);
    }
    svg += legend_svg(chart) + hover_svg(curves, chart, across);
    return element("svg", svg,
                   fmt::format(R"(class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}")",
                               width, height, escape_markup(chart.title)));
}

}  // namespace chainrule
