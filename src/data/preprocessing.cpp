#include "data/preprocessing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>

namespace chainrule {
namespace {

struct Statistics {
    std::size_t count = 0;  // of numbers that are there
    double mean = 0;
    double deviation = 0;  // exactly 0 if all numbers are equal
};

// One column of one input, every `size`-th number from `first` on.
struct ColumnView {
    std::span<const double> values;
    std::size_t first;
    std::size_t size;

    template <typename Visit>
    void for_each(Visit visit) const {
        for (std::size_t i = first; i < values.size(); i += size) {
            if (!std::isnan(values[i])) {
                visit(values[i]);
            }
        }
    }
};

// Two readings, of numbers scaled by a power of two, which changes no digit: neither a column
// around 1e200 nor one whose numbers agree in their leading digits loses its deviation.
Statistics measure(const ColumnView& column) {
    Statistics result;
    double least = std::numeric_limits<double>::infinity();
    double greatest = -least;
    column.for_each([&](double x) {
        ++result.count;
        least = std::min(least, x);
        greatest = std::max(greatest, x);
    });
    if (result.count == 0 || least == greatest) {
        // Equality is asked of the numbers: the rounding of their mean would feign a deviation.
        result.mean = result.count == 0 ? 0 : least;
        return result;
    }
    int exponent = 0;
    std::frexp(std::max(std::abs(least), std::abs(greatest)), &exponent);
    const auto count = static_cast<double>(result.count);
    double sum = 0;
    column.for_each([&](double x) { sum += std::ldexp(x, -exponent); });
    const double mean = sum / count;
    double squares = 0;
    double remainder = 0;
    column.for_each([&](double x) {
        const double difference = std::ldexp(x, -exponent) - mean;
        squares += difference * difference;
        remainder += difference;
    });
    // The corrected two-pass formula (Chan, Golub, LeVeque 1983) removes the mean's rounding error.
    const double variance = (squares - remainder * remainder / count) / count;
    result.mean = std::ldexp(mean, exponent);
    result.deviation = std::ldexp(std::sqrt(std::max(variance, 0.0)), exponent);
    return result;
}

double standardised(double x, double mean, double deviation) {
    if (deviation == 0) {
        return 0;
    }
    // Halves, because the difference of two large numbers of opposite sign may exceed a double.
    const double difference = x - mean;
    return std::isfinite(difference) ? difference / deviation
                                     : (0.5 * x - 0.5 * mean) / deviation * 2;
}

std::string list_names(const std::vector<std::string>& names) {
    constexpr std::size_t most = 10;
    const std::size_t shown = std::min(names.size(), most);
    return fmt::format("{}{}",
                       fmt::join(names.begin(), names.begin() + static_cast<int>(shown), ", "),
                       names.size() > most ? ", ..." : "");
}

void warn(Preprocessing& how, const std::vector<std::string>& columns, const char* what) {
    if (!columns.empty()) {
        how.diagnostics.push_back(
            {Severity::warning,
             fmt::format("in the training data {} {}: {}",
                         columns.size() == 1 ? "a column has" : "columns have", what,
                         list_names(columns)),
             {},
             {}});
    }
}

}  // namespace

namespace {

// For each element of the inputs, whether a category makes it.
std::vector<bool> category_elements(const Dataset& data) {
    std::vector<bool> elements;
    for (const ColumnEncoding& encoding : data.encodings) {
        elements.insert(elements.end(), encoding.width,
                        encoding.kind == ColumnEncoding::Kind::category);
    }
    elements.resize(data.columns.size(), false);
    return elements;
}

}  // namespace

Preprocessing learn_preprocessing(const Dataset& training, Scale scale) {
    Preprocessing how;
    how.scale = scale;
    std::vector<std::string> constant;
    std::vector<std::string> empty;
    if (training.columns.empty()) {
        how.scale = Scale::none;
        return how;
    }
    const std::vector<bool> in_category = category_elements(training);
    std::size_t column = 0;
    for (std::size_t i = 0; i < training.inputs.size(); ++i) {
        for (std::size_t j = 0; j < training.input_sizes[i]; ++j, ++column) {
            const Statistics found =
                measure({training.inputs[i].as<double>(), j, training.input_sizes[i]});
            how.fills.push_back(found.mean);
            how.means.push_back(in_category[column] ? 0 : found.mean);
            how.deviations.push_back(in_category[column] ? 1 : found.deviation);
            if (in_category[column]) {
                continue;
            }
            if (found.count == 0) {
                empty.push_back(training.columns[column]);
            } else if (found.deviation == 0) {
                constant.push_back(training.columns[column]);
            }
        }
    }
    warn(how, empty, "no number at all (read as 0)");
    if (scale == Scale::standard) {
        warn(how, constant, "one value only, which tells nothing (read as 0)");
    }
    return how;
}

void preprocess(Dataset& data, const Preprocessing& how) {
    if (data.columns.size() != how.means.size()) {
        throw InternalError(fmt::format("preprocessing for {} columns meets data with {}",
                                        how.means.size(), data.columns.size()));
    }
    if (data.columns.empty()) {
        return;
    }
    std::size_t first = 0;
    for (std::size_t i = 0; i < data.inputs.size(); ++i) {
        const std::size_t size = data.input_sizes[i];
        const std::span<double> numbers = data.inputs[i].as<double>();
        for (std::size_t k = 0; k < numbers.size(); ++k) {
            const std::size_t column = first + k % size;
            double& x = numbers[k];
            x = std::isnan(x) ? how.fills[column] : x;
            if (how.scale == Scale::standard) {
                x = standardised(x, how.means[column], how.deviations[column]);
            }
        }
        first += size;
    }
}

}  // namespace chainrule
