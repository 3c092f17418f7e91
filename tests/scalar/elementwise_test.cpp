// Every elementwise op, compiled from its scalar body, against its reference facet.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <random>
#include <string>
#include <thread>

#include "compiled_function.h"
#include "ir/op.h"
#include "scalar/functions.h"

namespace chainrule {
namespace {

const std::vector<double> edge_numbers{0.0,
                                       -0.0,
                                       0.5,
                                       1,
                                       -1,
                                       1.5,
                                       -2.5,
                                       6,
                                       1e-30,
                                       -1e-40,
                                       20.5,
                                       -90,
                                       1000,
                                       -1000,
                                       std::numeric_limits<double>::infinity(),
                                       -std::numeric_limits<double>::infinity(),
                                       std::numeric_limits<double>::quiet_NaN()};

std::vector<const Op*> elementwise_ops() {
    std::vector<const Op*> ops;
    for (const Op* op : all_ops()) {
        if (op->is_elementwise()) {
            ops.push_back(op);
        }
    }
    return ops;
}

// The attributes of each of the op's sample cases, without repetition.
std::vector<Attributes> sample_attributes(const Op& op) {
    std::vector<Attributes> all;
    for (const SampleCase& sample : op.sample.cases()) {
        Attributes attributes = sample.attributes;
        for (std::size_t i = attributes.size(); i < op.attributes.size(); ++i) {
            attributes.push_back(op.attributes[i].initial);
        }
        if (std::ranges::find(all, attributes) == all.end()) {
            all.push_back(attributes);
        }
    }
    return all;
}

template <class T>
CompiledFunction<T> compiled(const Op& op, const Attributes& attributes) {
    const auto body = std::get<ScalarBody>(op.lowering);
    return CompiledFunction<T>(static_cast<std::size_t>(op.arity.min),
                               [&](std::span<const Scalar> x) { return body(x, attributes); });
}

// Points of the sample domains, and edge values in many combinations.
template <class T>
std::vector<std::vector<T>> points(const Op& op, std::size_t count) {
    std::mt19937_64 random(count);
    const auto operands = static_cast<std::size_t>(op.arity.min);
    std::vector<std::vector<T>> x(operands);
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t k = 0; k < operands; ++k) {
            const auto& domain = op.sample.domains[std::min(k, op.sample.domains.size() - 1)];
            const Interval& interval = domain[random() % domain.size()];
            std::uniform_real_distribution<double> inside(interval.low, interval.high);
            const bool edge = i % 2 == 1;
            x[k].push_back(static_cast<T>(edge ? edge_numbers[random() % edge_numbers.size()]
                                               : inside(random)));
        }
    }
    return x;
}

template <class T>
double reference_value(const Op& op, const Attributes& attributes,
                       const std::vector<std::vector<T>>& x, std::size_t i) {
    std::vector<double> operands;
    for (const auto& operand : x) {
        operands.push_back(static_cast<double>(operand[i]));
    }
    return std::get<ElementFunction>(op.reference)(operands, attributes);
}

// In units of the last place in f32: what is stated, or two.
double bound_of(const Op& op) {
    const auto* const stated =
        std::ranges::find(elementary_functions, op.name, &ElementaryFunction::name);
    return stated == elementary_functions.end() ? 2 : std::max(2.0, stated->f32_ulps);
}

// In f64 the reference itself is rounded, and both may round an argument that a tail magnifies.
template <class T>
bool agrees(const Op& op, T got, double wanted) {
    if (sizeof(T) == 4) {
        return ulps<T>(got, wanted) <= bound_of(op);
    }
    const double tolerance = 2e-13 * std::abs(wanted) + std::numeric_limits<double>::denorm_min();
    return ulps<T>(got, wanted) <= 2 || std::abs(static_cast<double>(got) - wanted) <= tolerance;
}

template <class T>
void expect_agreement(const Op& op, const Attributes& attributes, std::size_t count) {
    const std::vector<std::vector<T>> x = points<T>(op, count);
    const std::vector<T> y = compiled<T>(op, attributes)(x);
    for (std::size_t i = 0; i < count; ++i) {
        const double wanted = reference_value<T>(op, attributes, x, i);
        std::string operands;
        for (const auto& operand : x) {
            operands += " " + std::to_string(operand[i]);
        }
        EXPECT_TRUE(agrees<T>(op, y[i], wanted))
            << op.name << " in " << (sizeof(T) == 4 ? "f32" : "f64") << " at" << operands << ": "
            << y[i] << ", not " << wanted << " (" << ulps<T>(y[i], wanted) << " ulp)";
    }
}

