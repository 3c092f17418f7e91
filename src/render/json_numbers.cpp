#include "render/json_numbers.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace chainrule {
namespace {

using Json = nlohmann::ordered_json;

// The part of `tensor` at and below `axis` that begins at number `next`, which moves on.
Json nested(const Tensor& tensor, std::size_t axis, std::size_t& next) {
    if (axis == tensor.shape.size()) {
        return number_json(tensor.data[next++]);
    }
    Json array = Json::array();
    for (std::int64_t i = 0; i < tensor.shape[axis]; ++i) {
        array.push_back(nested(tensor, axis + 1, next));
    }
    return array;
}

}  // namespace

Json number_json(double value) {
    if (std::isnan(value)) {
        return "nan";
    }
    if (std::isinf(value)) {
        return value < 0 ? "-inf" : "inf";
    }
    return value;
}

double number_of_json(const Json& json) {
    for (const double value : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
        if (json == number_json(value)) {
            return value;
        }
    }
    return json.get<double>();
}

Json tensor_json(const Tensor& tensor) {
    std::size_t next = 0;
    return nested(tensor, 0, next);
}

}  // namespace chainrule
