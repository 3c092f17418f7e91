// A block of numbers in the format of its source: bytes of images stay bytes, floats stay floats,
// and whoever computes with them converts as it reads.
//
// Sixty thousand images of 784 pixels are 47 MB here; as doubles they would be 376 MB.
//
//     Numbers pixels(std::vector<std::uint8_t>{0, 128, 255});
//     pixels[1] == 128.0;  pixels.format() == NumberFormat::u8;  pixels.as<std::uint8_t>()[1]
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace chainrule {

enum class NumberFormat : std::uint8_t { u8, f32, f64 };

class Numbers {
public:
    // No numbers, which are doubles.
    Numbers() = default;
    Numbers(std::vector<std::uint8_t> numbers) : storage_(std::move(numbers)) {}
    Numbers(std::vector<float> numbers) : storage_(std::move(numbers)) {}
    Numbers(std::vector<double> numbers) : storage_(std::move(numbers)) {}
    Numbers(std::initializer_list<double> numbers) : storage_(std::vector<double>(numbers)) {}

    static Numbers zeros(NumberFormat format, std::size_t size);

    std::size_t size() const;
    NumberFormat format() const { return static_cast<NumberFormat>(storage_.index()); }
    std::size_t bytes_per_number() const;
    double operator[](std::size_t i) const;

    // The numbers from `first` on, as many as `out` takes.
    void copy_to(std::span<double> out, std::size_t first) const;

    // Puts `count` numbers of `from`, from its `first` on, at the place `at`; it has the same
    // format.
    void put(std::size_t at, const Numbers& from, std::size_t first, std::size_t count);

    // The block as it lies in memory; T must be what format() says (std::bad_variant_access).
    template <typename T>
    std::span<const T> as() const {
        return std::get<std::vector<T>>(storage_);
    }
    template <typename T>
    std::span<T> as() {
        return std::get<std::vector<T>>(storage_);
    }
    std::span<const std::byte> bytes() const;
    // Calls `visitor` with the block, a vector of the type that format() says.
    template <typename Visitor>
    auto visit(Visitor visitor) const {
        return std::visit(visitor, storage_);
    }

    // The place of the first that is infinite or NaN; size() where all are finite.
    std::size_t first_not_finite() const;

    // The numbers of these rows, each `width` numbers, in that order and in the same format.
    Numbers rows(std::span<const std::size_t> rows, std::size_t width) const;
    // Drops all rows but these, which ascend, without a second block.
    void keep_rows(std::span<const std::size_t> rows, std::size_t width);

    // The same numbers in the same format.
    friend bool operator==(const Numbers&, const Numbers&) = default;

private:
    // In the order of NumberFormat.
    using Storage =
        std::variant<std::vector<std::uint8_t>, std::vector<float>, std::vector<double>>;
    Storage storage_ = std::vector<double>();
};

// The same for a plain vector.
template <typename T>
std::vector<T> select_rows(const std::vector<T>& numbers, std::span<const std::size_t> rows,
                           std::size_t width) {
    std::vector<T> selected;
    selected.reserve(rows.size() * width);
    for (const std::size_t row : rows) {
        const auto from = numbers.begin() + static_cast<std::ptrdiff_t>(row * width);
        selected.insert(selected.end(), from, from + static_cast<std::ptrdiff_t>(width));
    }
    return selected;
}

template <typename T>
void keep_rows(std::vector<T>& numbers, std::span<const std::size_t> rows, std::size_t width) {
    auto out = numbers.begin();
    for (const std::size_t row : rows) {
        // Rows ascend, so that a row is moved to the front or stays where it is.
        const auto from = numbers.begin() + static_cast<std::ptrdiff_t>(row * width);
        const auto to = from + static_cast<std::ptrdiff_t>(width);
        out = from == out ? to : std::copy(from, to, out);
    }
    numbers.erase(out, numbers.end());
}

}  // namespace chainrule
