// leaky_relu(x) = x where x > 0, elsewhere slope * x.
#include "ops/rules.h"

namespace chainrule {
namespace {

double leaky_relu_reference(std::span<const double> x, const Attributes& attributes) {
    return x[0] <= 0 ? real_attribute(attributes, 0) * x[0] : x[0];
}

std::vector<SampleCase> leaky_relu_cases() {
    std::vector<SampleCase> cases = unary_cases();
    cases.push_back({{f64({4})}, {0.2}});
    return cases;
}

}  // namespace

const Op leaky_relu_op{
    .name = "leaky_relu",
    .summary = "x where it is positive, elsewhere slope * x",
    .arity = Arity{1},
    .attributes = {{"slope", 0.01}},
    .shape = elementwise_shape,
    .reference = leaky_relu_reference,
    .gradient = {[](const GradientCall& g) {
        return where(g.x[0] <= literal(*g.dy.graph, 0), g.dy * real_attribute(g.attributes, 0),
                     g.dy);
    }},
    .notation = CallNotation{"\\operatorname{leaky\\_relu}_{{slope}}({0})"},
    .lowering =
        [](std::span<const Scalar> x, const Attributes& attributes) {
            return select(x[0] <= 0, real_attribute(attributes, 0) * x[0], x[0]);
        },
    .onnx = OnnxOperator{"LeakyRelu"},
    .sample = {.domains = {{{-3, -0.1}, {0.1, 3}}},
               .cases = leaky_relu_cases,
               .conventions = {{"x = 0", "0, gradient slope"}}},
};

}  // namespace chainrule
