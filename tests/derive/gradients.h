// Gradients of small graphs at a point.
#pragma once

#include "derive/derive.h"
#include "eval/evaluate.h"
#include "ops/build.h"

namespace chainrule::tests {

inline Expr gradient(Expr y, Expr x) {
    return derive(*y.graph, y.id, std::vector{x.id}).gradients[0];
}

// y where its only leaf x has that value.
inline double at(Expr y, Expr x, double value) {
    return evaluate(*y.graph, std::vector{y.id}, {{x.id, value}})[0].data[0];
}

inline double gradient_at(Expr y, Expr x, double value) { return at(gradient(y, x), x, value); }

}  // namespace chainrule::tests
