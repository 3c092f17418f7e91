#include "backend/routine.h"

namespace chainrule {
namespace {

// In the order of the axes.
template <class Real, class Each>
void visit_elements(Real* first, std::span<const std::int64_t> shape,
                    std::span<const std::int64_t> strides, const Each& each) {
    if (shape.empty()) {
        each(*first);
        return;
    }
    for (std::int64_t i = 0; i < shape[0]; ++i) {
        visit_elements(first + i * strides[0], shape.subspan(1), strides.subspan(1), each);
    }
}

template <class Real>
class RoutineRun {
public:
    RoutineRun(const Plan& plan, const RoutinePlan& routine, const std::vector<void*>& addresses,
               std::span<double> memory)
        : node_((*plan.graph)[routine.node]),
          shape_(plan.graph->type(node_.operands[0]).shape),
          routine_(routine),
          addresses_(addresses),
          operand_(memory.first(static_cast<std::size_t>(element_count(shape_)))),
          result_(memory.subspan(operand_.size(),
                                 static_cast<std::size_t>(element_count(node_.type.shape)))) {}

    void run(std::int64_t row) const {
        auto to = operand_.begin();
        for_each(routine_.operand, shape_, row,
                 [&](const Real& x) { *to++ = static_cast<double>(x); });
        std::get<Routine>(node_.op->lowering).run({shape_, operand_, result_});
        auto from = result_.begin();
        for_each(routine_.result, node_.type.shape, row,
                 [&](Real& x) { x = static_cast<Real>(*from++); });
    }

private:
    template <class Each>
    void for_each(const Access& access, const Shape& shape, std::int64_t row,
                  const Each& each) const {
        Real* const first =
            static_cast<Real*>(addresses_[access.buffer]) + row * access.row_stride + access.offset;
        visit_elements(first, shape, access.strides, each);
    }

    const Node& node_;
    const Shape& shape_;  // of the operand
    const RoutinePlan& routine_;
    const std::vector<void*>& addresses_;
    std::span<double> operand_;
    std::span<double> result_;
};

}  // namespace

std::size_t memory_of(const Plan& plan, const RoutinePlan& routine) {
    const Node& node = (*plan.graph)[routine.node];
    return static_cast<std::size_t>(element_count(plan.graph->type(node.operands[0]).shape) +
                                    element_count(node.type.shape));
}

void run_routine(const Plan& plan, const RoutinePlan& routine, const std::vector<void*>& addresses,
                 std::int64_t first, std::int64_t last, std::span<double> memory) {
    const auto run = [&]<class Real>(Real) {
        const RoutineRun<Real> one(plan, routine, addresses, memory);
        for (std::int64_t row = first; row < last; ++row) {
            one.run(row);
        }
    };
    plan.real == ScalarKind::f32 ? run(float{}) : run(double{});
}

}  // namespace chainrule