class Elementwise : public testing::TestWithParam<const Op*> {};

TEST_P(Elementwise, has_a_scalar_body) {
    EXPECT_TRUE(std::holds_alternative<ScalarBody>(GetParam()->lowering));
}
TEST_P(Elementwise, compiled_agrees_with_the_reference) {
    for (const Attributes& attributes : sample_attributes(*GetParam())) {
        for (const std::size_t count : {1, 2, 7, 8, 15, 16, 17, 33, 1000}) {
            expect_agreement<float>(*GetParam(), attributes, count);
            expect_agreement<double>(*GetParam(), attributes, count);
        }
    }
}
INSTANTIATE_TEST_SUITE_P(All, Elementwise, testing::ValuesIn(elementwise_ops()),
                         [](const auto& op) { return std::string(op.param->name); });

// --- every f32 -----------------------------------------------------------------------------------

std::vector<const Op*> unary_ops() {
    std::vector<const Op*> ops = elementwise_ops();
    std::erase_if(ops, [](const Op* op) { return op->arity.min != 1; });
    return ops;
}

struct WorstFloat {
    double ulps = 0;
    float x = 0;
    float y = 0;
};

// Of the 2^20 inputs whose bits begin with `chunk`; 0 where all results are the nearest numbers.
WorstFloat worst_of_chunk(const Op& op, const Attributes& attributes,
                          const CompiledFunction<float>& f, std::uint32_t chunk) {
    std::vector<std::vector<float>> x(1, std::vector<float>(std::size_t{1} << 20U));
    for (std::uint32_t i = 0; i < x[0].size(); ++i) {
        x[0][i] = std::bit_cast<float>((chunk << 20U) + i);
    }
    const std::vector<float> y = f(x);
    const auto reference = std::get<ElementFunction>(op.reference);
    WorstFloat worst;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double operand = static_cast<double>(x[0][i]);
        const double wanted = reference(std::span(&operand, 1), attributes);
        // Most results are the nearest number, and there are many.
        if (std::bit_cast<std::uint32_t>(y[i]) ==
            std::bit_cast<std::uint32_t>(static_cast<float>(wanted))) {
            continue;
        }
        const double error = ulps<float>(y[i], wanted);
        if (error > worst.ulps) {
            worst = {error, x[0][i], y[i]};
        }
    }
    return worst;
}

WorstFloat worst_of_all(const Op& op) {
    const Attributes attributes = sample_attributes(op)[0];
    const CompiledFunction<float> f = compiled<float>(op, attributes);
    std::atomic<std::uint32_t> next{0};
    const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
    std::vector<WorstFloat> found(threads);
    {
        std::vector<std::jthread> running;
        for (WorstFloat& mine : found) {
            running.emplace_back([&] {
                for (std::uint32_t chunk = next++; chunk < 4096; chunk = next++) {
                    const WorstFloat worst = worst_of_chunk(op, attributes, f, chunk);
                    mine = worst.ulps > mine.ulps ? worst : mine;
                }
            });
        }
    }
    return *std::ranges::max_element(found, {}, &WorstFloat::ulps);
}

class SlowEveryFloat : public testing::TestWithParam<const Op*> {};

TEST_P(SlowEveryFloat, is_within_its_bound_of_the_reference) {
    const WorstFloat worst = worst_of_all(*GetParam());
    std::printf("%-14s %.4f ulp at %.9g (%a): %.9g\n", GetParam()->name.data(), worst.ulps,
                static_cast<double>(worst.x), static_cast<double>(worst.x),
                static_cast<double>(worst.y));
    EXPECT_LE(worst.ulps, bound_of(*GetParam()));
}
INSTANTIATE_TEST_SUITE_P(All, SlowEveryFloat, testing::ValuesIn(unary_ops()),
                         [](const auto& op) { return std::string(op.param->name); });

}  // namespace
}  // namespace chainrule
