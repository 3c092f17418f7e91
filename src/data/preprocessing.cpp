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

using Statistics = ColumnStatistics;

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
    double& least = result.least;
    double& greatest = result.greatest;
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

// Of both together (Chan, Golub, LeVeque 1983), in lengths and not in their squares, which may
// exceed a double; halves, because the difference of two large numbers may.
Statistics merged(const Statistics& a, const Statistics& b) {
    if (a.count == 0 || b.count == 0) {
        return a.count == 0 ? b : a;
    }
    Statistics both;
    both.count = a.count + b.count;
    both.least = std::min(a.least, b.least);
    both.greatest = std::max(a.greatest, b.greatest);
    if (both.least == both.greatest) {
        both.mean = both.least;
        return both;
    }
    const double share_a = static_cast<double>(a.count) / static_cast<double>(both.count);
    const double share_b = static_cast<double>(b.count) / static_cast<double>(both.count);
    const double half_distance = 0.5 * b.mean - 0.5 * a.mean;
    both.mean = a.mean + 2 * share_b * half_distance;
    both.deviation = std::hypot(std::sqrt(share_a) * a.deviation, std::sqrt(share_b) * b.deviation,
                                2 * std::sqrt(share_a * share_b) * half_distance);
    return both;
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

// Moves what no training row has behind what some have, in the list and among the statistics.
void move_unseen(ColumnEncoding& encoding, std::span<Statistics> elements) {
    std::vector<std::string> seen;
    std::vector<Statistics> first;
    std::vector<Statistics> last;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const bool is_seen = i < encoding.categories.size() && elements[i].greatest == 1;
        if (is_seen) {
            seen.push_back(encoding.categories[i]);
        }
        (is_seen ? first : last).push_back(elements[i]);
    }
    encoding.categories = std::move(seen);
    std::ranges::copy(last, std::ranges::copy(first, elements.begin()).out);
}

}  // namespace

void PreprocessingLearner::add(const Dataset& part) {
    if (part.columns.empty()) {
        return;
    }
    block_.resize(part.inputs.size());
    sizes_ = part.input_sizes;
    for (std::size_t row = 0; row < part.rows;) {
        const std::size_t count = std::min(block_rows - rows_, part.rows - row);
        for (std::size_t i = 0; i < block_.size(); ++i) {
            const auto rows =
                part.inputs[i].as<double>().subspan(row * sizes_[i], count * sizes_[i]);
            block_[i].insert(block_[i].end(), rows.begin(), rows.end());
        }
        row += count;
        rows_ += count;
        if (rows_ == block_rows) {
            measure_block();
        }
    }
}

void PreprocessingLearner::measure_block() {
    std::size_t element = 0;
    for (std::size_t i = 0; i < block_.size(); ++i) {
        for (std::size_t j = 0; j < sizes_[i]; ++j, ++element) {
            const Statistics found = measure({block_[i], j, sizes_[i]});
            if (element == elements_.size()) {
                elements_.push_back(found);
            } else {
                elements_[element] = merged(elements_[element], found);
            }
        }
        block_[i].clear();
    }
    rows_ = 0;
}

Preprocessing PreprocessingLearner::finish(std::vector<ColumnEncoding>& encodings) {
    Preprocessing how;
    how.scale = encodings.empty() ? Scale::none : scale_;
    if (rows_ > 0) {
        measure_block();
    }
    std::vector<std::string> constant;
    std::vector<std::string> empty;
    std::size_t first = 0;
    for (ColumnEncoding& encoding : encodings) {
        const bool is_category = encoding.kind == ColumnEncoding::Kind::category;
        const auto elements = std::span(elements_).subspan(first, encoding.width);
        if (is_category) {
            move_unseen(encoding, elements);
        } else if (!elements.empty() && elements[0].count == 0) {
            empty.push_back(encoding.name);
        } else if (!elements.empty() && elements[0].deviation == 0) {
            constant.push_back(encoding.name);
        }
        for (const Statistics& found : elements) {
            how.fills.push_back(found.mean);
            how.means.push_back(is_category ? 0 : found.mean);
            how.deviations.push_back(is_category ? 1 : found.deviation);
        }
        first += encoding.width;
    }
    warn(how, empty, "no number at all (read as 0)");
    if (scale_ == Scale::standard) {
        warn(how, constant, "one value only, which tells nothing (read as 0)");
    }
    return how;
}

Preprocessing learn_preprocessing(const Dataset& training, Scale scale) {
    PreprocessingLearner learner(scale);
    learner.add(training);
    std::vector<ColumnEncoding> encodings = training.encodings;
    return learner.finish(encodings);
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
