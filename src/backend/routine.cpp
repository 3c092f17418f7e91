#include "backend/routine.h"

namespace chainrule {
namespace {

class Block {
public:
    Block(const Plan& plan, const Access& access, const Shape& shape, void* address,
          std::int64_t row)
        : single_(plan.real == ScalarKind::f32),
          access_(access),
          shape_(shape),
          address_(address),
          first_(row * access.row_stride + access.offset) {}

    Tensor read() const {
        Tensor tensor = Tensor::filled(shape_, 0);
        for_each([&](std::size_t element, std::int64_t place) {
            tensor.data[element] = single_
                                       ? static_cast<double>(static_cast<float*>(address_)[place])
                                       : static_cast<double*>(address_)[place];
        });
        return tensor;
    }

    void write(const Tensor& tensor) const {
        for_each([&](std::size_t element, std::int64_t place) {
            if (single_) {
                static_cast<float*>(address_)[place] = static_cast<float>(tensor.data[element]);
            } else {
                static_cast<double*>(address_)[place] = tensor.data[element];
            }
        });
    }

private:
    template <class F>
    void for_each(const F& f) const {
        const auto own = strides_of(shape_);
        const auto count = static_cast<std::size_t>(element_count(shape_));
        for (std::size_t element = 0; element < count; ++element) {
            std::int64_t place = first_;
            for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
                place += static_cast<std::int64_t>(element) / own[axis] % shape_[axis] *
                         access_.strides[axis];
            }
            f(element, place);
        }
    }

    bool single_;
    const Access& access_;
    const Shape& shape_;
    void* address_;
    std::int64_t first_;
};

}  // namespace

void run_routine(const Plan& plan, const RoutinePlan& routine, const std::vector<void*>& addresses,
                 std::int64_t first, std::int64_t last) {
    const Node& node = (*plan.graph)[routine.node];
    const auto function = std::get<ExampleFunction>(node.op->reference);
    for (std::int64_t row = first; row < last; ++row) {
        std::vector<Tensor> operands;
        for (std::size_t i = 0; i < routine.operands.size(); ++i) {
            const Access& access = routine.operands[i];
            const Shape& shape = plan.graph->type(node.operands[i]).shape;
            operands.push_back(Block(plan, access, shape, addresses[access.buffer], row).read());
        }
        std::vector<const Tensor*> pointers;
        for (const Tensor& operand : operands) {
            pointers.push_back(&operand);
        }
        Tensor result = Tensor::filled(node.type.shape, 0);
        function({pointers, node.attributes, node.type, result});
        Block(plan, routine.result, node.type.shape, addresses[routine.result.buffer], row)
            .write(result);
    }
}

}  // namespace chainrule
