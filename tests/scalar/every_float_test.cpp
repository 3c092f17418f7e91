// The scalar bodies of all unary elementwise ops, compiled in f32, against their references in double
// precision: in a fast walk over all bit patterns, and in a slow one over every one of them.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <set>
#include <thread>

#include "backend/native.h"
#include "ir/op.h"

namespace chainrule {
namespace {

constexpr double bound = 2;  // units in the last place (scalar/functions.h)
// The reduction by multiples of pi/2 holds the bound up to here.
const std::set<std::string_view> periodic{"sin", "cos", "tan"};
constexpr double furthest = 1e6;

std::vector<const Op*> unary_ops() {
    std::vector<const Op*> ops;
    for (const Op* op : all_ops()) {
        if (std::holds_alternative<ScalarBody>(op->lowering) && op->arity.max == 1) {
            ops.push_back(op);
        }
    }
    return ops;
}

Attributes defaults(const Op& op) {
    Attributes attributes;
    for (const AttributeSpec& spec : op.attributes) {
        attributes.push_back(spec.initial);
    }
    return attributes;
}

struct Worst {
    double ulp = 0;
    float at = 0;
    std::uint64_t wrong = 0;  // NaN or infinity where the other has none

    void join(const Worst& other) {
        wrong += other.wrong;
        if (other.ulp > ulp) {
            ulp = other.ulp;
            at = other.at;
        }
    }
};

void compare(float x, float got, double wanted, Worst& worst) {
    const auto rounded = static_cast<float>(wanted);
    if (std::isnan(wanted) || std::isinf(rounded) || !std::isfinite(got)) {
        const bool same = std::isnan(wanted) ? std::isnan(got) : got == rounded;
        worst.wrong += same ? 0 : 1;
        return;
    }
    int exponent = 0;
    std::frexp(wanted, &exponent);
    const double unit = std::ldexp(1.0, std::max(exponent - 24, -149));
    const double ulp = std::abs(static_cast<double>(got) - wanted) / unit;
    worst.join({ulp, x, 0});
}

// Every `stride`-th bit pattern from `first` on, below `last`.
Worst walk(const Op& op, const ArrayFunction& code, std::uint64_t first, std::uint64_t last,
           std::uint64_t stride) {
    constexpr std::size_t block = 1 << 16;
    const auto reference = std::get<ElementFunction>(op.reference);
    const Attributes attributes = defaults(op);
    std::vector<float> x;
    std::vector<float> y(block);
    Worst worst;
    for (std::uint64_t bits = first; bits < last;) {
        x.clear();
        for (; bits < last && x.size() < block; bits += stride) {
            const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
            if (!periodic.contains(op.name) || std::abs(value) < furthest) {
                x.push_back(value);
            }
        }
        code.run(std::vector<const void*>{x.data()}, std::vector<void*>{y.data()}, 0, x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double at = x[i];
            compare(x[i], y[i], reference({&at, 1}, attributes), worst);
        }
    }
    return worst;
}

std::unique_ptr<ArrayFunction> compiled(const Op& op) {
    ScalarProgram program;
    const Scalar x = program.input(0, ScalarKind::f32);
    program.outputs = {std::get<ScalarBody>(op.lowering)({&x, 1}, defaults(op)).id};
    return native_backend().compile_array(program);
}

Worst walk_all(const Op& op, std::uint64_t stride) {
    constexpr std::uint64_t all = std::uint64_t{1} << 32;
    const auto code = compiled(op);
    Worst halves[2];
    std::thread other([&] { halves[1] = walk(op, *code, all / 2, all, stride); });
    halves[0] = walk(op, *code, 0, all / 2, stride);
    other.join();
    halves[0].join(halves[1]);
    return halves[0];
}

void expect_bound(const Op& op, std::uint64_t stride) {
    const Worst worst = walk_all(op, stride);
    EXPECT_LE(worst.ulp, bound) << op.name << " at " << worst.at;
    EXPECT_EQ(worst.wrong, 0U) << op.name;
    testing::Test::RecordProperty(std::string(op.name), std::to_string(worst.ulp));
}

class Float : public testing::TestWithParam<const Op*> {};
TEST_P(Float, is_computed_within_two_ulp) { expect_bound(*GetParam(), 40009); }

class SlowEveryFloat : public testing::TestWithParam<const Op*> {};
TEST_P(SlowEveryFloat, is_computed_within_two_ulp) { expect_bound(*GetParam(), 1); }

std::string name_of(const testing::TestParamInfo<const Op*>& info) {
    return std::string(info.param->name);
}
INSTANTIATE_TEST_SUITE_P(Op, Float, testing::ValuesIn(unary_ops()), name_of);
INSTANTIATE_TEST_SUITE_P(Op, SlowEveryFloat, testing::ValuesIn(unary_ops()), name_of);

}  // namespace
}  // namespace chainrule
