#include "ops/oracle.h"

#include <map>

namespace chainrule::tests {
namespace {

using N = GiNaC::numeric;

N pi() { return GiNaC::ex_to<N>(GiNaC::Pi.evalf()); }
N real(const Attributes& attributes, std::size_t i) {
    return exact(std::get<double>(attributes[i]));
}

// Taylor's series; beyond 25 the difference from 1 is below 1e-270.
N erf(const N& x) {
    if (GiNaC::abs(x) > 25) {
        return x > 0 ? 1 : -1;
    }
    N power = x;  // (-1)^n x^(2n + 1) / n!
    N sum = x;
    for (long n = 1; GiNaC::abs(power) > N(10).power(-400) || n < 10; ++n) {
        power = power * x * x * N(-1) / N(n);
        sum = sum + power / N(2 * n + 1);
    }
    return N(2) / GiNaC::sqrt(pi()) * sum;
}

N normal_cdf(const N& x) { return (N(1) + erf(x / GiNaC::sqrt(exact(2)))) / N(2); }
N sigmoid(const N& x) { return N(1) / (N(1) + GiNaC::exp(-x)); }
N softplus(const N& x) { return GiNaC::log(N(1) + GiNaC::exp(x)); }
N elu(const N& x, const N& alpha) { return x > 0 ? x : alpha * (GiNaC::exp(x) - N(1)); }

N gelu(const Operands& x, const Attributes& attributes) {
    if (std::get<std::string>(attributes[0]) == "erf") {
        return x[0] * normal_cdf(x[0]);
    }
    const N cubic = N(44715) / N(1000000);
    const N u = GiNaC::sqrt(N(2) / pi()) * (x[0] + cubic * x[0] * x[0] * x[0]);
    return x[0] / N(2) * (N(1) + GiNaC::tanh(u));
}

N binary_cross_entropy(const N& p, const N& y) {
    return -(y * GiNaC::log(p) + (N(1) - y) * GiNaC::log(N(1) - p));
}

N huber(const N& r, const N& delta) {
    const N size = GiNaC::abs(r);
    return size > delta ? delta * (size - delta / N(2)) : r * r / N(2);
}

using Table = std::map<std::string_view, OracleFunction>;

Table arithmetic() {
    return {
        {"add", [](const Operands& x, const Attributes&) { return x[0] + x[1]; }},
        {"subtract", [](const Operands& x, const Attributes&) { return x[0] - x[1]; }},
        {"multiply", [](const Operands& x, const Attributes&) { return x[0] * x[1]; }},
        {"divide", [](const Operands& x, const Attributes&) { return x[0] / x[1]; }},
        {"negate", [](const Operands& x, const Attributes&) { return -x[0]; }},
        {"power", [](const Operands& x, const Attributes&) -> N { return GiNaC::pow(x[0], x[1]); }},
        {"hypot",
         [](const Operands& x, const Attributes&) -> N {
             return GiNaC::sqrt(x[0] * x[0] + x[1] * x[1]);
         }},
        {"atan2",
         [](const Operands& x, const Attributes&) -> N { return GiNaC::atan(x[0], x[1]); }},
        {"maximum", [](const Operands& x, const Attributes&) { return x[0] > x[1] ? x[0] : x[1]; }},
        {"minimum", [](const Operands& x, const Attributes&) { return x[0] < x[1] ? x[0] : x[1]; }},
        {"clip",
         [](const Operands& x, const Attributes& a) {
             return x[0] < real(a, 0) ? real(a, 0) : x[0] > real(a, 1) ? real(a, 1) : x[0];
         }},
    };
}

Table functions() {
    return {
        {"exp", [](const Operands& x, const Attributes&) -> N { return GiNaC::exp(x[0]); }},
        {"expm1", [](const Operands& x, const Attributes&) { return GiNaC::exp(x[0]) - N(1); }},
        {"log", [](const Operands& x, const Attributes&) -> N { return GiNaC::log(x[0]); }},
        {"log1p",
         [](const Operands& x, const Attributes&) -> N { return GiNaC::log(N(1) + x[0]); }},
        {"sqrt", [](const Operands& x, const Attributes&) -> N { return GiNaC::sqrt(x[0]); }},
        {"rsqrt", [](const Operands& x, const Attributes&) { return N(1) / GiNaC::sqrt(x[0]); }},
        {"abs", [](const Operands& x, const Attributes&) -> N { return GiNaC::abs(x[0]); }},
        {"sin", [](const Operands& x, const Attributes&) -> N { return GiNaC::sin(x[0]); }},
        {"cos", [](const Operands& x, const Attributes&) -> N { return GiNaC::cos(x[0]); }},
        {"tan", [](const Operands& x, const Attributes&) -> N { return GiNaC::tan(x[0]); }},
        {"asin", [](const Operands& x, const Attributes&) -> N { return GiNaC::asin(x[0]); }},
        {"acos", [](const Operands& x, const Attributes&) -> N { return GiNaC::acos(x[0]); }},
        {"atan", [](const Operands& x, const Attributes&) -> N { return GiNaC::atan(x[0]); }},
        {"sinh", [](const Operands& x, const Attributes&) -> N { return GiNaC::sinh(x[0]); }},
        {"cosh", [](const Operands& x, const Attributes&) -> N { return GiNaC::cosh(x[0]); }},
        {"tanh", [](const Operands& x, const Attributes&) -> N { return GiNaC::tanh(x[0]); }},
        {"sech_squared",
         [](const Operands& x, const Attributes&) {
             const N c = GiNaC::cosh(x[0]);
             return N(1) / (c * c);
         }},
        {"erf", [](const Operands& x, const Attributes&) { return erf(x[0]); }},
        {"normal_cdf", [](const Operands& x, const Attributes&) { return normal_cdf(x[0]); }},
        {"gaussian", [](const Operands& x,
                        const Attributes&) { return GiNaC::numeric(GiNaC::exp(-x[0] * x[0])); }},
        {"normal_pdf",
         [](const Operands& x, const Attributes&) {
             return GiNaC::exp(-x[0] * x[0] / N(2)) / GiNaC::sqrt(N(2) * pi());
         }},
    };
}

Table activations() {
    return {
        {"identity", [](const Operands& x, const Attributes&) { return x[0]; }},
        {"sigmoid", [](const Operands& x, const Attributes&) { return sigmoid(x[0]); }},
        {"sigmoid_complement",
         [](const Operands& x, const Attributes&) { return N(1) - sigmoid(x[0]); }},
        {"logsigmoid", [](const Operands& x,
                          const Attributes&) { return -GiNaC::log(N(1) + GiNaC::exp(-x[0])); }},
        {"softplus", [](const Operands& x, const Attributes&) { return softplus(x[0]); }},
        {"relu", [](const Operands& x, const Attributes&) { return x[0] > 0 ? x[0] : N(0); }},
        {"relu6",
         [](const Operands& x, const Attributes&) {
             return x[0] < 0 ? N(0) : x[0] > 6 ? N(6) : x[0];
         }},
        {"leaky_relu", [](const Operands& x,
                          const Attributes& a) { return x[0] > 0 ? x[0] : real(a, 0) * x[0]; }},
        {"elu", [](const Operands& x, const Attributes& a) { return elu(x[0], real(a, 0)); }},
        {"selu",
         [](const Operands& x, const Attributes&) {
             const N alpha("1.6732632423543772848170429916717");
             return N("1.0507009873554804934193349852946") * elu(x[0], alpha);
         }},
        {"silu", [](const Operands& x, const Attributes&) { return x[0] * sigmoid(x[0]); }},
        {"gelu", gelu},
    };
}

// Between two numbers.
Table losses() {
    return {
        {"squared_error",
         [](const Operands& x, const Attributes&) { return (x[0] - x[1]) * (x[0] - x[1]) / N(2); }},
        {"mean_squared_error",
         [](const Operands& x, const Attributes&) { return (x[0] - x[1]) * (x[0] - x[1]); }},
        {"binary_cross_entropy",
         [](const Operands& x, const Attributes&) { return binary_cross_entropy(x[0], x[1]); }},
        {"binary_cross_entropy_with_logits",
         [](const Operands& x, const Attributes&) {
             return binary_cross_entropy(sigmoid(x[0]), x[1]);
         }},
        {"huber",
         [](const Operands& x, const Attributes& a) { return huber(x[0] - x[1], real(a, 0)); }},
        {"hinge",
         [](const Operands& x, const Attributes&) {
             const N missed = N(1) - x[0] * x[1];
             return missed > 0 ? missed : N(0);
         }},
    };
}

}  // namespace

OracleFunction find_oracle(std::string_view op) {
    for (const Table& table : {arithmetic(), functions(), activations(), losses()}) {
        if (const auto found = table.find(op); found != table.end()) {
            return found->second;
        }
    }
    return nullptr;
}

N exact(double value) {
    GiNaC::Digits = 400;
    return N(value);
}

N oracle_slope(OracleFunction f, const Operands& x, const Attributes& attributes,
               std::size_t operand) {
    const N h = exact(10).power(-60);
    Operands above = x;
    Operands below = x;
    above[operand] = x[operand] + h;
    below[operand] = x[operand] - h;
    return (f(above, attributes) - f(below, attributes)) / (N(2) * h);
}

}  // namespace chainrule::tests
