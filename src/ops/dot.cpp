// dot(a, b) = a' @ b, the scalar product of two vectors of equal length.
#include <numeric>

#include "ops/shapes.h"

namespace chainrule {
namespace {

Type dot_shape(const ShapeCall& call) {
    for (std::size_t i = 0; i < 2; ++i) {
        refuse_index(call, "dot", i);
        if (call[i].rank() > 1) {
            throw ShapeError("dot needs two vectors, not " + call.describe(i), static_cast<int>(i),
                             "@ is the product of matrices");
        }
    }
    if (call[0].shape != call[1].shape) {
        const auto size = [&](std::size_t i) {
            return std::to_string(element_count(call[i].shape));
        };
        throw ShapeError("cannot compute " + describe_call(call, "dot") + ": " + size(0) +
                             " elements against " + size(1),
                         1);
    }
    return scalar_result(call);
}

void dot_reference(const ReferenceCall& call) {
    const std::vector<double>& a = call[0].data;
    call.result.data[0] = std::inner_product(a.begin(), a.end(), call[1].data.begin(), 0.0);
}

}  // namespace

const Op dot_op{
    .name = "dot",
    .summary = "the scalar product of two vectors",
    .arity = Arity{2},
    .attributes = {},
    .shape = dot_shape,
    .reference = dot_reference,
    .gradient = {[](const GradientCall& g) { return g.dy * reshape_to(g.x[1], g.x[0].type()); },
                 [](const GradientCall& g) { return g.dy * reshape_to(g.x[0], g.x[1].type()); }},
    .notation = CallNotation{"\\operatorname{dot}({0}, {1})"},
    .lowering = [](std::span<const Expr> x,
                   const Attributes&) { return sum(x[0] * reshape_to(x[1], x[0].type())); },
    .onnx = OnnxOperator{"Einsum"},
    .sample = {.domains = {{{-3, 3}}},
               .cases =
                   [] {
                       return std::vector<SampleCase>{
                           {{f64(), f64()}, {}},          {{f64({0}), f64({0})}, {}},
                           {{f64({1}), f64({1})}, {}},    {{f64({3}), f64({3})}, {}},
                           {{f64_row(3), f64({3})}, {}},  {{f64_row(2), f64_row(2)}, {}},
                           {{f64({100}), f64({100})}, {}}};
                   },
               .conventions = {{"no elements", "0"}}},
};

}  // namespace chainrule
