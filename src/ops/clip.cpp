// clip(x, low, high) = min(max(x, low), high).
#include "ops/rules.h"

namespace chainrule {
namespace {

double low_of(const Attributes& attributes) { return real_attribute(attributes, 0); }
double high_of(const Attributes& attributes) { return real_attribute(attributes, 1); }

Type clip_shape(const ShapeCall& call) {
    const double low = low_of(call.attributes);
    const double high = high_of(call.attributes);
    if (!(low <= high)) {
        throw ShapeError("cannot clip " + call.describe(0) + " to [" + format_number(low) + ", " +
                         format_number(high) + "]: the lower bound is not below the upper one");
    }
    return elementwise_shape(call);
}

double clip_reference(std::span<const double> x, const Attributes& attributes) {
    return x[0] < low_of(attributes)    ? low_of(attributes)
           : x[0] > high_of(attributes) ? high_of(attributes)
                                        : x[0];
}

// The bounds themselves are inside (as PyTorch).
Expr clip_gradient(const GradientCall& g) {
    const Expr low = literal(*g.dy.graph, low_of(g.attributes));
    const Expr high = literal(*g.dy.graph, high_of(g.attributes));
    return where((g.x[0] >= low) * (g.x[0] <= high), g.dy, 0);
}

std::vector<SampleCase> clip_cases() {
    std::vector<SampleCase> cases = unary_cases();
    for (SampleCase& sample : cases) {
        sample.attributes = {-1.0, 1.0};
    }
    cases.push_back({{f64({4})}, {-1.0, 5.0}});
    return cases;
}

}  // namespace

const Op clip_op{
    .name = "clip",
    .summary = "x, no lower than low and no higher than high",
    .arity = Arity{1},
    .attributes = {{"low", 0.0, true}, {"high", 1.0, true}},
    .shape = clip_shape,
    .reference = clip_reference,
    .gradient = {clip_gradient},
    .notation = CallNotation{"\\operatorname{clip}({0}, {low}, {high})"},
    .lowering =
        [](std::span<const Scalar> x, const Attributes& attributes) {
            const Scalar high = select(x[0] > high_of(attributes), high_of(attributes), x[0]);
            return select(x[0] < low_of(attributes), low_of(attributes), high);
        },
    .onnx = OnnxOperator{"Clip"},
    .sample = {.domains = {{{-3, -1.1}, {-0.9, 0.9}, {1.1, 3}}},
               .cases = clip_cases,
               .conventions = {{"x = low, x = high", "the bound, gradient 1"},
                               {"x = NaN", "NaN, gradient 0"}}},
};

}  // namespace chainrule
