#include "train/weights.h"

#include <algorithm>
#include <cmath>

namespace chainrule {

bool are_finite(std::span<const Tensor> tensors) {
    return std::ranges::all_of(tensors, [](const Tensor& tensor) {
        return std::ranges::all_of(tensor.data, [](double x) { return std::isfinite(x); });
    });
}

void round_to(DType dtype, std::span<Tensor> tensors) {
    if (dtype != DType::f32) {
        return;
    }
    for (Tensor& tensor : tensors) {
        for (double& x : tensor.data) {
            x = static_cast<double>(static_cast<float>(x));
        }
    }
}

}  // namespace chainrule
