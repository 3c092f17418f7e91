// An abstract function of the user's, "to be defined later", or one of its
// partial derivatives.
//
// Of one argument it acts elementwise; with `reduce` (a loss) it takes tensors
// and gives a scalar; otherwise it takes and gives scalars. `orders` counts how
// often it is differentiated with respect to each argument: g1'(z1) has orders
// [1], D(Loss, 1)(a2, y) has orders [1, 0].
//
// For the tests and the `verified` stamp it has a smooth stand-in that depends
// on its name alone:
//     f(x) = sum over k of A_k sin(p_k + sum over i, j of w_kij x_ij),   k
//     = 1..3.
#include <cmath>
#include <numbers>
#include <numeric>

#include "ops/rules.h"

namespace chainrule {
namespace {

constexpr std::size_t waves = 3;
constexpr std::int64_t highest_order = 1000;

const std::vector<std::int64_t>& orders_of(const Attributes& attributes) {
    return list_attribute(attributes, 1);
}
bool reduces(const Attributes& attributes) { return integer_attribute(attributes, 2) != 0; }

std::int64_t total_order(const Attributes& attributes) {
    const auto& orders = orders_of(attributes);
    return std::accumulate(orders.begin(), orders.end(), std::int64_t{0});
}

// A number in [low, high) that depends on the function's name and the key
// (SplitMix64's finaliser, Steele, Lea and Flood 2014).
double coefficient(const std::string& name, std::size_t key, double low, double high) {
    std::uint64_t bits = key * 0x9e3779b97f4a7c15ULL;
    for (const char c : name) {
        bits = (bits ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
    bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
    bits ^= bits >> 31;
    return low + (high - low) * static_cast<double>(bits >> 11) * 0x1.0p-53;
}

double amplitude(const std::string& name, std::size_t k) {
    return coefficient(name, 3 * k, 0.4, 1.0);
}
double phase(const std::string& name, std::size_t k) {
    return coefficient(name, 3 * k + 1, 0.0, 2 * std::numbers::pi);
}
double frequency(const std::string& name, std::size_t k, std::size_t argument,
                 std::size_t element) {
    return coefficient(name, 3 * (k + waves * (argument + 64 * element)) + 2, 0.5, 1.5);
}

Type apply_shape(const ShapeCall& call) {
    const auto& orders = orders_of(call.attributes);
    const std::string& name = text_attribute(call.attributes, 0);
    if (orders.size() != call.operands.size()) {
        throw InternalError("apply has " + std::to_string(orders.size()) + " orders");
    }
    for (const std::int64_t order : orders) {
        if (order < 0 || order > highest_order) {
            throw InternalError("apply has the order " + std::to_string(order));
        }
    }
    if (!reduces(call.attributes) && call.operands.size() == 1) {
        return elementwise_shape(call);
    }
    bool all_scalars = true;
    for (std::size_t i = 0; i < call.operands.size(); ++i) {
        all_scalars &= call[i].is_scalar();
        if (!reduces(call.attributes) && !call[i].is_scalar()) {
            throw ShapeError(name + " is abstract: with several arguments it takes scalars, and " +
                                 call.describe(i) + " is none",
                             static_cast<int>(i), "define it: function " + name + "(...) = ...");
        }
    }
    const std::int64_t order = total_order(call.attributes);
    if (order > 1 && !all_scalars) {
        throw UnsupportedError("the second derivative of the abstract function " + name +
                               " with respect to a tensor");
    }
    Type result = scalar_result(call);
    for (std::size_t i = 0; i < orders.size() && order == 1; ++i) {
        result.shape = orders[i] == 1 ? call[i].shape : result.shape;
        result.row = orders[i] == 1 ? call[i].row : result.row;
    }
    return result;
}

// The n-th derivative of the sine.
double sine(double angle, std::int64_t n) {
    return std::sin(angle + static_cast<double>(n % 4) * std::numbers::pi / 2);
}

void elementwise_reference(const ReferenceCall& call) {
    const std::string& name = text_attribute(call.attributes, 0);
    const std::int64_t order = orders_of(call.attributes)[0];
    for (std::size_t i = 0; i < call.result.data.size(); ++i) {
        for (std::size_t k = 0; k < waves; ++k) {
            const double w = frequency(name, k, 0, 0);
            call.result.data[i] += amplitude(name, k) * std::pow(w, static_cast<double>(order)) *
                                   sine(phase(name, k) + w * call[0].data[i], order);
        }
    }
}

double angle_of(const ReferenceCall& call, const std::string& name, std::size_t k) {
    double angle = phase(name, k);
    for (std::size_t i = 0; i < call.operands.size(); ++i) {
        for (std::size_t j = 0; j < call[i].data.size(); ++j) {
            angle += frequency(name, k, i, j) * call[i].data[j];
        }
    }
    return angle;
}

// The factors that differentiation has brought down, for element j of the
// result.
double frequencies(const ReferenceCall& call, const std::string& name, std::size_t k,
                   std::size_t j) {
    const auto& orders = orders_of(call.attributes);
    double product = 1;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        for (std::int64_t n = 0; n < orders[i]; ++n) {
            product *= frequency(name, k, i, call[i].is_scalar() ? 0 : j);
        }
    }
    return product;
}

void apply_reference(const ReferenceCall& call) {
    if (!reduces(call.attributes) && call.operands.size() == 1) {
        elementwise_reference(call);
        return;
    }
    const std::string& name = text_attribute(call.attributes, 0);
    const std::int64_t order = total_order(call.attributes);
    for (std::size_t k = 0; k < waves; ++k) {
        const double wave = amplitude(name, k) * sine(angle_of(call, name, k), order);
        for (std::size_t j = 0; j < call.result.data.size(); ++j) {
            call.result.data[j] += wave * frequencies(call, name, k, j);
        }
    }
}

Expr apply_gradient(const GradientCall& g) {
    std::vector<std::int64_t> orders = orders_of(g.attributes);
    ++orders[g.operand];
    const Expr partial =
        call(apply_op, {g.x.begin(), g.x.end()},
             {text_attribute(g.attributes, 0), orders, std::int64_t{reduces(g.attributes)}});
    return g.dy * partial;
}

Written apply_notation(const NotationCall& call) {
    const auto& orders = orders_of(call.attributes);
    const bool latex = call.script == Script::latex;
    std::string head = text_attribute(call.attributes, 0);
    if (orders.size() == 1) {
        head = (latex ? std::string(call.name) : head) +
               std::string(static_cast<std::size_t>(orders[0]), '\'');
    } else if (total_order(call.attributes) > 0) {
        std::string positions;
        for (std::size_t i = 0; i < orders.size(); ++i) {
            for (std::int64_t n = 0; n < orders[i]; ++n) {
                positions += (latex ? positions.empty() ? "" : "," : ", ") + std::to_string(i + 1);
            }
        }
        head = latex ? "\\partial_{" + positions + "} " + std::string(call.name)
                     : "D(" + head + positions + ")";
    } else if (latex) {
        head = call.name;
    }
    std::string arguments;
    for (std::size_t i = 0; i < call.operands.size(); ++i) {
        arguments += (i == 0 ? "" : ", ") + call.operand(i, Precedence::comparison);
    }
    return {head + (latex ? "\\left(" : "(") + arguments + (latex ? "\\right)" : ")"),
            Precedence::atom};
}

std::vector<SampleCase> apply_cases() {
    using List = std::vector<std::int64_t>;
    const std::string f = "f";
    const std::int64_t reduce = 1;
    return {{{f64()}, {f, List{0}}},
            {{f64({3})}, {f, List{0}}},
            {{f64({2, 3})}, {f, List{1}}},
            {{f64(), f64()}, {f, List{0, 0}}},
            {{f64(), f64()}, {f, List{1, 0}}},
            {{f64(), f64()}, {f, List{1, 2}}},
            {{f64({3}), f64({3})}, {f, List{0, 0}, reduce}}};
}

}  // namespace

const Op apply_op{
    .name = "apply",
    .summary = "an abstract function of the user's, or a partial derivative of it",
    .arity = Arity{1, Arity::any},
    .attributes = {{"function", std::string{}, true},
                   {"orders", std::vector<std::int64_t>{}, true},
                   {"reduce", std::int64_t{0}}},
    .shape = apply_shape,
    .reference = apply_reference,
    .gradient = {apply_gradient},
    .notation = apply_notation,
    .lowering = NoElements{"an abstract function has no values"},
    .onnx = NoOnnx{"an abstract function has no definition to export"},
    .sample = {.domains = {{{-2, 2}}}, .cases = apply_cases, .conventions = {}},
};

}  // namespace chainrule
