#include "ir/tensor.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

namespace chainrule {
namespace {

std::uint64_t bits_of(double value) {
    return std::isnan(value) ? 0x7ff8000000000000ULL : std::bit_cast<std::uint64_t>(value);
}

void format_axis(const Tensor& tensor, std::size_t axis, std::size_t& position, std::string& text) {
    if (axis == tensor.shape.size()) {
        text += format_number(tensor.data[position++]);
        return;
    }
    text += '[';
    for (std::int64_t i = 0; i < tensor.shape[axis]; ++i) {
        text += i == 0 ? "" : ", ";
        format_axis(tensor, axis + 1, position, text);
    }
    text += ']';
}

}  // namespace

Tensor Tensor::filled(Shape shape, double value) {
    const auto count = static_cast<std::size_t>(element_count(shape));
    return Tensor(std::move(shape), std::vector<double>(count, value));
}

bool operator==(const Tensor& a, const Tensor& b) {
    if (a.shape != b.shape || a.data.size() != b.data.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.data.size(); ++i) {
        if (bits_of(a.data[i]) != bits_of(b.data[i])) {
            return false;
        }
    }
    return true;
}

std::size_t hash_of(const Tensor& tensor) {
    std::size_t seed = tensor.shape.size();
    for (const std::int64_t extent : tensor.shape) {
        seed = hash_combine(seed, static_cast<std::size_t>(extent));
    }
    for (const double value : tensor.data) {
        seed = hash_combine(seed, bits_of(value));
    }
    return seed;
}

bool is_whole(double value) { return std::abs(value) < 0x1p53 && std::trunc(value) == value; }

std::string format_number(double value) { return fmt::format("{}", value); }

std::string format_tensor(const Tensor& tensor) {
    std::string text;
    std::size_t position = 0;
    format_axis(tensor, 0, position, text);
    return text;
}

std::vector<std::int64_t> strides_of(const Shape& shape) {
    std::vector<std::int64_t> strides(shape.size(), 1);
    for (std::size_t axis = shape.size(); axis-- > 1;) {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    return strides;
}

}  // namespace chainrule
