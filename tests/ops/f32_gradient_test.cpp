// Gradients of compiled f32 code against 400-digit arithmetic, tails included: where a textbook's
// rule loses its digits (1 - y with y almost 1), compiled code computes another form of it.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "backend/compiled_graph.h"
#include "compile/compile.h"
#include "derive/derive.h"
#include "ops/oracle.h"
#include "ops/rules.h"
#include "support/draws.h"
#include "support/op_problem.h"

namespace chainrule::tests {
namespace {

constexpr double most_ulps = 4;  // times the condition number, where that is above 1

// Of every size that a function curves at and beyond, both signs.
std::vector<float> points() {
    std::mt19937 random(7);
    std::vector<float> x;
    const int steps = tests::draws(156);
    for (int i = 0; i < steps; ++i) {
        const double size = std::exp2(-12 + 19.5 / steps * (i + (random() % 1000) / 1000.0));
        x.push_back(static_cast<float>(size));
        x.push_back(static_cast<float>(-size));
    }
    return x;
}

struct Compiled {
    Attributes attributes;         // with their defaults
    std::vector<float> gradients;  // dy/dx at each point
};

Compiled compiled_gradients(const Op& op, std::span<const float> x) {
    Graph graph;
    Type type = f64();
    type.per_example = true;
    const NodeId leaf = add_leaf(graph, "x", type);
    const NodeId y = graph.add(op, {leaf}, op.sample.cases().front().attributes);
    graph.outputs = {pull_back(graph, y, literal(graph, 1), std::array{leaf}).gradients[0].id};
    ThreadPool pool(1);
    CompiledGraph compiled(make_plan(graph, {.batch = static_cast<std::int64_t>(x.size())}), pool);
    compiled.bind_rows("x", x.data());
    std::vector<std::int64_t> rows(x.size());
    std::iota(rows.begin(), rows.end(), 0);
    compiled.run(rows);
    const auto* const found = static_cast<const float*>(compiled.output(0));
    return {graph[y].attributes, {found, found + x.size()}};
}

constexpr double smallest_normal = 0x1p-126;

double ulps(float found, double exact) {
    return std::abs(static_cast<double>(found) - exact) / std::ldexp(1.0, std::ilogb(exact) - 23);
}

// |x f''(x) / f'(x)|, by a difference of slopes.
double condition(const Op& op, const Operands& point, const Attributes& attributes) {
    const auto slope = [&](const GiNaC::numeric& x) {
        return oracle_slope(find_oracle(op.name), {x}, attributes, 0);
    };
    const GiNaC::numeric h = exact(0x1p-60);
    const GiNaC::numeric change = (slope(point[0] + h) - slope(point[0] - h)) / (h * 2);
    return std::abs((point[0] * change / slope(point[0])).to_double());
}

class F32Gradient : public testing::TestWithParam<const Op*> {};

// A subnormal gradient has fewer digits than its factors' rounding needs.
TEST_P(F32Gradient, keeps_its_digits_in_the_tails_too) {
    const Op& op = *GetParam();
    const std::vector<float> x = points();
    const auto [attributes, gradients] = compiled_gradients(op, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
        const Operands point{exact(static_cast<double>(x[i]))};
        const GiNaC::numeric exact_slope = oracle_slope(find_oracle(op.name), point, attributes, 0);
        const double slope = exact_slope.is_real() ? exact_slope.to_double() : 0;
        if (std::isfinite(static_cast<float>(slope)) && std::abs(slope) >= smallest_normal) {
            EXPECT_LE(ulps(gradients[i], slope),
                      most_ulps * std::max(1.0, condition(op, point, attributes)))
                << "at " << x[i] << ": " << slope;
        }
    }
}

std::vector<const Op*> smooth_functions() {
    std::vector<const Op*> ops;
    std::ranges::copy_if(all_ops(), std::back_inserter(ops), [](const Op* op) {
        return op->arity.min == 1 && op->is_elementwise() && find_oracle(op->name) != nullptr;
    });
    return ops;
}

INSTANTIATE_TEST_SUITE_P(Ops, F32Gradient, testing::ValuesIn(smooth_functions()),
                         [](const testing::TestParamInfo<const Op*>& info) {
                             return std::string(info.param->name);
                         });

}  // namespace
}  // namespace chainrule::tests
