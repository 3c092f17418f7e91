// gelu(x) = x * P(X <= x) of a standard normal X (Hendrycks and Gimpel 2016, "Gaussian Error Linear
// Units"): x * (1 + erf(x / sqrt(2))) / 2, or with form "tanh" their approximation
//     x * (1 + tanh(u)) / 2 = x * sigmoid(2 u),   u = sqrt(2 / pi) * (x + 0.044715 * x^3).
#include <cmath>
#include <numbers>

#include "ops/rules.h"
#include "scalar/functions.h"

namespace chainrule {
namespace {

constexpr double cubic = 0.044715;
// Beyond this both tails of the normal density, and of the sigmoid above, are 0 in every format.
constexpr double far = 40;

bool is_tanh(const Attributes& attributes) { return text_attribute(attributes, 0) == "tanh"; }

Type gelu_shape(const ShapeCall& call) {
    const std::string& form = text_attribute(call.attributes, 0);
    if (form != "erf" && form != "tanh") {
        throw ShapeError("gelu has the forms erf and tanh, not " + form);
    }
    return elementwise_shape(call);
}

double gelu_reference(std::span<const double> x, const Attributes& attributes) {
    double share = std::erfc(-x[0] / std::numbers::sqrt2) / 2;
    if (is_tanh(attributes)) {
        const double u = 2 * std::sqrt(2 / std::numbers::pi) * (x[0] + cubic * std::pow(x[0], 3));
        const double e = std::exp(-std::abs(u));
        share = u < 0 ? e / (1 + e) : 1 / (1 + e);
    }
    // At -infinity the limit, not -infinity * 0.
    return share == 0 ? -0.0 : x[0] * share;
}

// The tanh form in f64: the sigmoid magnifies the rounding of its argument.
Scalar scalar_gelu(std::span<const Scalar> x, const Attributes& attributes) {
    if (!is_tanh(attributes)) {
        return chainrule::gelu(x[0]);
    }
    const bool single = x[0].kind() == ScalarKind::f32;
    const Scalar a = single ? widen(x[0]) : x[0];
    const Scalar u = 2 * std::sqrt(2 / std::numbers::pi) * (a + cubic * (a * a * a));
    const Scalar share = chainrule::sigmoid(u);
    const Scalar y = select(equal(share, 0), -0.0, a * share);
    return single ? narrow(y) : y;
}

// P(X <= x) + x * density(x); clipped, the x of the second term leaves the term as it is, and
// infinity * 0 does not arise.
Expr erf_gradient(const GradientCall& g) {
    const Expr x = g.x[0];
    const Expr near = clip(x, -far, far);
    return g.dy * (call(normal_cdf_op, {x}) + near * call(normal_pdf_op, {x}));
}

// s + x * s * (1 - s) * du/dx with s = sigmoid(u), u twice that of the head of this file.
Expr tanh_gradient(const GradientCall& g) {
    const double slope = 2 * std::sqrt(2 / std::numbers::pi);
    const Expr x = g.x[0];
    const Expr near = clip(x, -far, far);
    const Expr s = sigmoid(slope * (x + cubic * power(x, 3)));
    return g.dy * (s + near * s * (1 - s) * slope * (1 + 3 * cubic * power(near, 2)));
}

std::vector<SampleCase> gelu_cases() {
    std::vector<SampleCase> cases = unary_cases();
    for (const Type& type : {f64(), f64({40})}) {
        cases.push_back({{type}, {std::string("tanh")}});
    }
    return cases;
}

}  // namespace

const Op gelu_op{
    .name = "gelu",
    .summary = "the Gaussian error linear unit, x * P(X <= x) of a standard normal X",
    .arity = Arity{1},
    .attributes = {{"form", std::string("erf")}},
    .shape = gelu_shape,
    .reference = gelu_reference,
    .gradient = {[](const GradientCall& g) {
        return is_tanh(g.attributes) ? tanh_gradient(g) : erf_gradient(g);
    }},
    .notation = CallNotation{"\\operatorname{gelu}_{\\text{{form}}}({0})"},
    .lowering = scalar_gelu,
    .onnx = OnnxOperator{"Gelu"},
    .sample = {.domains = {{{-3, 3}}},
               .cases = gelu_cases,
               .conventions = {{"x = -infinity", "-0, gradient 0"},
                               {"x = infinity", "infinity, gradient 1"}}},
};

}  // namespace chainrule
