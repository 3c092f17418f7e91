#include "ir/type.h"

#include <functional>

namespace chainrule {

std::int64_t element_count(const Shape& shape) {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) {
        count *= extent;
    }
    return count;
}

std::string to_string(const Shape& shape) {
    std::string text = "[";
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        text += (axis == 0 ? "" : ", ") + std::to_string(shape[axis]);
    }
    return text + "]";
}

std::string to_string(const Type& type) {
    std::string text = type.dtype == DType::f32   ? "f32"
                       : type.dtype == DType::f64 ? "f64"
                                                  : "index";
    if (type.row) {
        text += " row";
    }
    if (!type.is_scalar()) {
        text += to_string(type.shape);
    }
    if (type.classes > 0) {
        text += " class(" + std::to_string(type.classes) + ")";
    }
    return text + (type.per_example ? " per example" : "");
}

std::string describe(const Type& type) {
    if (type.is_index() && type.is_scalar()) {
        return "class label";
    }
    if (type.is_scalar()) {
        return "scalar";
    }
    return (type.row ? "row " : "") + to_string(type.shape);
}

std::size_t hash_combine(std::size_t seed, std::size_t value) {
    // Boost's mixing step (Boost.ContainerHash, hash_combine).
    return seed ^ (value + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2));
}

std::size_t hash_of(const Type& type) {
    std::size_t seed = static_cast<std::size_t>(type.dtype);
    for (const std::int64_t extent : type.shape) {
        seed = hash_combine(seed, std::hash<std::int64_t>{}(extent));
    }
    seed = hash_combine(seed, static_cast<std::size_t>(type.row) * 2 + type.per_example);
    return hash_combine(seed, static_cast<std::size_t>(type.classes));
}

}  // namespace chainrule
