#include "data/number_column.h"

#include <algorithm>
#include <type_traits>

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
    return std::trunc(number) == number && !(number == 0 && std::signbit(number));
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

void NumberRange::look_at_kinds(std::span<const double> numbers) {
    for (std::size_t i = 0; i < numbers.size() && (integers || floats); ++i) {
        if (!std::isnan(numbers[i])) {
            integers = integers && is_integer(numbers[i]);
            floats = floats && is_float(numbers[i]);
        }
    }
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
    std::visit([size](auto& numbers) { numbers.reserve(size); }, numbers_);
}

NumberColumn::NumberColumn(const NumberRange& range, std::span<const double> numbers)
    : NumberColumn(range, numbers.size()) {
    std::visit(
        [&](auto& column) {
            using T = typename std::remove_reference_t<decltype(column)>::value_type;
            if constexpr (std::is_same_v<T, double>) {
                column.assign(numbers.begin(), numbers.end());
            } else {
                for (const double number : numbers) {
                    column.push_back(std::isnan(number) ? missing<T> : static_cast<T>(number));
                }
            }
        },
        numbers_);
}

void NumberColumn::add(double number) {
    std::visit(
        [number](auto& numbers) {
            using T = typename std::remove_reference_t<decltype(numbers)>::value_type;
            numbers.push_back(std::isnan(number) ? missing<T> : static_cast<T>(number));
        },
        numbers_);
}

void NumberColumn::append(const NumberColumn& other) {
    std::visit(
        [](auto& numbers, const auto& more) {
            using To = typename std::remove_reference_t<decltype(numbers)>::value_type;
            using From = typename std::remove_cvref_t<decltype(more)>::value_type;
            if constexpr (std::is_same_v<To, From>) {
                numbers.insert(numbers.end(), more.begin(), more.end());
            } else {
                for (const From number : more) {
                    const bool is_missing = !(number == number) || number == missing<From>;
                    numbers.push_back(is_missing ? missing<To> : static_cast<To>(number));
                }
            }
        },
        numbers_, other.numbers_);
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

std::size_t NumberColumn::size() const {
    return std::visit([](const auto& numbers) { return numbers.size(); }, numbers_);
}

std::size_t NumberColumn::bytes_per_number() const {
    return std::visit([](const auto& numbers) { return sizeof(numbers[0]); }, numbers_);
}

}  // namespace chainrule
