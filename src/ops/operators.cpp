#include "ops/operators.h"

#include <array>

#include "ops/op_list.h"

namespace chainrule {

const Op& op_of(ast::BinaryOp op) {
    static constexpr std::array<const Op*, 12> ops{
        &add_op,  &subtract_op,   &multiply_op, &divide_op,        &matmul_op, &power_op,
        &less_op, &less_equal_op, &greater_op,  &greater_equal_op, &equal_op,  &not_equal_op};
    return *ops[static_cast<std::size_t>(op)];
}

}  // namespace chainrule
