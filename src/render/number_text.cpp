#include "render/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>

namespace chainrule {
namespace {

constexpr std::size_t max_shown = 64;      // numbers of a tensor in a terminal
constexpr std::size_t max_latex_rows = 8;  // of a matrix on a page
constexpr std::size_t max_latex_columns = 6;

bool is_matrix(const Tensor& tensor) { return tensor.shape.size() == 2; }

// `[128, 784]: 0.1, 0.2, ...`
std::string summary(const Tensor& tensor) {
    std::string text = to_string(tensor.shape);
    for (std::size_t i = 0; i < std::min<std::size_t>(tensor.size(), 3); ++i) {
        text += (i == 0 ? ": " : ", ") + short_number(tensor.data[i]);
    }
    return text + (tensor.size() > 3 ? ", ..." : "");
}

std::vector<std::string> matrix_lines(const Tensor& tensor, int width) {
    const auto columns = static_cast<std::size_t>(tensor.shape[1]);
    std::vector<std::size_t> widths(columns, 0);
    for (std::size_t i = 0; i < tensor.size(); ++i) {
        widths[i % columns] = std::max(widths[i % columns], short_number(tensor.data[i]).size());
    }
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < tensor.size(); i += columns) {
        std::string line = i == 0 ? "[[" : " [";
        for (std::size_t j = 0; j < columns; ++j) {
            line += fmt::format("{}{:>{}}", j == 0 ? "" : ", ", short_number(tensor.data[i + j]),
                                widths[j]);
        }
        lines.push_back(line + (i + columns == tensor.size() ? "]]" : "],"));
    }
    const bool fits = static_cast<int>(lines[0].size()) < width;
    return fits ? lines : std::vector{summary(tensor)};
}

// Any rank: numbers in nested brackets, wrapped after commas.
std::vector<std::string> flat_lines(const Tensor& tensor, int width) {
    std::vector<std::string> lines{""};
    std::size_t next = 0;
    const auto put = [&](const std::string& text) {
        if (lines.back().size() + text.size() > static_cast<std::size_t>(width)) {
            lines.back().erase(lines.back().find_last_not_of(' ') + 1);
            lines.emplace_back(" ");
        }
        lines.back() += text;
    };
    const std::function<void(std::size_t)> write = [&](std::size_t axis) {
        if (axis == tensor.shape.size()) {
            put(short_number(tensor.data[next++]));
            return;
        }
        lines.back() += '[';
        for (std::int64_t i = 0; i < tensor.shape[axis]; ++i) {
            lines.back() += i == 0 ? "" : ", ";
            write(axis + 1);
        }
        lines.back() += ']';
    };
    write(0);
    return lines;
}

std::string latex_rows(const Tensor& tensor, std::size_t columns) {
    std::string rows;
    for (std::size_t i = 0; i < tensor.size(); ++i) {
        rows += i == 0 ? "" : i % columns == 0 ? " \\\\ " : " & ";
        rows += latex_number(tensor.data[i]);
    }
    return "\\begin{bmatrix} " + rows + " \\end{bmatrix}";
}

}  // namespace

std::string short_number(double value, int digits) {
    std::string text = fmt::format("{:.{}g}", value == 0 ? 0.0 : value, digits);
    if (std::isnan(value)) {
        return "nan";  // without the sign that some of them carry
    }
    // 1e-07 and 1e+30 as people write them.
    const std::size_t e = text.find('e');
    if (std::isfinite(value) && e != std::string::npos) {
        text = text.substr(0, e + 1) + std::to_string(std::atoi(text.c_str() + e + 1));
    }
    return text;
}

std::string latex_number(double value) {
    if (std::isnan(value)) {
        return "\\mathrm{nan}";
    }
    if (std::isinf(value)) {
        return value < 0 ? "-\\infty" : "\\infty";
    }
    const std::string text = short_number(value);
    const std::size_t e = text.find('e');
    if (e == std::string::npos) {
        return text;
    }
    const std::string power = "10^{" + text.substr(e + 1) + "}";
    const std::string factor = text.substr(0, e);
    return factor == "1" ? power : factor + " \\times " + power;
}

bool is_shown_exactly(const Tensor& tensor) {
    return tensor.size() <= max_shown && std::ranges::all_of(tensor.data, [](double value) {
               return std::isnan(value) ||
                      std::strtod(short_number(value).c_str(), nullptr) == value;
           });
}

std::vector<std::string> tensor_lines(const Tensor& tensor, int width) {
    if (tensor.size() > max_shown) {
        return {summary(tensor)};
    }
    return is_matrix(tensor) && tensor.size() > 0 ? matrix_lines(tensor, width)
                                                  : flat_lines(tensor, width);
}

std::string latex_tensor(const Tensor& tensor) {
    if (tensor.is_scalar()) {
        return latex_number(tensor.data[0]);
    }
    const std::size_t columns = is_matrix(tensor) ? static_cast<std::size_t>(tensor.shape[1]) : 1;
    const bool fits = tensor.size() > 0 && tensor.shape.size() <= 2 &&
                      columns <= max_latex_columns && tensor.size() / columns <= max_latex_rows;
    return fits ? latex_rows(tensor, columns) : "\\text{" + to_string(tensor.shape) + "}";
}

}  // namespace chainrule
