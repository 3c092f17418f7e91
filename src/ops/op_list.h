// The op list: every op of chainrule, one line each. This is the only list of
// ops there is.
//
// To add an op, write src/ops/<name>.cpp with its record and add its line here.
#pragma once

#include "ir/op.h"

#define CHAINRULE_OPS(OP) \
    OP(leaf)              \
    OP(constant)          \
    OP(identity)          \
    OP(apply)             \
    OP(broadcast)         \
    OP(cast)              \
    OP(batch_sum)         \
    OP(batch_mean)        \
    OP(batch_size)        \
    OP(per_example)       \
    OP(add)               \
    OP(subtract)          \
    OP(multiply)          \
    OP(divide)            \
    OP(negate)            \
    OP(power)             \
    OP(exp)               \
    OP(log)               \
    OP(sigmoid)           \
    OP(relu)              \
    OP(where)             \
    OP(less)              \
    OP(less_equal)        \
    OP(greater)           \
    OP(greater_equal)     \
    OP(equal)             \
    OP(not_equal)         \
    OP(matmul)            \
    OP(transpose)         \
    OP(sum)               \
    OP(reshape)           \
    OP(softmax)           \
    OP(one_hot)           \
    OP(cross_entropy)     \
    OP(squared_error)

namespace chainrule {
#define CHAINRULE_DECLARE_OP(name) extern const Op name##_op;
CHAINRULE_OPS(CHAINRULE_DECLARE_OP)
#undef CHAINRULE_DECLARE_OP
}  // namespace chainrule
