#include "data/numbers.h"

#include <algorithm>
#include <cmath>

namespace chainrule {

Numbers Numbers::zeros(NumberFormat format, std::size_t size) {
    switch (format) {
    case NumberFormat::u8:
        return std::vector<std::uint8_t>(size);
    case NumberFormat::f32:
        return std::vector<float>(size);
    case NumberFormat::f64:
        break;
    }
    return std::vector<double>(size);
}

std::size_t Numbers::size() const {
    return std::visit([](const auto& numbers) { return numbers.size(); }, storage_);
}

std::size_t Numbers::bytes_per_number() const {
    return std::visit([](const auto& numbers) { return sizeof(numbers[0]); }, storage_);
}

double Numbers::operator[](std::size_t i) const {
    return std::visit([i](const auto& numbers) { return static_cast<double>(numbers[i]); },
                      storage_);
}

void Numbers::copy_to(std::span<double> out, std::size_t first) const {
    std::visit(
        [&](const auto& numbers) {
            std::ranges::copy(std::span(numbers).subspan(first, out.size()), out.begin());
        },
        storage_);
}

void Numbers::put(std::size_t at, const Numbers& from, std::size_t first, std::size_t count) {
    std::visit(
        [&]<typename Block>(Block& numbers) {
            const auto rows = std::span(std::get<Block>(from.storage_)).subspan(first, count);
            std::ranges::copy(rows, numbers.begin() + static_cast<std::ptrdiff_t>(at));
        },
        storage_);
}

std::size_t Numbers::first_not_finite() const {
    return std::visit(
        [](const auto& numbers) {
            const auto found = std::ranges::find_if_not(
                numbers, [](auto number) { return std::isfinite(static_cast<double>(number)); });
            return static_cast<std::size_t>(found - numbers.begin());
        },
        storage_);
}

std::span<const std::byte> Numbers::bytes() const {
    return std::visit([](const auto& numbers) { return std::as_bytes(std::span(numbers)); },
                      storage_);
}

Numbers Numbers::rows(std::span<const std::size_t> rows, std::size_t width) const {
    return std::visit(
        [&](const auto& numbers) -> Numbers { return select_rows(numbers, rows, width); },
        storage_);
}

void Numbers::keep_rows(std::span<const std::size_t> rows, std::size_t width) {
    std::visit([&](auto& numbers) { chainrule::keep_rows(numbers, rows, width); }, storage_);
}

}  // namespace chainrule
