// Numbers as JSON, which reads them back to the same double. What JSON has no number for is one of
// the strings "nan", "inf", "-inf".
//
//     json["value"] = tensor_json(weight);        // 0.5, [1, 2], [[2, -1], [3, 4]]
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "ir/tensor.h"

namespace chainrule {

nlohmann::ordered_json number_json(double value);
// And back; throws nlohmann::json::exception for anything else.
double number_of_json(const nlohmann::ordered_json& json);
// A number, or nested arrays in the tensor's shape.
nlohmann::ordered_json tensor_json(const Tensor& tensor);

}  // namespace chainrule
