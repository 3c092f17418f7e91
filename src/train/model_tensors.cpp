#include "train/model_tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ir/type.h"

namespace chainrule {
namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
    return shape.empty() ? "a number" : to_string(shape);
}

bool is_finite(double x) { return std::isfinite(x); }

}  // namespace

Tensor TensorPicker::take(const std::string& what, const std::string& name,
                          const std::vector<std::int64_t>& shape) {
    taken_.insert(name);
    const auto found = std::ranges::find(file_.tensors, name, &NamedTensor::name);
    if (found == file_.tensors.end()) {
        complain(fmt::format("the {} {} is missing", what, name));
    } else if (found->shape != shape) {
        complain(fmt::format("the {} {} is {}, but the network's is {}", what, name,
                             shape_text(found->shape), shape_text(shape)));
    } else if (!std::ranges::all_of(found->data, is_finite)) {
        complain(fmt::format("the {} {} holds a number that is not finite", what, name));
    } else {
        return {shape, found->data};
    }
    return {};
}

void TensorPicker::refuse_others(const std::string& what,
                                 const std::function<bool(const std::string& name)>& are) {
    for (const NamedTensor& tensor : file_.tensors) {
        if (are(tensor.name) && !taken_.contains(tensor.name)) {
            complain(fmt::format("the network has no {} {}", what, tensor.name));
        }
    }
}

void TensorPicker::throw_errors() {
    if (!errors_.empty()) {
        throw UserError(std::move(errors_));
    }
}

void TensorPicker::complain(const std::string& what) {
    errors_.push_back({Severity::error, path_ + ": " + what, {}, {}});
}

}  // namespace chainrule
