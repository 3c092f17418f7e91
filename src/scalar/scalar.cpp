#include "scalar/scalar.h"

#include <bit>

#include "lang/diagnostic.h"
#include "scalar/interpret.h"

namespace chainrule {
namespace {

std::uint64_t bits_of_number(double value, ScalarKind kind) {
    return kind == ScalarKind::f32
               ? std::uint64_t{std::bit_cast<std::uint32_t>(static_cast<float>(value))}
               : std::bit_cast<std::uint64_t>(value);
}

bool is_fixed(const ScalarInstruction& instruction) {
    return instruction.op != ScalarOp::input && instruction.op != ScalarOp::number &&
           instruction.op != ScalarOp::lookup;
}

Scalar unary(ScalarOp op, Scalar a) { return a.program->add(op, a.kind(), std::array{a}); }
Scalar unary(ScalarOp op, ScalarKind kind, Scalar a) {
    return a.program->add(op, kind, std::array{a});
}

Scalar binary(ScalarOp op, ScalarKind kind, Scalar a, Scalar b) {
    if (a.kind() != b.kind()) {
        throw InternalError("a scalar instruction has operands of two kinds");
    }
    return a.program->add(op, kind, std::array{a, b});
}
Scalar binary(ScalarOp op, Scalar a, Scalar b) { return binary(op, a.kind(), a, b); }

Scalar comparison(ScalarOp op, Scalar a, Scalar b) {
    return binary(op, ScalarKind::condition, a, b);
}

Scalar shift(ScalarOp op, Scalar a, int bits) { return binary(op, a, a.whole(bits)); }

}  // namespace

ScalarKind whole_kind(ScalarKind real) {
    return real == ScalarKind::f32 || real == ScalarKind::i32 ? ScalarKind::i32 : ScalarKind::i64;
}

ScalarKind real_kind(ScalarKind whole) {
    return whole == ScalarKind::i32 || whole == ScalarKind::f32 ? ScalarKind::f32 : ScalarKind::f64;
}

ScalarKind Scalar::kind() const { return (*program)[id].kind; }
Scalar Scalar::number(double value) const { return program->number(value, kind()); }
Scalar Scalar::whole(std::int64_t value) const { return program->whole(value, whole_kind(kind())); }

std::size_t ScalarProgram::Hash::operator()(const ScalarInstruction& i) const noexcept {
    std::size_t seed = static_cast<std::size_t>(i.op) * 8 + static_cast<std::size_t>(i.kind);
    for (const std::uint64_t part : {std::uint64_t{i.operands[0]}, std::uint64_t{i.operands[1]},
                                     std::uint64_t{i.operands[2]}, i.payload}) {
        seed = (seed ^ part) * 0x9e3779b97f4a7c15U;
        seed ^= seed >> 29U;
    }
    return seed;
}

Scalar ScalarProgram::insert(const ScalarInstruction& instruction) {
    const auto [place, is_new] =
        known_.emplace(instruction, static_cast<std::uint32_t>(instructions_.size()));
    if (is_new) {
        instructions_.push_back(instruction);
    }
    return {this, place->second};
}

Scalar ScalarProgram::input(std::uint32_t index, ScalarKind kind) {
    return insert({.op = ScalarOp::input, .kind = kind, .payload = index});
}

Scalar ScalarProgram::number(double value, ScalarKind kind) {
    return is_real(kind) ? insert({.kind = kind, .payload = bits_of_number(value, kind)})
                         : whole(static_cast<std::int64_t>(value), kind);
}

Scalar ScalarProgram::whole(std::int64_t value, ScalarKind kind) {
    auto bits = static_cast<std::uint64_t>(value);
    bits = kind == ScalarKind::i32 ? bits & 0xffffffffU : bits;
    return insert({.kind = kind, .payload = kind == ScalarKind::condition ? bits & 1U : bits});
}

std::uint32_t ScalarProgram::table(std::vector<double> values) {
    for (std::size_t i = 0; i < tables_.size(); ++i) {
        if (tables_[i] == values) {
            return static_cast<std::uint32_t>(i);
        }
    }
    tables_.push_back(std::move(values));
    return static_cast<std::uint32_t>(tables_.size() - 1);
}

Scalar ScalarProgram::add(ScalarOp op, ScalarKind kind, std::span<const Scalar> operands,
                          std::uint64_t payload) {
    ScalarInstruction instruction{.op = op,
                                  .kind = kind,
                                  .arity = static_cast<std::uint8_t>(operands.size()),
                                  .operands = {},
                                  .payload = payload};
    bool fixed = is_fixed(instruction);
    for (std::size_t i = 0; i < operands.size(); ++i) {
        instruction.operands[i] = operands[i].id;
        fixed = fixed && is_number(operands[i].id);
    }
    if (!fixed) {
        return insert(instruction);
    }
    std::array<std::uint64_t, 3> values{};
    for (std::size_t i = 0; i < operands.size(); ++i) {
        values[i] = instructions_[operands[i].id].payload;
    }
    const ScalarKind from = operands[0].kind();
    return insert({.kind = kind, .payload = interpret_instruction(instruction, from, values)});
}

Scalar operator+(Scalar a, Scalar b) { return binary(ScalarOp::add, a, b); }
Scalar operator-(Scalar a, Scalar b) { return binary(ScalarOp::subtract, a, b); }
Scalar operator*(Scalar a, Scalar b) { return binary(ScalarOp::multiply, a, b); }
Scalar operator/(Scalar a, Scalar b) { return binary(ScalarOp::divide, a, b); }
Scalar operator-(Scalar a) { return unary(ScalarOp::negate, a); }
Scalar operator+(Scalar a, double b) { return a + a.number(b); }
Scalar operator+(double a, Scalar b) { return b.number(a) + b; }
Scalar operator-(Scalar a, double b) { return a - a.number(b); }
Scalar operator-(double a, Scalar b) { return b.number(a) - b; }
Scalar operator*(Scalar a, double b) { return a * a.number(b); }
Scalar operator*(double a, Scalar b) { return b.number(a) * b; }
Scalar operator/(Scalar a, double b) { return a / a.number(b); }
Scalar operator/(double a, Scalar b) { return b.number(a) / b; }

Scalar operator<(Scalar a, Scalar b) { return comparison(ScalarOp::less, a, b); }
Scalar operator<=(Scalar a, Scalar b) { return comparison(ScalarOp::less_equal, a, b); }
Scalar operator>(Scalar a, Scalar b) { return b < a; }
Scalar operator>=(Scalar a, Scalar b) { return b <= a; }
Scalar operator<(Scalar a, double b) { return a < a.number(b); }
Scalar operator<=(Scalar a, double b) { return a <= a.number(b); }
Scalar operator>(Scalar a, double b) { return a > a.number(b); }
Scalar operator>=(Scalar a, double b) { return a >= a.number(b); }
Scalar equal(Scalar a, Scalar b) { return comparison(ScalarOp::equal, a, b); }
Scalar equal(Scalar a, double b) { return equal(a, a.number(b)); }
Scalar is_nan(Scalar a) { return ~equal(a, a); }

Scalar operator&(Scalar a, Scalar b) { return binary(ScalarOp::bit_and, a, b); }
Scalar operator|(Scalar a, Scalar b) { return binary(ScalarOp::bit_or, a, b); }
Scalar operator^(Scalar a, Scalar b) { return binary(ScalarOp::bit_xor, a, b); }
Scalar operator~(Scalar a) { return unary(ScalarOp::bit_not, a); }
Scalar operator<<(Scalar a, int bits) { return shift(ScalarOp::shift_left, a, bits); }
Scalar operator>>(Scalar a, int bits) { return shift(ScalarOp::shift_right, a, bits); }
Scalar shift_right_logical(Scalar a, int bits) {
    return shift(ScalarOp::shift_right_logical, a, bits);
}

Scalar select(Scalar condition, Scalar then, Scalar otherwise) {
    if (then.kind() != otherwise.kind() || condition.kind() != ScalarKind::condition) {
        throw InternalError("a scalar select has operands of the wrong kind");
    }
    if (then.id == otherwise.id) {
        return then;
    }
    return then.program->add(ScalarOp::select, then.kind(), std::array{condition, then, otherwise});
}
Scalar select(Scalar condition, Scalar then, double otherwise) {
    return select(condition, then, then.number(otherwise));
}
Scalar select(Scalar condition, double then, Scalar otherwise) {
    return select(condition, otherwise.number(then), otherwise);
}
Scalar as_number(Scalar condition, Scalar like) { return select(condition, like.number(1), 0); }

Scalar fma(Scalar a, Scalar b, Scalar c) {
    if (a.kind() != b.kind() || a.kind() != c.kind()) {
        throw InternalError("an fma has operands of several kinds");
    }
    return a.program->add(ScalarOp::fma, a.kind(), std::array{a, b, c});
}
Scalar fma(Scalar a, Scalar b, double c) { return fma(a, b, a.number(c)); }
Scalar fma(Scalar a, double b, Scalar c) { return fma(a, a.number(b), c); }
Scalar abs(Scalar a) {
    const ScalarInstruction& made = (*a.program)[a.id];
    const bool is_negated = made.op == ScalarOp::negate;  // |-a| = |a|
    return unary(ScalarOp::absolute, is_negated ? Scalar{a.program, made.operands[0]} : a);
}
Scalar sqrt(Scalar a) { return unary(ScalarOp::square_root, a); }
Scalar floor(Scalar a) { return unary(ScalarOp::floor, a); }
Scalar nearest(Scalar a) { return unary(ScalarOp::nearest, a); }

Scalar copy_sign(Scalar a, Scalar sign) {
    const Scalar mask = bits_of(a.number(-0.0));
    return from_bits((bits_of(a) & ~mask) | (bits_of(sign) & mask));
}

Scalar bits_of(Scalar real) { return unary(ScalarOp::bits_of, whole_kind(real.kind()), real); }
Scalar from_bits(Scalar whole) {
    return unary(ScalarOp::from_bits, real_kind(whole.kind()), whole);
}
Scalar whole_of(Scalar real) { return unary(ScalarOp::whole_of, whole_kind(real.kind()), real); }
Scalar real_of(Scalar whole) { return unary(ScalarOp::real_of, real_kind(whole.kind()), whole); }

Scalar widen(Scalar a) {
    return unary(ScalarOp::widen, is_real(a.kind()) ? ScalarKind::f64 : ScalarKind::i64, a);
}
Scalar narrow(Scalar a) {
    return unary(ScalarOp::narrow, is_real(a.kind()) ? ScalarKind::f32 : ScalarKind::i32, a);
}

Scalar lookup(std::uint32_t table, Scalar index, ScalarKind real) {
    return index.program->add(ScalarOp::lookup, real, std::array{index}, table);
}

}  // namespace chainrule
