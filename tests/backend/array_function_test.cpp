// Scalar programs compiled over arrays against the interpreter: every instruction, every tail.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "backend/native.h"
#include "scalar/interpret.h"

namespace chainrule {
namespace {

const std::vector<double> edges{0.0,
                                -0.0,
                                1.5,
                                -2.5,
                                3.5,
                                1e-310,
                                -1e300,
                                0.1,
                                -1e-3,
                                7,
                                1e30,
                                -8,
                                0.75,
                                std::numeric_limits<double>::infinity(),
                                -std::numeric_limits<double>::infinity(),
                                std::nan("")};

// Every instruction on reals of a kind, the results of whole numbers and conditions seen as reals.
ScalarProgram every_instruction(ScalarKind kind) {
    ScalarProgram p;
    const Scalar x = p.input(0, kind);
    const Scalar y = p.input(1, kind);
    const Scalar bits = bits_of(x);
    const Scalar small = whole_of(select(abs(x) < 100, x, 0));
    const std::uint32_t table = p.table({0.5, 1.5, 2.5, 3.5});
    std::vector<Scalar> results{
        x - y,
        x / y,
        -x,
        fma(x, y, 0.25),
        abs(x),
        sqrt(x),
        floor(x),
        nearest(x),
        as_number(x < y, x),
        as_number(x <= y, x),
        as_number(equal(x, y), x),
        as_number((x < y) | (~(y < x) ^ is_nan(x)), x),
        copy_sign(x, y),
        from_bits((bits & bits.whole(0x7fffff)) | x.number(1).whole(3)),
        real_of((small << 2) + small.whole(5) * small - small.whole(1)),
        real_of(small >> 1),
        real_of(shift_right_logical(small, 3)),
        lookup(table, small & small.whole(3), kind),
        kind == ScalarKind::f32 ? narrow(widen(x) * widen(x)) : widen(narrow(x))};
    for (const Scalar& result : results) {
        p.outputs.push_back(result.id);
    }
    return p;
}

template <class T>
void expect_same_as_interpreted(ScalarKind kind, std::size_t count) {
    const ScalarProgram program = every_instruction(kind);
    std::vector<T> x;
    std::vector<T> y;
    for (std::size_t i = 0; i < count; ++i) {
        x.push_back(static_cast<T>(edges[i % edges.size()]));
        y.push_back(static_cast<T>(edges[i * 7 / 3 % edges.size()]));
    }
    std::vector<std::vector<T>> results(program.outputs.size(), std::vector<T>(count + 1, T(-77)));
    std::vector<void*> outputs;
    for (auto& result : results) {
        outputs.push_back(result.data());
    }
    const std::vector<const void*> inputs{x.data(), y.data()};
    native_backend().compile_array(program)->run(inputs, outputs, 0, count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto wanted = interpret(
            program, std::vector<double>{static_cast<double>(x[i]), static_cast<double>(y[i])});
        for (std::size_t k = 0; k < wanted.size(); ++k) {
            const double got = static_cast<double>(results[k][i]);
            EXPECT_TRUE(got == wanted[k] || (std::isnan(got) && std::isnan(wanted[k])))
                << "output " << k << " at x = " << x[i] << ", y = " << y[i] << ": " << got
                << ", not " << wanted[k];
        }
    }
    for (const auto& result : results) {
        EXPECT_EQ(result[count], T(-77)) << "written past the end";
    }
}

TEST(ArrayFunction, computes_every_instruction_as_the_interpreter_does) {
    for (const std::size_t count : {1, 2, 7, 8, 15, 16, 17, 33, 1000}) {
        expect_same_as_interpreted<float>(ScalarKind::f32, count);
        expect_same_as_interpreted<double>(ScalarKind::f64, count);
    }
}

TEST(ArrayFunction, computes_a_part_of_the_arrays) {
    ScalarProgram program;
    program.outputs = {(program.input(0, ScalarKind::f32) * 2.0).id};
    const std::vector<float> x(40, 3);
    std::vector<float> y(40, 0);
    native_backend().compile_array(program)->run(std::vector<const void*>{x.data()},
                                                 std::vector<void*>{y.data()}, 5, 30);
    EXPECT_EQ(y[4], 0);
    EXPECT_EQ(y[5], 6);
    EXPECT_EQ(y[29], 6);
    EXPECT_EQ(y[30], 0);
}

}  // namespace
}  // namespace chainrule
