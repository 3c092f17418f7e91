// elu(x) = x where x > 0, elsewhere alpha * (e^x - 1): the exponential linear unit (Clevert,
// Unterthiner and Hochreiter 2016).
#include <cmath>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {
namespace {

double elu_reference(std::span<const double> x, const Attributes& attributes) {
    return x[0] <= 0 ? real_attribute(attributes, 0) * std::expm1(x[0]) : x[0];
}

std::vector<SampleCase> elu_cases() {
    std::vector<SampleCase> cases = unary_cases();
    cases.push_back({{f64({20})}, {0.5}});
    return cases;
}

}  // namespace

const Op elu_op{
    .name = "elu",
    .summary = "the exponential linear unit: x where positive, elsewhere alpha * (e^x - 1)",
    .arity = Arity{1},
    .attributes = {{"alpha", 1.0}},
    .shape = elementwise_shape,
    .reference = elu_reference,
    .gradient = {[](const GradientCall& g) {
        return where(g.x[0] <= literal(*g.dy.graph, 0),
                     g.dy * real_attribute(g.attributes, 0) * exp(g.x[0]), g.dy);
    }},
    .notation = CallNotation{"\\operatorname{elu}_{{alpha}}({0})"},
    .lowering =
        [](std::span<const Scalar> x, const Attributes& attributes) {
            return select(x[0] <= 0, scaled_expm1(real_attribute(attributes, 0), x[0]), x[0]);
        },
    .onnx = OnnxOperator{"Elu"},
    .sample = {.domains = {{{-3, -0.1}, {0.1, 3}}},
               .cases = elu_cases,
               .conventions = {{"x = 0", "0, gradient alpha"},
                               {"x = -1000", "-alpha, gradient 0"}}},
};

}  // namespace chainrule
