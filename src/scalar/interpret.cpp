#include "scalar/interpret.h"

#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "lang/diagnostic.h"

namespace chainrule {
namespace {

using Operands = std::array<std::uint64_t, 3>;

template <class T>
T unpack(std::uint64_t bits) {
    if constexpr (sizeof(T) == 4) {
        return std::bit_cast<T>(static_cast<std::uint32_t>(bits));
    } else {
        return std::bit_cast<T>(bits);
    }
}

template <class T>
std::uint64_t pack(T value) {
    if constexpr (sizeof(T) == 4) {
        return std::bit_cast<std::uint32_t>(value);
    } else {
        return std::bit_cast<std::uint64_t>(value);
    }
}

// `f` called with a number of the C++ type that `kind` stands for; a condition counts as a whole
// one.
template <class F>
std::uint64_t with_type(ScalarKind kind, const F& f) {
    switch (kind) {
    case ScalarKind::f32:
        return f(float{});
    case ScalarKind::f64:
        return f(double{});
    case ScalarKind::i32:
        return f(std::int32_t{});
    case ScalarKind::i64:
    case ScalarKind::condition:
        return f(std::int64_t{});
    }
    throw InternalError("a scalar of no kind");
}

template <class T>
std::uint64_t real_arithmetic(ScalarOp op, T a, T b, T c) {
    switch (op) {
    case ScalarOp::add:
        return pack<T>(a + b);
    case ScalarOp::subtract:
        return pack<T>(a - b);
    case ScalarOp::multiply:
        return pack<T>(a * b);
    case ScalarOp::divide:
        return pack<T>(a / b);
    case ScalarOp::negate:
        return pack<T>(-a);
    case ScalarOp::fma:
        return pack<T>(std::fma(a, b, c));
    case ScalarOp::absolute:
        return pack<T>(std::abs(a));
    case ScalarOp::square_root:
        return pack<T>(std::sqrt(a));
    case ScalarOp::floor:
        return pack<T>(std::floor(a));
    case ScalarOp::nearest:
        return pack<T>(std::nearbyint(a));
    default:
        throw InternalError("a scalar instruction that reals do not have");
    }
}

template <class T>
std::uint64_t whole_arithmetic(ScalarOp op, T a, T b) {
    using U = std::make_unsigned_t<T>;
    const U x = static_cast<U>(a);
    const U y = static_cast<U>(b);
    switch (op) {
    case ScalarOp::add:
        return static_cast<U>(x + y);
    case ScalarOp::subtract:
        return static_cast<U>(x - y);
    case ScalarOp::multiply:
        return static_cast<U>(x * y);
    case ScalarOp::negate:
        return static_cast<U>(U{0} - x);
    case ScalarOp::bit_and:
        return x & y;
    case ScalarOp::bit_or:
        return x | y;
    case ScalarOp::bit_xor:
        return x ^ y;
    case ScalarOp::bit_not:
        return static_cast<U>(~x);
    case ScalarOp::shift_left:
        return static_cast<U>(x << y);
    case ScalarOp::shift_right:
        return static_cast<U>(a >> b);
    case ScalarOp::shift_right_logical:
        return static_cast<U>(x >> y);
    default:
        throw InternalError("a scalar instruction that whole numbers do not have");
    }
}

template <class T>
std::uint64_t compare(ScalarOp op, T a, T b) {
    return (op == ScalarOp::less ? a < b : op == ScalarOp::less_equal ? a <= b : a == b) ? 1 : 0;
}

template <class T>
std::uint64_t whole_of(T a) {
    using I = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    const T limit = std::ldexp(T{1}, static_cast<int>(8 * sizeof(T)) - 1);
    const bool fits = a >= -limit && a < limit;
    return pack(fits ? static_cast<I>(a) : std::numeric_limits<I>::min());
}

std::uint64_t arithmetic(ScalarOp op, ScalarKind kind, const Operands& x) {
    return with_type(kind, [&](auto type) -> std::uint64_t {
        using T = decltype(type);
        if constexpr (std::is_floating_point_v<T>) {
            return real_arithmetic<T>(op, unpack<T>(x[0]), unpack<T>(x[1]), unpack<T>(x[2]));
        } else {
            return whole_arithmetic<T>(op, unpack<T>(x[0]), unpack<T>(x[1]));
        }
    });
}

std::uint64_t convert(ScalarOp op, ScalarKind from, std::uint64_t x) {
    switch (op) {
    case ScalarOp::bits_of:
    case ScalarOp::from_bits:
        return x;
    case ScalarOp::whole_of:
        return from == ScalarKind::f32 ? whole_of(unpack<float>(x)) : whole_of(unpack<double>(x));
    case ScalarOp::real_of:
        return from == ScalarKind::i32 ? pack(static_cast<float>(unpack<std::int32_t>(x)))
                                       : pack(static_cast<double>(unpack<std::int64_t>(x)));
    case ScalarOp::widen:
        return from == ScalarKind::f32 ? pack(static_cast<double>(unpack<float>(x)))
                                       : pack(static_cast<std::int64_t>(unpack<std::int32_t>(x)));
    case ScalarOp::narrow:
        return from == ScalarKind::f64 ? pack(static_cast<float>(unpack<double>(x)))
                                       : x & 0xffffffffU;
    default:
        throw InternalError("a scalar instruction that converts nothing");
    }
}

}  // namespace

std::uint64_t interpret_instruction(const ScalarInstruction& instruction, ScalarKind from,
                                    const std::array<std::uint64_t, 3>& operands) {
    switch (instruction.op) {
    case ScalarOp::input:
    case ScalarOp::number:
    case ScalarOp::lookup:
        throw InternalError("a scalar instruction that has no operands to compute with");
    case ScalarOp::less:
    case ScalarOp::less_equal:
    case ScalarOp::equal:
        return with_type(from, [&](auto type) {
            using T = decltype(type);
            return compare(instruction.op, unpack<T>(operands[0]), unpack<T>(operands[1]));
        });
    case ScalarOp::select:
        return operands[0] != 0 ? operands[1] : operands[2];
    case ScalarOp::bits_of:
    case ScalarOp::from_bits:
    case ScalarOp::whole_of:
    case ScalarOp::real_of:
    case ScalarOp::widen:
    case ScalarOp::narrow:
        return convert(instruction.op, from, operands[0]);
    default:
        const std::uint64_t result = arithmetic(instruction.op, from, operands);
        return from == ScalarKind::condition ? result & 1U : result;
    }
}

std::vector<double> interpret(const ScalarProgram& program, std::span<const double> inputs) {
    const auto instructions = program.instructions();
    std::vector<std::uint64_t> values(instructions.size());
    const auto packed = [](double value, ScalarKind kind) {
        return kind == ScalarKind::f32 ? pack(static_cast<float>(value)) : pack(value);
    };
    for (std::size_t i = 0; i < instructions.size(); ++i) {
        const ScalarInstruction& instruction = instructions[i];
        Operands x{};
        for (std::size_t k = 0; k < instruction.arity; ++k) {
            x[k] = values[instruction.operands[k]];
        }
        if (instruction.op == ScalarOp::input) {
            values[i] = packed(inputs[instruction.payload], instruction.kind);
        } else if (instruction.op == ScalarOp::number) {
            values[i] = instruction.payload;
        } else if (instruction.op == ScalarOp::lookup) {
            const auto& table = program.table_values(instruction.payload);
            values[i] = packed(table.at(x[0]), instruction.kind);
        } else {
            values[i] =
                interpret_instruction(instruction, instructions[instruction.operands[0]].kind, x);
        }
    }
    std::vector<double> results;
    for (const std::uint32_t output : program.outputs) {
        const bool single = instructions[output].kind == ScalarKind::f32;
        results.push_back(single ? static_cast<double>(unpack<float>(values[output]))
                                 : unpack<double>(values[output]));
    }
    return results;
}

}  // namespace chainrule
