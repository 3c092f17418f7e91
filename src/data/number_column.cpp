#include "data/number_column.h"

#include <algorithm>
#include <bit>
#include <type_traits>

#include "data/large_block.h"
#include "data/numbers.h"

namespace chainrule {
namespace {

// The lowest value of an integer type stands for a missing number.
template <typename T>
constexpr T missing =
    std::is_integral_v<T> ? std::numeric_limits<T>::lowest() : std::numeric_limits<T>::quiet_NaN();

template <typename T>
bool fits(const NumberRange& range) {
    return range.integers && range.least > std::numeric_limits<T>::lowest() &&
           range.greatest <= std::numeric_limits<T>::max();
}

// And not -0, whose sign an integer would lose.
bool is_integer(double number) {
    constexpr double whole_from = 4503599627370496;  // 2^52: there are no fractions above
    if (!(std::abs(number) < whole_from)) {
        return !std::isnan(number);
    }
    const auto whole = static_cast<double>(static_cast<std::int64_t>(number));
    return std::bit_cast<std::uint64_t>(whole) == std::bit_cast<std::uint64_t>(number);
}

bool is_float(double number) {
    return std::abs(number) <= std::numeric_limits<float>::max() &&
           static_cast<double>(static_cast<float>(number)) == number;
}

}  // namespace

void NumberRange::include(double number) {
    least = std::min(least, number);
    greatest = std::max(greatest, number);
    integers = integers && is_integer(number);
    floats = floats && is_float(number);
}

void NumberRange::look_at_kinds(std::span<const double> numbers, bool are_integers) {
    integers = integers && (are_integers || std::ranges::all_of(numbers, [](double number) {
                                return std::isnan(number) || is_integer(number);
                            }));
    constexpr double floats_to = 16777216;  // 2^24: all integers up to that are floats
    const bool small = least >= -floats_to && greatest <= floats_to;
    floats = floats && ((integers && small) || std::ranges::all_of(numbers, [](double number) {
                            return std::isnan(number) || is_float(number);
                        }));
}

void NumberRange::include(const NumberRange& other) {
    least = std::min(least, other.least);
    greatest = std::max(greatest, other.greatest);
    integers = integers && other.integers;
    floats = floats && other.floats;
}

bool NumberRange::covers(const NumberRange& other) const {
    return least <= other.least && greatest >= other.greatest && (other.integers || !integers) &&
           (other.floats || !floats);
}

NumberColumn::NumberColumn(const NumberRange& range, std::size_t size) {
    if (fits<std::int8_t>(range)) {
        numbers_.emplace<std::vector<std::int8_t>>();
    } else if (fits<std::int16_t>(range)) {
        numbers_.emplace<std::vector<std::int16_t>>();
    } else if (range.floats) {
        numbers_.emplace<std::vector<float>>();
    } else {
        numbers_.emplace<std::vector<double>>();
    }
    reserve(size);
}

void NumberColumn::add(double number) {
    std::visit(
        [number](auto& numbers) {
            using T = typename std::remove_reference_t<decltype(numbers)>::value_type;
            numbers.push_back(std::isnan(number) ? missing<T> : static_cast<T>(number));
        },
        numbers_);
}

void NumberColumn::reserve(std::size_t size) {
    std::visit(
        [size](auto& numbers) {
            numbers.reserve(size);
            prefer_large_pages(numbers.data(), numbers.capacity() * sizeof numbers[0]);
        },
        numbers_);
}

// Into a column of a wider type.
void NumberColumn::widen(NumberColumn wider) {
    std::visit(
        [](const auto& narrow, auto& wide) {
            using From = typename std::remove_cvref_t<decltype(narrow)>::value_type;
            using To = typename std::remove_reference_t<decltype(wide)>::value_type;
            wide.resize(narrow.size());
            std::ranges::transform(narrow, wide.begin(), [](From number) {
                const bool is_missing = !(number == number) || number == missing<From>;
                return is_missing ? missing<To> : static_cast<To>(number);
            });
        },
        numbers_, wider.numbers_);
    *this = std::move(wider);
}

void NumberColumn::append(const NumberRange& range, std::span<const double> numbers) {
    NumberColumn wider(range, 0);
    if (wider.numbers_.index() > numbers_.index()) {
        wider.reserve(std::visit([](const auto& all) { return all.capacity(); }, numbers_));
        widen(std::move(wider));
    }
    std::visit(
        [numbers](auto& all) {
            using T = typename std::remove_reference_t<decltype(all)>::value_type;
            if constexpr (std::is_same_v<T, double>) {
                all.insert(all.end(), numbers.begin(), numbers.end());
            } else {
                const std::size_t size = all.size();
                all.resize(size + numbers.size());
                std::ranges::transform(
                    numbers, all.begin() + static_cast<std::ptrdiff_t>(size), [](double number) {
                        return std::isnan(number) ? missing<T> : static_cast<T>(number);
                    });
            }
        },
        numbers_);
}

void NumberColumn::keep_rows(std::span<const std::size_t> rows) {
    std::visit([&](auto& numbers) { chainrule::keep_rows(numbers, rows, 1); }, numbers_);
}

double NumberColumn::operator[](std::size_t row) const {
    return std::visit(
        [row](const auto& numbers) {
            using T = typename std::remove_reference_t<decltype(numbers)>::value_type;
            const T number = numbers[row];
            // A missing float is NaN, which is equal to nothing, and stays NaN as a double.
            return number == missing<T> ? std::numeric_limits<double>::quiet_NaN()
                                        : static_cast<double>(number);
        },
        numbers_);
}

std::pair<double, double> NumberColumn::extremes() const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::pair<double, double> found{infinity, -infinity};
    std::visit(
        [&found](const auto& numbers) {
            using T = typename std::remove_cvref_t<decltype(numbers)>::value_type;
            for (const T number : numbers) {
                // NaN, a missing float, is neither less nor greater than any.
                const auto value = number == missing<T> ? std::numeric_limits<double>::quiet_NaN()
                                                        : static_cast<double>(number);
                found.first = value < found.first ? value : found.first;
                found.second = value > found.second ? value : found.second;
            }
        },
        numbers_);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    return found.first <= found.second ? found : std::pair{nan, nan};
}

std::size_t NumberColumn::size() const {
    return std::visit([](const auto& numbers) { return numbers.size(); }, numbers_);
}

std::size_t NumberColumn::bytes_per_number() const {
    return std::visit([](const auto& numbers) { return sizeof(numbers[0]); }, numbers_);
}

}  // namespace chainrule
