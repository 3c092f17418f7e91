// The op list: every op of chainrule, one line each. This is the only list of
// ops there is.
//
// To add an op, write src/ops/<name>.cpp with its record and add its line here.
#pragma once

#include "ir/op.h"

#define CHAINRULE_OPS(OP)                \
    OP(leaf)                             \
    OP(constant)                         \
    OP(identity)                         \
    OP(apply)                            \
    OP(broadcast)                        \
    OP(cast)                             \
    OP(batch_sum)                        \
    OP(batch_mean)                       \
    OP(batch_size)                       \
    OP(per_example)                      \
    OP(add)                              \
    OP(subtract)                         \
    OP(multiply)                         \
    OP(divide)                           \
    OP(negate)                           \
    OP(power)                            \
    OP(exp)                              \
    OP(expm1)                            \
    OP(log)                              \
    OP(log1p)                            \
    OP(sqrt)                             \
    OP(rsqrt)                            \
    OP(abs)                              \
    OP(sign)                             \
    OP(floor)                            \
    OP(round)                            \
    OP(sin)                              \
    OP(cos)                              \
    OP(tan)                              \
    OP(asin)                             \
    OP(acos)                             \
    OP(atan)                             \
    OP(atan2)                            \
    OP(hypot)                            \
    OP(sinh)                             \
    OP(cosh)                             \
    OP(tanh)                             \
    OP(erf)                              \
    OP(normal_cdf)                       \
    OP(normal_pdf)                       \
    OP(gaussian)                         \
    OP(sigmoid)                          \
    OP(sigmoid_complement)               \
    OP(sech_squared)                     \
    OP(logsigmoid)                       \
    OP(softplus)                         \
    OP(relu)                             \
    OP(relu6)                            \
    OP(leaky_relu)                       \
    OP(elu)                              \
    OP(selu)                             \
    OP(silu)                             \
    OP(gelu)                             \
    OP(maximum)                          \
    OP(minimum)                          \
    OP(clip)                             \
    OP(where)                            \
    OP(less)                             \
    OP(less_equal)                       \
    OP(greater)                          \
    OP(greater_equal)                    \
    OP(equal)                            \
    OP(not_equal)                        \
    OP(sum)                              \
    OP(mean)                             \
    OP(max)                              \
    OP(min)                              \
    OP(prod)                             \
    OP(logsumexp)                        \
    OP(argmax)                           \
    OP(softmax)                          \
    OP(log_softmax)                      \
    OP(matmul)                           \
    OP(batch_matmul)                     \
    OP(transpose)                        \
    OP(outer)                            \
    OP(dot)                              \
    OP(trace)                            \
    OP(inverse)                          \
    OP(logdet)                           \
    OP(norm)                             \
    OP(eye)                              \
    OP(reshape)                          \
    OP(slice)                            \
    OP(pad)                              \
    OP(concat)                           \
    OP(stack)                            \
    OP(gather)                           \
    OP(scatter_add)                      \
    OP(batch_scatter_add)                \
    OP(as_class)                         \
    OP(one_hot)                          \
    OP(stop_gradient)                    \
    OP(cross_entropy)                    \
    OP(squared_error)                    \
    OP(mean_squared_error)               \
    OP(binary_cross_entropy)             \
    OP(binary_cross_entropy_with_logits) \
    OP(huber)                            \
    OP(hinge)

namespace chainrule {
#define CHAINRULE_DECLARE_OP(name) extern const Op name##_op;
CHAINRULE_OPS(CHAINRULE_DECLARE_OP)
#undef CHAINRULE_DECLARE_OP
}  // namespace chainrule
